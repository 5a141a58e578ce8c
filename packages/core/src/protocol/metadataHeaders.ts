import { jsonFieldMissing, jsonInvalid, jsonUnparsable, jsonWrongType } from '../errors/jsonErrors.ts';
import { requiredString } from '../json/fields.ts';
import { isJsonArray, isJsonObject, type JsonValue } from '../json/jsonValue.ts';
import { parseJson } from '../json/parseJson.ts';
import { stringifyJson } from '../json/stringifyJson.ts';
import { formatPointer, parsePointer } from './pointer.ts';

interface MetadataHeader {
  readonly key: string;
  readonly isWildcard: boolean;
  readonly value: JsonValue;
}

/**
 * The value of `put-metadata` as Ditto writes it again: keys as pointers, wildcard keys before the specific ones that
 * overwrite them (base/model/.../metadata/DefaultMetadataHeaders.java).
 *
 * @throws DittoError `json.invalid`, `json.field.missing`
 */
export function canonicalMetadataHeaders(text: string): string {
  if (text === '') return '[]';
  const array = readJson(text);
  if (!isJsonArray(array)) throw jsonInvalid(`<${text}> is not a valid JSON array!`);
  const sorted = array.map(metadataHeader).sort(order);
  return stringifyJson(sorted.map(({ key, value }) => ({ key, value })));
}

function readJson(text: string): JsonValue {
  try {
    return parseJson(text);
  } catch {
    throw jsonUnparsable(text);
  }
}

function metadataHeader(entry: JsonValue): MetadataHeader {
  if (!isJsonObject(entry)) throw jsonWrongType('/', entry, 'JsonObject');
  const keys = parsePointer(requiredString(entry, 'key'));
  const value = Object.hasOwn(entry, 'value') ? entry['value'] : undefined;
  if (value === undefined) throw jsonFieldMissing('/value');
  const isWildcard = keys[0] === '*';
  if (keys.length === 0) throw jsonInvalid('The path of a metadata header key must not be empty!');
  if (isWildcard && keys.length !== 2) {
    throw jsonInvalid(
      `A wildcard path of a metadata header key must have exactly two levels but it had <${keys.length}>!`,
    );
  }
  return { key: formatPointer(keys), isWildcard, value };
}

function order(a: MetadataHeader, b: MetadataHeader): number {
  if (a.isWildcard !== b.isWildcard) return a.isWildcard ? -1 : 1;
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}
