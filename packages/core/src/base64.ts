// deterministic: each character fits exactly one place of the pattern
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;

/** The bytes of base64 with or without padding; undefined for text that is none (java.util.Base64, basic decoder). */
export const decodeBase64Bytes = (text: string): Buffer | undefined =>
  BASE64.test(text) ? Buffer.from(text, 'base64') : undefined;
