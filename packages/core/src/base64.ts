// Each is deterministic: a character fits exactly one place of the pattern.
/** As java.util.Base64's basic decoder takes it: padding is optional, but complete. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;
/** As it is written: padded, and the bits that stand for nothing are zero. */
const CANONICAL = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/;

/** What was written last: a payload on its way through is written, checked and read again at once. */
let last: { readonly text: string; readonly bytes: Buffer } | undefined;

/** Keeps `bytes`, which must not change, until the next call. */
export function encodeBase64Bytes({ buffer, byteOffset, byteLength }: Uint8Array): string {
  const bytes = Buffer.from(buffer, byteOffset, byteLength);
  const text = bytes.toString('base64');
  last = { text, bytes };
  return text;
}

/** The bytes of base64 with or without padding, not to be changed; undefined for text that is none. */
export function decodeBase64Bytes(text: string): Buffer | undefined {
  if (text === last?.text) return last.bytes;
  return BASE64.test(text) ? Buffer.from(text, 'base64') : undefined;
}

/** Whether the text is what `encodeBase64Bytes` makes of its bytes. */
export const isCanonicalBase64 = (text: string): boolean =>
  text === last?.text || (text.length % 4 === 0 && CANONICAL.test(text));
