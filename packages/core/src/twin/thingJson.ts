import { isJsonObject, JsonNumber, type JsonObject, type JsonValue } from '../json/jsonValue.ts';
import { put } from '../protocol/dittoHeaders.ts';

/*
 * Reading and changing JSON at a pointer, as Ditto's model does (json/.../ImmutableJsonObject.java): arrays are not entered,
 * what is no object gives way to one. Nothing is changed in place: what lies along the path is copied.
 */

type Keys = readonly string[];

const NOTHING: JsonObject = Object.freeze({});

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
    parents.push(isJsonObject(at) ? at : NOTHING);
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

const withoutMember = (object: JsonObject, gone: string): JsonObject =>
  Object.fromEntries(Object.entries(object).filter(([key]) => key !== gone));

/** The JSON with a merge patch applied at the keys (RFC 7396); objects on the way there are made, also by `null`. */
export function mergedAt(json: JsonValue, keys: Keys, patch: JsonValue): JsonValue {
  if (patch !== null || keys.length === 0)
    return withValueAt(json, keys, mergePatched(valueAt(json, keys), patch));
  const above = keys.slice(0, -1);
  const parent = valueAt(json, above);
  const rest = isJsonObject(parent) ? withoutMember(parent, keys.at(-1) ?? '') : NOTHING;
  return withValueAt(json, above, rest);
}

/** Applies a merge patch (RFC 7396). As deep as the patch, which the JSON reader bounds. */
export function mergePatched(target: JsonValue | undefined, patch: JsonValue): JsonValue {
  if (!isJsonObject(patch)) return patch;
  const members = new Map(Object.entries(isJsonObject(target) ? target : NOTHING));
  for (const [key, change] of Object.entries(patch)) {
    if (change === null) members.delete(key);
    else if (change !== undefined) members.set(key, mergePatched(members.get(key), change));
  }
  return Object.fromEntries(members);
}

/**
 * What of a merge patch changes anything; undefined if nothing does (json/.../JsonMergePatch.java, `compute`).
 */
export function neededPatch(current: JsonValue | undefined, patch: JsonValue): JsonValue | undefined {
  if (current === undefined) return patch;
  if (isEqualJson(current, patch)) return undefined;
  if (!isJsonObject(current) || !isJsonObject(patch)) return patch;
  const needed = Object.entries(patch).flatMap(([key, change]): [string, JsonValue][] => {
    const part = change === undefined ? undefined : neededPatch(memberOf(current, key), change);
    return part === undefined ? [] : [[key, part]];
  });
  return needed.length === 0 ? undefined : Object.fromEntries(needed);
}

/** Whether two values are the same, whatever the order of members. */
export function isEqualJson(one: JsonValue | undefined, other: JsonValue | undefined): boolean {
  if (one === other) return true;
  if (one instanceof JsonNumber) return other instanceof JsonNumber && one.text === other.text;
  if (Array.isArray(one)) {
    return (
      Array.isArray(other) &&
      one.length === other.length &&
      one.every((item, index) => isEqualJson(item, other[index]))
    );
  }
  if (!isJsonObject(one) || !isJsonObject(other)) return false;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => Object.hasOwn(other, key) && isEqualJson(one[key], other[key]))
  );
}

/** How many objects and arrays lie in one another, at most. */
export function depthOf(json: JsonValue | undefined): number {
  if (typeof json !== 'object' || json === null || json instanceof JsonNumber) return 0;
  let deepest = 0;
  for (const member of Object.values(json)) {
    const depth = depthOf(member);
    if (depth > deepest) deepest = depth;
  }
  return deepest + 1;
}
