import { isJsonObject, type JsonArray, type JsonObject, type JsonValue } from '../json/jsonValue.ts';
import type { Primitive } from './compareValues.ts';

/**
 * True if any value at `path` passes `test`: arrays are flattened, on the way and at the end; objects yield nothing,
 * `null` is tested as such. `context` is handed through, so that a test can be made once and used for every message.
 */
export function anyValueAt<C>(
  root: JsonValue | undefined,
  path: readonly string[],
  test: (value: Primitive | null, context: C) => boolean,
  context: C,
): boolean {
  return walk(root, path, 0, test, context);
}

function walk<C>(
  from: JsonValue | undefined,
  path: readonly string[],
  start: number,
  test: (value: Primitive | null, context: C) => boolean,
  context: C,
): boolean {
  let value = from;
  for (let at = start; at < path.length; at++) {
    if (Array.isArray(value)) return walkEach(value, path, at, test, context);
    value = member(value, path[at] ?? '');
    if (value === undefined) return false;
  }
  if (typeof value !== 'object') return value !== undefined && test(value, context);
  if (Array.isArray(value)) return walkEach(value, path, path.length, test, context);
  return !isJsonObject(value) && test(value as Primitive | null, context);
}

function walkEach<C>(
  items: JsonArray,
  path: readonly string[],
  start: number,
  test: (value: Primitive | null, context: C) => boolean,
  context: C,
): boolean {
  for (const item of items) if (walk(item, path, start, test, context)) return true;
  return false;
}

/** A member of its own; where the look-up finds nothing, there is none, and nothing else need be asked. */
function member(value: JsonValue | undefined, key: string): JsonValue | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const found = (value as JsonObject)[key];
  if (found === undefined) return undefined;
  return Object.hasOwn(value, key) && isJsonObject(value) ? found : undefined;
}

/** True if anything is at `path`, be it `null` or an empty array; arrays on the way are flattened. */
export function existsAt(root: JsonValue | undefined, path: readonly string[], start = 0): boolean {
  let value = root;
  for (let at = start; at < path.length; at++) {
    if (Array.isArray(value)) {
      for (const item of value) if (existsAt(item, path, at)) return true;
      return false;
    }
    value = member(value, path[at] ?? '');
    if (value === undefined) return false;
  }
  return value !== undefined;
}

/** Every value at `path`, arrays on the way flattened but kept at the end; none if nothing is there. */
export function valuesAt(root: JsonObject, path: readonly string[]): readonly JsonValue[] {
  let values: JsonValue[] = [root];
  for (const key of path) {
    const next: JsonValue[] = [];
    for (const value of values) collect(value, key, next);
    if (next.length === 0) return next;
    values = next;
  }
  return values;
}

function collect(value: JsonValue, key: string, into: JsonValue[]): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, key, into);
    return;
  }
  const found = member(value, key);
  if (found !== undefined) into.push(found);
}
