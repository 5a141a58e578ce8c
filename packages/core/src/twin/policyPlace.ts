import type { JsonObject, JsonValue } from '../json/jsonValue.ts';
import { objectOf, withoutValueAt, withValueAt } from '../json/valueAt.ts';
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

/** A copy with another value at a place, or without it for `undefined`; what is there keeps its position. */
export const withValueAtPlace = (
  policy: JsonObject,
  place: PolicyPlace,
  value: JsonValue | undefined,
): JsonObject =>
  objectOf(value === undefined ? withoutValueAt(policy, place) : withValueAt(policy, place, value));
