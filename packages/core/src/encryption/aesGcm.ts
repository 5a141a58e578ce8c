import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto';

const ALGORITHM = 'aes-256-gcm';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Gives the 12 random bytes of one encryption; never the same twice under one key. */
export type IvSource = () => Uint8Array;

export const randomIv: IvSource = () => {
  if (ivsTaken + IV_BYTES > ivPool.length) {
    randomFillSync(ivPool);
    ivsTaken = 0;
  }
  ivsTaken += IV_BYTES;
  return ivPool.slice(ivsTaken - IV_BYTES, ivsTaken);
};

/** Random bytes that no encryption has had yet begin at `ivsTaken`: drawing them one by one takes most of the time of one. */
const ivPool = new Uint8Array(IV_BYTES * 256);
let ivsTaken = ivPool.length;

/** A key that AES-256 takes, or `undefined`; the text is URL-safe Base64, padded or not. */
export function decodeKey(text: string): Buffer | undefined {
  const key = decodeBase64Url(text);
  return key?.length === KEY_BYTES ? key : undefined;
}

/** URL-safe Base64 with padding of IV, ciphertext and tag (connectivity/service/.../util/EncryptorAesGcm.java). */
export function encryptAesGcm(plain: string, key: Buffer, iv: Uint8Array): string {
  const cipher = createCipheriv(ALGORITHM, key, iv, { authTagLength: TAG_BYTES });
  const encrypted = Buffer.concat([iv, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()]);
  const text = encrypted.toString('base64url');
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=');
}

/** The inverse of `encryptAesGcm`; `undefined` for another key or a text that it has not made. */
export function decryptAesGcm(text: string, key: Buffer): string | undefined {
  const bytes = decodeBase64Url(text);
  if (bytes === undefined || bytes.length < IV_BYTES + TAG_BYTES) return undefined;
  const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, IV_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
  try {
    const plain = decipher.update(bytes.subarray(IV_BYTES, bytes.length - TAG_BYTES));
    return Buffer.concat([plain, decipher.final()]).toString('utf8');
  } catch {
    return undefined; // the tag does not fit: not encrypted with this key
  }
}

function decodeBase64Url(text: string): Buffer | undefined {
  return /^[a-zA-Z0-9_-]*={0,2}$/.test(text) ? Buffer.from(text, 'base64url') : undefined;
}
