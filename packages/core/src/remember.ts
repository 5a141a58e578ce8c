/** Longer texts are made anew each time: few repeat, and they would hold much memory. */
const MAX_TEXT_LENGTH = 1_000;
const MAX_TEXTS = 1_000;

/**
 * A function of a text that keeps its last results, the oldest going first: connections of one fleet hold the same texts.
 * For pure functions with immutable results other than undefined. What throws is not kept.
 */
export function remember<T>(make: (text: string) => T): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const made = make(text);
    if (text.length > MAX_TEXT_LENGTH) return made;
    const [oldest] = known.size < MAX_TEXTS ? [] : known.keys();
    if (oldest !== undefined) known.delete(oldest);
    known.set(text, made);
    return made;
  };
}

/** A key that nobody has. */
const NONE = Symbol('none');

/** Remembers what was made of the last key alone: message after message asks for the same. */
export function rememberLast<K, T>(make: (key: K) => T): (key: K) => T {
  // no object for the two: where each message brings another key, it would be garbage
  let lastKey: K | typeof NONE = NONE;
  let lastMade: T | undefined;
  return (key) => {
    if (lastKey !== key) {
      lastMade = make(key);
      lastKey = key;
    }
    return lastMade as T;
  };
}

/** Remembers what was made of an object for as long as the object is there. */
export function rememberWeakly<K extends object, T>(make: (key: K) => T): (key: K) => T {
  const known = new WeakMap<K, T>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined || known.has(key)) return found as T;
    const made = make(key);
    known.set(key, made);
    return made;
  };
}
