// Mutation of JSON documents from a seeded source of numbers: the same seed gives the same documents.

/**
 * Makes a mutator whose new texts come from `words`; it shares what it does not change with its input. What it inflates has
 * about `large` bytes.
 */
export function createMutator(random, words, large = 100_000) {
  const below = (n) => Math.floor(random() * n);
  const pick = (list) => list[below(list.length)];

  const scalars = [null, true, false, 0, -1, 1, 1.5, 2 ** 31, -(2 ** 53), 1e300, '', ' ', '\0', '\ud800'];
  const makers = [
    () => pick(scalars),
    () => pick(words),
    () => pick(words) + pick(words),
    () => [],
    () => ({}),
    () => [pick(words), pick(scalars)],
    () => ({ [pick(words)]: pick(scalars) }),
    () => JSON.parse('{"__proto__":{"x":1},"constructor":{"prototype":{}}}'),
  ];
  const value = () => pick(makers)();

  function text(old) {
    const at = below(old.length + 1);
    switch (below(6)) {
      case 0:
        return old.slice(0, at) + pick(words) + old.slice(at);
      case 1:
        return old.slice(0, at) + old.slice(at + 1 + below(4));
      case 2:
        return old.slice(0, at) + String.fromCharCode(below(0x180)) + old.slice(at + 1);
      case 3:
        return old.slice(at) + old.slice(0, at);
      case 4:
        return old + old.slice(at);
      default:
        return pick(words);
    }
  }

  /** Mostly the way to deeper parts, where there is more to break. */
  function pickKey(json) {
    const keys = Object.keys(json);
    const deep = keys.filter((key) => json[key] !== null && typeof json[key] === 'object');
    return pick(deep.length > 0 && random() < 0.8 ? deep : keys);
  }

  function inner(json) {
    const key = pickKey(json) ?? 'x';
    const copy = Array.isArray(json) ? [...json] : { ...json };
    switch (below(30)) {
      case 0:
        return value();
      case 1:
        if (Array.isArray(copy)) copy.splice(Number(key), 1);
        else delete copy[key];
        return copy;
      case 2:
        if (Array.isArray(copy)) copy.push(json[below(json.length)] ?? value());
        else define(copy, pick(words), value());
        return copy;
      case 3:
        define(copy, key, value());
        return copy;
      default:
        define(copy, key, mutate(json[key] ?? null));
        return copy;
    }
  }

  function mutate(json) {
    if (typeof json === 'string') return text(json);
    return json !== null && typeof json === 'object' ? inner(json) : value();
  }

  const long = (text) => (text || 'x').repeat(Math.ceil(large / (text.length || 1)));

  /** A document of about `large` bytes: one of its texts, or one item of an array, many times. */
  function inflate(json) {
    if (typeof json === 'string') return long(random() < 0.5 ? json : pick(words) + pick(words));
    if (json === null || typeof json !== 'object') return pick(words).repeat(Math.ceil(large / 100));
    if (Array.isArray(json) && json.length > 0 && random() < 0.5)
      return Array(Math.ceil(large / 50)).fill(pick(json));
    const key = pick(Object.keys(json));
    if (key === undefined) return json;
    const copy = Array.isArray(json) ? [...json] : { ...json };
    define(copy, key, inflate(json[key]));
    return copy;
  }

  return { mutate, inflate };
}

function define(target, key, value) {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}
