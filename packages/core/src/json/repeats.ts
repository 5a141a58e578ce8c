/** Longer ago than so many other keys a key is as good as new. */
const MAX_KEYS = 1_000;

/**
 * Values of keys that come again and again. Of a key that comes for the first time only that is kept: most of what comes
 * once never comes again, and its value would only take room. The oldest go first.
 */
export class Repeats<K, V> {
  readonly #values = new Map<K, V | undefined>();

  get(key: K): V | undefined {
    return this.#values.get(key);
  }

  /** Tells what was made for a key that had no value, or another one. */
  made(key: K, value: V): void {
    const isRepeated = this.#values.has(key);
    const [oldest] = this.#values.size < MAX_KEYS || isRepeated ? [] : this.#values.keys();
    if (oldest !== undefined) this.#values.delete(oldest);
    this.#values.set(key, isRepeated ? value : undefined);
  }
}
