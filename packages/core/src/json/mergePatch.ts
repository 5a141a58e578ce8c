import { isEqualJson } from './equalJson.ts';
import { isJsonObject, type JsonValue } from './jsonValue.ts';
import { memberOf, objectOf, valueAt, withoutMember, withValueAt } from './valueAt.ts';

/** The JSON with a merge patch applied at the keys (RFC 7396); objects on the way there are made, also by `null`. */
export function mergedAt(json: JsonValue, keys: readonly string[], patch: JsonValue): JsonValue {
  if (patch !== null || keys.length === 0)
    return withValueAt(json, keys, mergePatched(valueAt(json, keys), patch));
  const above = keys.slice(0, -1);
  const parent = objectOf(valueAt(json, above));
  return withValueAt(json, above, withoutMember(parent, keys.at(-1) ?? ''));
}

/** Applies a merge patch (RFC 7396). As deep as the patch, which the JSON reader bounds. */
export function mergePatched(target: JsonValue | undefined, patch: JsonValue): JsonValue {
  if (!isJsonObject(patch)) return patch;
  const members = new Map(Object.entries(objectOf(target)));
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
