import { jsonNotA } from '../errors/jsonErrors.ts';
import type { JsonArray, JsonObject, JsonValue } from './jsonValue.ts';
import { stringifyJson } from './stringifyJson.ts';

/*
 * Items of arrays and members of objects, read the three ways that Ditto's model reads them.
 */

/** Every item must be a string. @throws DittoError `json.format.invalid` */
export function stringItems(array: JsonArray = NO_ITEMS): readonly string[] {
  if (areStrings(array)) return array;
  throw jsonNotA('a string', array.find((item) => typeof item !== 'string') ?? null);
}

/** Items that are no strings are dropped without a word. */
export const onlyStrings = (array: JsonArray = NO_ITEMS): readonly string[] =>
  // a filtered array has room for 16 items, which every connection would keep
  areStrings(array) ? array : array.filter((item) => typeof item === 'string');

const NO_ITEMS: readonly never[] = Object.freeze([]);

const areStrings = (array: JsonArray): array is readonly string[] =>
  array.every((item) => typeof item === 'string');

/** A string as it is, anything else as its JSON text. */
export const textOf = (value: JsonValue): string =>
  typeof value === 'string' ? value : stringifyJson(value);

/** The members as text. The record has no prototype, so that any name can be looked up safely. */
export function textMembers(object: JsonObject | undefined): Readonly<Record<string, string>> {
  return mapMembers(object, textOf);
}

/** The members that are strings; others are dropped without a word. */
export function stringMembers(object: JsonObject | undefined): Readonly<Record<string, string>> {
  return mapMembers(object, (value) => (typeof value === 'string' ? value : undefined));
}

/** A record without prototype of what `map` makes of each member; `undefined` leaves a member out. */
export function mapMembers<T>(
  object: JsonObject | undefined,
  map: (value: JsonValue, key: string) => T | undefined,
): Readonly<Record<string, T>> {
  const mapped: Record<string, T> = {};
  let isEmpty = true;
  for (const key of Object.keys(object ?? {})) {
    const value = object?.[key];
    const result = value === undefined ? undefined : map(value, key);
    if (result === undefined) continue;
    isEmpty = false;
    if (key === '__proto__')
      Object.defineProperty(mapped, key, {
        value: result,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    else mapped[key] = result;
  }
  // Taken away at the end: an object that begins without a prototype is a hash table, several times the size.
  return isEmpty ? NO_MEMBERS : Object.setPrototypeOf(mapped, null);
}

const NO_MEMBERS: Readonly<Record<string, never>> = Object.freeze(Object.create(null));

/** Without duplicates, in the order of first appearance. */
export function distinct<T>(items: readonly T[]): readonly T[] {
  if (items.length < 2) return items;
  const unique = new Set(items);
  return unique.size === items.length ? items : [...unique];
}

export const mapDefined = <T, R>(value: T | undefined, map: (value: T) => R): R | undefined =>
  value === undefined ? undefined : map(value);
