import { isJsonObject, type JsonValue } from '../json/jsonValue.ts';
import { stringifyJson } from '../json/stringifyJson.ts';

/** The value that a pointer leads to; arrays are not entered. */
export function valueAtPointer(
  root: JsonValue | undefined,
  pointer: readonly string[],
): JsonValue | undefined {
  let value = root;
  for (const key of pointer) {
    if (!isJsonObject(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/** A string as it is, anything else as JSON text. */
export const textOfJson = (value: JsonValue): string =>
  typeof value === 'string' ? value : stringifyJson(value);
