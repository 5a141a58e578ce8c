import { connectionConfigurationInvalid } from '../errors/connectivityErrors.ts';
import { isJsonObject, type JsonObject } from '../json/jsonValue.ts';
import { parseUriReference } from '../model/uriReference.ts';
import { remember, rememberWeakly } from '../remember.ts';
import { decodeKey, decryptAesGcm, encryptAesGcm, type IvSource, randomIv } from './aesGcm.ts';

const PREFIX = 'encrypted_';

/** The fields of a connection that are encrypted at rest unless configured otherwise. */
export const defaultSecretPointers = [
  '/uri',
  '/credentials/key',
  '/sshTunnel/credentials/password',
  '/sshTunnel/credentials/privateKey',
  '/credentials/parameters/accessKey',
  '/credentials/parameters/secretKey',
  '/credentials/parameters/sharedKey',
  '/credentials/clientSecret',
  '/credentials/password',
] as const;

export interface SecretFields {
  /** JSON pointers of the secrets within a connection. */
  readonly pointers: readonly string[];
  /** Where the connection lies: empty for snapshots, `/connection` for events. */
  readonly prefix: '' | '/connection';
  /**
   * Encrypts a secret as a whole even when its text looks like a URI, unless its field is named `uri`. Ditto leaves such a
   * secret in clear, e.g. the password `pa:ss`; it reads what is encrypted so.
   */
  readonly wholeSecrets?: boolean;
}

export interface SecretKeys {
  /** URL-safe Base64 of 32 bytes. */
  readonly key: string;
  /** The key before the last rotation: still read, never written. */
  readonly oldKey?: string | undefined;
}

/**
 * Encrypts the secrets of a connection; of URIs only the password (connectivity/service/.../persistence/JsonFieldsEncryptor.java).
 * What is encrypted already is encrypted once more: apply it to clear text alone.
 *
 * @throws DittoError `connectivity:connection.configuration.invalid` when the key is no AES-256 key
 */
export function encryptSecrets(
  json: JsonObject,
  fields: SecretFields,
  key: string,
  ivSource: IvSource = randomIv,
): JsonObject {
  const decoded = decodeKey(key);
  return mapSecrets(json, fields, (plain) => {
    if (decoded === undefined)
      throw connectionConfigurationInvalid(
        'Encryption of connection field failed. Verify that the configured encryption key is a valid 256-bit AES key.',
      );
    return PREFIX + encryptAesGcm(plain, decoded, ivSource());
  });
}

/**
 * Decrypts what `encryptSecrets` made, with the current key or else the old one; anything else stays as it is.
 *
 * @throws DittoError `connectivity:connection.configuration.invalid` when no key fits
 */
export function decryptSecrets(json: JsonObject, fields: SecretFields, keys: SecretKeys): JsonObject {
  const candidates = [keys.key, ...(keys.oldKey === undefined ? [] : [keys.oldKey])].map(decodeKey);
  return mapSecrets(json, readable(fields), (value) => {
    if (!isEncrypted(value)) return value;
    const text = value.replaceAll(PREFIX, '');
    for (const key of candidates) {
      const plain = key === undefined ? undefined : decryptAesGcm(text, key);
      if (plain !== undefined) return plain;
    }
    throw connectionConfigurationInvalid(
      candidates.length > 1
        ? 'Decryption of connection field failed with both current and old keys. Verify that the configured encryption keys match the keys used to encrypt the data.'
        : 'Decryption of connection field failed. Verify that the configured encryption key matches the key used to encrypt the data.',
    );
  });
}

/** How many of the fields hold an encrypted value. */
export function countEncryptedSecrets(json: JsonObject, fields: SecretFields): number {
  let count = 0;
  mapSecrets(json, readable(fields), (value) => {
    if (isEncrypted(value)) count++;
    return value;
  });
  return count;
}

/** Whether any of the fields holds an encrypted value. */
export const hasEncryptedSecrets = (json: JsonObject, fields: SecretFields): boolean =>
  countEncryptedSecrets(json, fields) > 0;

export const isEncrypted = (value: string): boolean => value.startsWith(PREFIX);

/** What is stored may have been written either way: an encrypted value is never a URI. */
const readable = ({ pointers, prefix }: SecretFields): SecretFields => ({ pointers, prefix });

function mapSecrets(
  json: JsonObject,
  { pointers, prefix, wholeSecrets = false }: SecretFields,
  change: (secret: string) => string,
): JsonObject {
  return pathsOf(pointers)(prefix).reduce((changed, path) => {
    const isWhole = wholeSecrets && path.at(-1) !== 'uri';
    return changeAt(changed, path, (value) => (isWhole ? change(value) : changeSecret(value, change)));
  }, json);
}

/** By the list of pointers, which is the same for every record. */
const pathsOf = rememberWeakly((pointers: readonly string[]) =>
  remember((prefix) => pointers.map((pointer) => `${prefix}${pointer}`.split('/').slice(1).map(pointerKey))),
);

const pointerKey = (segment: string): string => segment.replaceAll('~1', '/').replaceAll('~0', '~');

function changeAt(
  json: JsonObject,
  path: readonly string[],
  change: (value: string) => string,
  depth = 0,
): JsonObject {
  const key = path[depth];
  if (key === undefined || !Object.hasOwn(json, key)) return json;
  const value = json[key];
  if (depth < path.length - 1)
    return isJsonObject(value) ? withMember(json, key, changeAt(value, path, change, depth + 1)) : json;
  return typeof value === 'string' ? withMember(json, key, change(value)) : json;
}

/** The copy keeps the order of its members. */
const withMember = (json: JsonObject, key: string, value: string | JsonObject): JsonObject =>
  json[key] === value ? json : { ...json, [key]: value };

/** A text that is a URI with a scheme keeps all but its password; any other text is the secret itself. */
function changeSecret(value: string, change: (secret: string) => string): string {
  const uri = parseUriReference(value);
  if (uri?.scheme === undefined) return change(value);
  const userInfo = uri.userInfo;
  if (userInfo === undefined) return value;
  const colon = userInfo.indexOf(':');
  if (colon < 0) return value;
  const start = value.indexOf(userInfo) + colon + 1;
  return value.slice(0, start) + change(userInfo.slice(colon + 1)) + value.slice(value.indexOf('@'));
}
