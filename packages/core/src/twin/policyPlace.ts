import { isJsonObject, type JsonObject, type JsonValue } from '../json/jsonValue.ts';
import { formatPointer } from '../protocol/pointer.ts';

/** Where something stands in the JSON of a policy, member by member: at most four of them. */
export type PolicyPlace = readonly string[];

/** The place of a path's keys: ids of subjects may hold slashes, the key of a resource is a path itself. */
export function placeAt(keys: readonly string[]): PolicyPlace {
  const [field = '', label = '', part, ...rest] = keys;
  if (field !== 'entries' || rest.length === 0) return keys;
  if (part === 'subjects') return [field, label, part, rest.join('/')];
  return part === 'resources' ? [field, label, part, `${rest[0]}${formatPointer(rest.slice(1))}`] : keys;
}

export function valueAtPlace(policy: JsonObject, place: PolicyPlace): JsonValue | undefined {
  let value: JsonValue | undefined = policy;
  for (const key of place) value = isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  return value;
}

/** A copy with another value at a place, or without it for `undefined`; what is there keeps its position. */
export function withValueAtPlace(
  policy: JsonObject,
  [key, ...rest]: PolicyPlace,
  value: JsonValue | undefined,
): JsonObject {
  if (key === undefined) return isJsonObject(value) ? value : {};
  const members = new Map(Object.entries(policy));
  const inner = members.get(key);
  if (rest.length > 0) {
    if (value === undefined && !isJsonObject(inner)) return policy;
    members.set(key, withValueAtPlace(isJsonObject(inner) ? inner : {}, rest, value));
  } else if (value === undefined) members.delete(key);
  else members.set(key, value);
  return Object.fromEntries(members);
}
