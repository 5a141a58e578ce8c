import { makeError } from '../errors/makeError.ts';
import { isJsonObject, type JsonValue } from '../json/jsonValue.ts';
import { stringifyJson } from '../json/stringifyJson.ts';

/**
 * The keys of a JSON pointer; its leading slash may be missing (json/.../ImmutableJsonPointer.java).
 *
 * @throws DittoError `json.pointer.invalid` for consecutive slashes
 */
export function parseJsonPath(pointer: string): readonly string[] {
  if (pointer.includes('//')) {
    throw makeError('json.pointer.invalid', `The JSON pointer <${pointer}> is invalid!`, {
      description: 'Consecutive slashes in JSON pointers are not supported.',
    });
  }
  return pointer
    .split('/')
    .filter((key) => key !== '')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** The value at a path of keys; arrays are not entered. */
export function valueAtPath(root: JsonValue | undefined, path: readonly string[]): JsonValue | undefined {
  let value = root;
  for (const key of path) {
    if (!isJsonObject(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/** A string as it is, anything else as JSON text. */
export const textOfJson = (value: JsonValue): string =>
  typeof value === 'string' ? value : stringifyJson(value);
