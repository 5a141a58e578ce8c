import { isDittoError } from '../errors/dittoError.ts';
import type { JsonObject } from '../json/jsonValue.ts';
import { decodeKey, type IvSource, randomIv } from './aesGcm.ts';
import {
  countEncryptedSecrets,
  decryptSecrets,
  encryptSecrets,
  hasEncryptedSecrets,
  type SecretFields,
} from './secretFields.ts';

/** `ditto.connectivity.connection.encryption` (connectivity/service/.../config/FieldsEncryptionConfig.java). */
export interface EncryptionConfig {
  readonly enabled: boolean;
  /** URL-safe Base64; empty when there is none. */
  readonly key: string;
  readonly oldKey: string;
  readonly pointers: readonly string[];
}

/** What a migration does to the stored secrets: from the old key to the current one, from clear text to the key, or back. */
export type MigrationMode = 'rotateKey' | 'encrypt' | 'decrypt';

/** Why the service must not start with this configuration; `undefined` when it may. */
export function encryptionConfigProblem({ enabled, key, oldKey }: EncryptionConfig): string | undefined {
  if (enabled && key === '')
    return "Missing 'symmetrical-key'. It is mandatory when encryption is enabled for connections!";
  if (key !== '' && key === oldKey)
    return "Configuration error: 'symmetrical-key' and 'old-symmetrical-key' must be different! If you're not rotating keys, remove 'old-symmetrical-key'.";
  return undefined;
}

/** `undefined`: there is nothing to migrate with. */
export function migrationMode({ enabled, key, oldKey }: EncryptionConfig): MigrationMode | undefined {
  if (enabled && key !== '') return oldKey === '' ? 'encrypt' : 'rotateKey';
  return oldKey === '' ? undefined : 'decrypt';
}

/** One stored document after its migration; `skipped`: it is in the wanted form already. */
export type MigrationResult =
  | { readonly outcome: 'processed'; readonly json: JsonObject }
  | { readonly outcome: 'skipped' }
  | { readonly outcome: 'failed'; readonly error: unknown };

/**
 * Brings the secrets of one snapshot or event into the wanted form (connectivity/service/.../migration/DocumentProcessor.java).
 * Documents that mix clear text and encrypted values come out whole.
 */
export function migrateSecrets(
  json: JsonObject,
  fields: SecretFields,
  config: EncryptionConfig,
  ivSource: IvSource = randomIv,
): MigrationResult {
  const mode = migrationMode(config);
  if (mode === undefined) return { outcome: 'skipped' };
  try {
    const changed = changes[mode](json, fields, config, ivSource);
    return changed === undefined ? { outcome: 'skipped' } : { outcome: 'processed', json: changed };
  } catch (error) {
    if (isDittoError(error)) return { outcome: 'failed', error };
    throw error;
  }
}

type Change = (
  json: JsonObject,
  fields: SecretFields,
  config: EncryptionConfig,
  ivSource: IvSource,
) => JsonObject | undefined;

const changes: Readonly<Record<MigrationMode, Change>> = {
  rotateKey: (json, fields, { key, oldKey }, ivSource) => {
    if (isReadable(json, fields, key)) return encryptedUnlessDone(json, fields, key, ivSource);
    return encryptSecrets(decryptSecrets(json, fields, { key, oldKey }), fields, key, ivSource);
  },
  encrypt: (json, fields, { key }, ivSource) => encryptedUnlessDone(json, fields, key, ivSource),
  decrypt: (json, fields, { oldKey }) =>
    hasEncryptedSecrets(json, fields) ? decryptSecrets(json, fields, { key: oldKey }) : undefined,
};

/** Encrypts clear text; `undefined` when every secret is encrypted already. */
function encryptedUnlessDone(
  json: JsonObject,
  fields: SecretFields,
  key: string,
  ivSource: IvSource,
): JsonObject | undefined {
  const plain = decryptSecrets(json, fields, { key });
  const encrypted = encryptSecrets(plain, fields, key, ivSource);
  const isDone =
    encrypted === plain ||
    (plain !== json && countEncryptedSecrets(json, fields) === countEncryptedSecrets(encrypted, fields));
  return isDone ? undefined : encrypted;
}

function isReadable(json: JsonObject, fields: SecretFields, key: string): boolean {
  if (decodeKey(key) === undefined) return false;
  try {
    decryptSecrets(json, fields, { key });
    return true;
  } catch (error) {
    if (isDittoError(error)) return false;
    throw error;
  }
}
