import { copyJson } from './copyJson.ts';
import { deepFrozen } from './deepFrozen.ts';
import type { JsonArray, JsonObject } from './jsonValue.ts';
import { Repeats } from './repeats.ts';
import { fingerprintOf, isSameJson } from './sameJson.ts';

/** Larger values are made anew each time: few repeat, and they would hold much memory. */
const MAX_SIZE = 4_000;

interface Made<J, T> {
  readonly json: J;
  readonly at: number;
  readonly value: T;
}

/**
 * A function of JSON, and of a number beside it, that gives what it made of the same JSON before: the connections of one
 * fleet are alike in many of their parts, and each would hold its own copy for as long as it is awake. What several hold is
 * frozen, and made of JSON that no caller can change. For pure functions. What throws is not kept.
 */
export function rememberJson<J extends JsonArray | JsonObject | undefined, T>(
  make: (json: J, at: number) => T,
): (json: J, at?: number) => T {
  const known = new Repeats<number, Made<J, T>>();
  return (json, at = 0) => {
    const fingerprint = json === undefined ? undefined : fingerprintOf(json, MAX_SIZE);
    if (fingerprint === undefined) return make(json, at);
    const key = fingerprint + at;
    const found = known.get(key);
    if (found !== undefined && found.at === at && isSameJson(found.json, json)) return found.value;
    if (!known.comesAgain(key)) return make(json, at);
    const own = copyJson(json);
    const value = deepFrozen(make(own, at));
    known.keep(key, { json: own, at, value });
    return value;
  };
}

/** The same for functions of immutable objects, told apart by identity. */
export function rememberEach<K extends object, T extends object>(make: (key: K) => T): (key: K) => T {
  const known = new Repeats<K, T>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    if (!known.comesAgain(key)) return make(key);
    const value = deepFrozen(make(key));
    known.keep(key, value);
    return value;
  };
}
