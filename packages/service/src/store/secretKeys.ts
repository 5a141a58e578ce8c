import { join } from 'node:path';
import {
  type EncryptionConfig,
  encryptionConfigProblem,
  type Log,
  StoreError,
  type StoreUpkeep,
} from '@hawser/core';
import { createKeyFile, findNotedKey, type KeyFile, type NotedKey, readKeyFile } from '@hawser/persistence';
import type { Config } from '../config/config.ts';

/** `configured`: `CONNECTIVITY_CONNECTION_ENCRYPTION_KEY`; `file`: the key file; `none`: secrets are stored in clear. */
export type KeyOrigin = 'configured' | 'file' | 'none';

export interface KeySources {
  readonly config: Config;
  /** Keys that were set by the operator. */
  readonly given: ReadonlySet<string>;
  readonly upkeep: StoreUpkeep;
  /** Kind of the store. */
  readonly kind: string;
  readonly log: Log;
}

export interface SecretKeysFound {
  readonly encryption: EncryptionConfig;
  readonly origin: KeyOrigin;
  /** The key was made just now. */
  readonly isNew: boolean;
}

const KEY_FILE = 'encryption.key';
const SECTION = 'ditto.connectivity.connection.encryption';

/**
 * Decides with which key secrets are stored. Unless the operator says otherwise the embedded store encrypts, with the
 * configured key or that of a key file, which is made when it is not there. A server that several machines use gets no key
 * of its own: there Ditto's default holds, which is clear text.
 *
 * @throws StoreError `refused` when the key is gone that the stored secrets need, or the configuration contradicts itself
 */
export async function resolveKeys(sources: KeySources): Promise<SecretKeysFound> {
  const { config, upkeep, log, kind } = sources;
  const path = keyFilePath(sources);
  const found = path === undefined ? undefined : readKeyFile(path);
  if (found?.isExposed) log.warn('others than its owner can read the key file', { path });
  const configured = configuredEncryption(config);
  const noted = await notedKey(upkeep, [configured.key, configured.oldKey, found?.key ?? '']);
  if (noted === 'missing') throw keyMissing(path);
  if (!isWanted(sources)) {
    log.warn('secrets of connections are stored in clear: encryption is off', { store: kind });
    return checked({ ...withOldKey(configured, found), enabled: false }, 'none');
  }
  if (configured.key !== '' || path === undefined || isDittosMistake(sources))
    return checked({ ...withOldKey(configured, found), enabled: true }, 'configured');
  const { key } = found ?? madeKey(path, log);
  return { ...checked({ ...configured, enabled: true, key }, 'file'), isNew: found === undefined };
}

function isWanted({ config, given, kind }: KeySources): boolean {
  if (given.has(`${SECTION}.encryption-enabled`)) return config[`${SECTION}.encryption-enabled`];
  return kind === 'lmdb' || config['hawser.key-file'] !== '';
}

/** Encryption was asked for in Ditto's way, and the key is missing. */
const isDittosMistake = ({ config, given }: KeySources): boolean =>
  given.has(`${SECTION}.encryption-enabled`) && config['hawser.key-file'] === '';

/** What the key file had encrypted before stays readable, and can be migrated. */
function withOldKey(configured: EncryptionConfig, found: KeyFile | undefined): EncryptionConfig {
  const fileKey = found === undefined || found.key === configured.key ? '' : found.key;
  return { ...configured, oldKey: configured.oldKey || fileKey };
}

function checked(encryption: EncryptionConfig, origin: KeyOrigin): SecretKeysFound {
  const problem = encryptionConfigProblem(encryption);
  if (problem !== undefined) throw new StoreError('refused', problem);
  return { encryption, origin, isNew: false };
}

const configuredEncryption = (config: Config): EncryptionConfig => ({
  enabled: config[`${SECTION}.encryption-enabled`],
  key: config[`${SECTION}.symmetrical-key`],
  oldKey: config[`${SECTION}.old-symmetrical-key`],
  pointers: config[`${SECTION}.json-pointers`],
});

function keyFilePath({ config, kind }: KeySources): string | undefined {
  if (config['hawser.key-file'] !== '') return config['hawser.key-file'];
  return kind === 'lmdb' ? join(config['hawser.data'], KEY_FILE) : undefined;
}

function madeKey(path: string, log: Log): KeyFile {
  try {
    const made = createKeyFile(path);
    log.info('a key for the stored secrets was made: keep a copy of it apart from backups of the data', {
      path,
    });
    return made;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new StoreError('refused', `the key file ${path} cannot be made: ${code ?? message}`);
  }
}

/** A server that cannot be reached yet says nothing. */
async function notedKey(upkeep: StoreUpkeep, keys: readonly string[]): Promise<NotedKey> {
  try {
    return await findNotedKey(upkeep, keys);
  } catch (error) {
    if (error instanceof StoreError && error.reason === 'unavailable') return 'none';
    throw error;
  }
}

const keyMissing = (path: string | undefined): StoreError =>
  new StoreError(
    'refused',
    `the secrets in the store are encrypted with a key that is not there: ${path === undefined ? '' : `restore ${path}, or `}` +
      'set CONNECTIVITY_CONNECTION_ENCRYPTION_KEY or CONNECTIVITY_CONNECTION_OLD_ENCRYPTION_KEY to it',
  );
