import { createHash, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { decodeKey, StoreError, type StoreUpkeep } from '@hawser/core';

const KEY_BYTES = 32;
const OTHERS_MAY_READ = 0o077;
const NOTE = 'encryptionKey';

export interface KeyFile {
  /** URL-safe Base64 of 32 bytes, as `symmetrical-key` takes it. */
  readonly key: string;
  /** Others than its owner may read the file. */
  readonly isExposed: boolean;
}

/** `undefined` when there is none. @throws StoreError `refused` when it is no key or cannot be read */
export function readKeyFile(path: string): KeyFile | undefined {
  try {
    const key = readFileSync(path, 'utf8').trim();
    if (decodeKey(key) === undefined) throw new Error('it holds no 256-bit key');
    return { key, isExposed: (statSync(path).mode & OTHERS_MAY_READ) !== 0 };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new StoreError('refused', `the key file ${path} cannot be used: ${code ?? message}`);
  }
}

/** Makes a key that only the owner of the process may read, on disk before it is used. */
export function createKeyFile(path: string): KeyFile {
  const key = randomBytes(KEY_BYTES).toString('base64url');
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, 'wx', 0o600);
  try {
    writeSync(file, `${key}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  const folder = openSync(dirname(path), 'r');
  fsyncSync(folder);
  closeSync(folder);
  return { key, isExposed: false };
}

/** Tells keys apart without telling them. */
const keyId = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 16);

/** What the store says about the key that its secrets were last written with. */
export type NotedKey = 'none' | 'known' | 'missing';

/** @param keys all that are configured or found */
export async function findNotedKey(upkeep: StoreUpkeep, keys: readonly string[]): Promise<NotedKey> {
  const id = (await upkeep.readMeta(NOTE))?.['id'];
  if (typeof id !== 'string') return 'none';
  return keys.some((key) => keyId(key) === id) ? 'known' : 'missing';
}

export async function noteKey(upkeep: StoreUpkeep, key: string): Promise<void> {
  const id = keyId(key);
  if ((await upkeep.readMeta(NOTE))?.['id'] !== id) await upkeep.writeMeta(NOTE, { id });
}
