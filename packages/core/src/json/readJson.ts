import { jsonFormatInvalid, jsonNoObject, jsonUnparsable } from '../errors/jsonErrors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from './jsonValue.ts';
import { JsonSyntaxError, parseJson } from './parseJson.ts';

/**
 * JSON text from a client, as Ditto reads it: integers beyond 64 bits are refused (json/.../JsonFactory.java, `readFrom`).
 *
 * @throws DittoError `json.invalid`
 */
export function readJson(text: string): JsonValue {
  if (hasHugeInteger(text)) throw jsonUnparsable(text);
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof JsonSyntaxError) throw jsonUnparsable(text);
    throw error;
  }
}

/**
 * JSON text of an object from a client; `null` counts as an empty one (json/.../JsonFactory.java, `newObject`).
 *
 * @throws DittoError `json.invalid`, for an empty text `json.format.invalid`
 */
export function readJsonObject(text: string): JsonObject {
  if (text === '') throw jsonFormatInvalid('The JSON string to create a JSON object from must not be empty!');
  const value = readJson(text);
  if (value === null) return {};
  if (isJsonObject(value)) return value;
  throw jsonNoObject(value);
}

/** Reads over strings by hand: a pattern for them would go back and forth over hostile text. */
function hasHugeInteger(text: string): boolean {
  if (!/\d{19}/.test(text)) return false;
  for (let at = 0; at < text.length; at++) {
    const c = text[at];
    if (c === '"') at = endOfString(text, at);
    else if (c === '-' || isDigit(c)) {
      const end = endOfNumber(text, at);
      if (isBeyond64Bits(text.slice(at, end))) return true;
      at = end - 1;
    }
  }
  return false;
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
  return at;
}

function endOfNumber(text: string, start: number): number {
  let at = start + 1;
  while (isDigit(text[at]) || '.eE+-'.includes(text[at] ?? ' ')) at++;
  return at;
}

const isDigit = (c: string | undefined): boolean => c !== undefined && c >= '0' && c <= '9';

function isBeyond64Bits(number: string): boolean {
  if (number.length < 19 || !/^-?\d+$/.test(number)) return false;
  // BigInt of a text takes quadratic time
  if (number.length > 20) return true;
  const value = BigInt(number);
  return BigInt.asIntN(64, value) !== value;
}
