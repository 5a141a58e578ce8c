import { put } from '../protocol/dittoHeaders.ts';
import { isJsonObject, type JsonObject, type JsonValue } from './jsonValue.ts';

/*
 * Reading and changing JSON at a pointer, as Ditto's model does (json/.../ImmutableJsonObject.java): arrays are not entered,
 * what is no object gives way to one. Nothing is changed in place: what lies along the path is copied.
 */

type Keys = readonly string[];

const NOTHING: JsonObject = Object.freeze({});

/** The value if it is an object, an empty one for anything else. */
export const objectOf = (json: JsonValue | undefined): JsonObject => (isJsonObject(json) ? json : NOTHING);

/** The own member of an object; undefined for anything else. */
export function memberOf(json: JsonValue | undefined, key: string): JsonValue | undefined {
  return isJsonObject(json) && Object.hasOwn(json, key) ? json[key] : undefined;
}

/** What is at the keys; undefined where nothing is, `null` is something. */
export function valueAt(json: JsonValue | undefined, keys: Keys): JsonValue | undefined {
  let value = json;
  for (const key of keys) {
    value = memberOf(value, key);
    if (value === undefined) return undefined;
  }
  return value;
}

/** The JSON with the value at the keys; objects on the way there are made. */
export function withValueAt(json: JsonValue, keys: Keys, value: JsonValue): JsonValue {
  const parents: JsonObject[] = [];
  let at: JsonValue | undefined = json;
  for (const key of keys) {
    parents.push(objectOf(at));
    at = memberOf(at, key);
  }
  // no recursion: a path may be long
  return keys.reduceRight<JsonValue>(
    (inner, key, index) => withMember(parents[index] ?? NOTHING, key, inner),
    value,
  );
}

function withMember(object: JsonObject, key: string, value: JsonValue): JsonObject {
  const copy: Record<string, JsonValue | undefined> = { ...object };
  put(copy, key, value);
  return copy;
}

/** The JSON without what is at the keys; the same where nothing is. */
export function withoutValueAt(json: JsonValue, keys: Keys): JsonValue {
  const leaf = keys.at(-1);
  if (leaf === undefined || valueAt(json, keys) === undefined) return json;
  const above = keys.slice(0, -1);
  return withValueAt(json, above, withoutMember(valueAt(json, above) as JsonObject, leaf));
}

export const withoutMember = (object: JsonObject, gone: string): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([key]) => key !== gone));
