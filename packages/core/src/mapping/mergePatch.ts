import { isJsonObject, type JsonObject, type JsonValue } from '../json/jsonValue.ts';

/** RFC 7396: `patch` over `target`. Members of the target keep their places; what the patch sets to null is gone. */
export function mergePatch(target: JsonValue | undefined, patch: JsonValue): JsonValue {
  if (!isJsonObject(patch)) return patch;
  const merged = new Map<string, JsonValue | undefined>(isJsonObject(target) ? Object.entries(target) : []);
  for (const [key, value] of Object.entries(patch)) {
    if (value === null || value === undefined) merged.delete(key);
    else merged.set(key, mergePatch(merged.get(key), value));
  }
  return Object.fromEntries(merged);
}

/** `value` without its null members, however deep; with `dropEmpty` also without objects that are or become empty. */
export function withoutNulls(
  value: JsonObject,
  options: { readonly dropEmpty: boolean } = { dropEmpty: false },
): JsonObject {
  const kept: [string, JsonValue][] = [];
  for (const [key, member] of Object.entries(value)) {
    if (member === null || member === undefined) continue;
    if (!isJsonObject(member)) kept.push([key, member]);
    else {
      const inner = withoutNulls(member, options);
      if (!options.dropEmpty || Object.keys(inner).length > 0) kept.push([key, inner]);
    }
  }
  return Object.fromEntries(kept);
}
