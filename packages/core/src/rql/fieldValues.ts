import {
  isJsonObject,
  type JsonArray,
  JsonNumber,
  type JsonObject,
  type JsonValue,
} from '../json/jsonValue.ts';
import type { Primitive } from './compareValues.ts';

/** The way to a field, its keys looked at once. */
export type FieldPath = readonly Step[];

interface Step {
  readonly key: string;
  /** A value may have this name without it being a member of its JSON. */
  readonly isInherited: boolean;
}

const ANY_NUMBER = new JsonNumber('0');

export const compilePath = (keys: readonly string[]): FieldPath =>
  keys.map((key) => ({ key, isInherited: key in ANY_NUMBER }));

/**
 * True if any value at `path` passes `test`: arrays are flattened, on the way and at the end; objects yield nothing,
 * `null` is tested as such. `context` is handed through, so that a test can be made once and used for every message.
 */
export function anyValueAt<C>(
  root: JsonValue | undefined,
  path: FieldPath,
  test: (value: Primitive | null, context: C) => boolean,
  context: C,
): boolean {
  return walk(root, path, 0, test, context);
}

function walk<C>(
  from: JsonValue | undefined,
  path: FieldPath,
  start: number,
  test: (value: Primitive | null, context: C) => boolean,
  context: C,
): boolean {
  let value = from;
  for (let at = start; at < path.length; at++) {
    if (Array.isArray(value)) return walkEach(value, path, at, test, context);
    value = member(value, path[at] as Step);
    if (value === undefined) return false;
  }
  if (typeof value !== 'object') return value !== undefined && test(value, context);
  if (Array.isArray(value)) return walkEach(value, path, path.length, test, context);
  return !isJsonObject(value) && test(value as Primitive | null, context);
}

function walkEach<C>(
  items: JsonArray,
  path: FieldPath,
  start: number,
  test: (value: Primitive | null, context: C) => boolean,
  context: C,
): boolean {
  for (const item of items) if (walk(item, path, start, test, context)) return true;
  return false;
}

function member(value: JsonValue | undefined, { key, isInherited }: Step): JsonValue | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!isInherited) return (value as JsonObject)[key];
  return isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** True if anything is at `path`, be it `null` or an empty array; arrays on the way are flattened. */
export function existsAt(root: JsonValue | undefined, path: FieldPath, start = 0): boolean {
  let value = root;
  for (let at = start; at < path.length; at++) {
    if (Array.isArray(value)) {
      for (const item of value) if (existsAt(item, path, at)) return true;
      return false;
    }
    value = member(value, path[at] as Step);
    if (value === undefined) return false;
  }
  return value !== undefined;
}

/** Every value at `path`, arrays on the way flattened but kept at the end; none if nothing is there. */
export function valuesAt(root: JsonObject, path: FieldPath): readonly JsonValue[] {
  let values: JsonValue[] = [root];
  for (const step of path) {
    const next: JsonValue[] = [];
    for (const value of values) collect(value, step, next);
    if (next.length === 0) return next;
    values = next;
  }
  return values;
}

function collect(value: JsonValue, step: Step, into: JsonValue[]): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, step, into);
    return;
  }
  const found = member(value, step);
  if (found !== undefined) into.push(found);
}
