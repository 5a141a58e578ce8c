import { jsonFormatInvalid } from '../errors/jsonErrors.ts';

/**
 * java.net.URLDecoder with UTF-8: `+` is a blank, malformed bytes become U+FFFD.
 * @throws DittoError `json.format.invalid` for an incomplete escape
 */
export function urlDecode(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  if (!spaced.includes('%')) return spaced;
  let decoded = '';
  let i = 0;
  while (i < text.length) {
    if (text[i] !== '%') {
      decoded += spaced[i++];
      continue;
    }
    const bytes: number[] = [];
    for (; text[i] === '%' && i + 2 < text.length; i += 3) bytes.push(escapedByte(text.slice(i + 1, i + 3)));
    if (text[i] === '%') throw jsonFormatInvalid('URLDecoder: Incomplete trailing escape (%) pattern');
    decoded += Buffer.from(bytes).toString('utf8');
  }
  return decoded;
}

const ILLEGAL = 'URLDecoder: Illegal hex characters in escape (%) pattern';

/** Java reads the two characters with `Integer.parseInt`, which takes a sign. */
function escapedByte(digits: string): number {
  if (/^[+-]?[0-9a-fA-F]+$/.test(digits)) {
    const byte = Number.parseInt(digits, 16);
    if (byte < 0) throw jsonFormatInvalid(`${ILLEGAL} - negative value`);
    return byte;
  }
  const index = /^[+-]?[0-9a-fA-F]/.test(digits) || /^[+-]/.test(digits) ? 1 : 0;
  throw jsonFormatInvalid(`${ILLEGAL} - Error at index ${index} in: "${digits}"`);
}
