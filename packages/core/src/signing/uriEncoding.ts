import { Buffer } from 'node:buffer';

/** Percent-encodes the UTF-8 bytes of everything but what `kept` matches, one character at a time (base/service/.../UriEncoding.java). */
function encodeBut(text: string, kept: RegExp): string {
  let encoded = '';
  for (const byte of Buffer.from(text, 'utf8')) {
    const character = String.fromCharCode(byte);
    encoded +=
      byte < 0x80 && kept.test(character)
        ? character
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}

/** Keeps RFC 3986 `unreserved` alone. */
export const encodeAllButUnreserved = (text: string): string => encodeBut(text, /[A-Za-z0-9\-._~]/);

/** Keeps RFC 3986 `pchar`. */
export const encodePathSegment = (text: string): string => encodeBut(text, /[A-Za-z0-9\-._~!$&'()*+,;=:@]/);

/** Percent-decodes; what is not encoded as it should be stays. */
export function decodePercent(text: string): string {
  return text.replace(/(?:%[0-9a-fA-F]{2})+/g, (run) =>
    Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}
