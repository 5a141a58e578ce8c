/** So many keys make a generation. */
const MAX_KEYS = 500;

/**
 * Values of keys that come again and again. Of a key that comes for the first time only that is noted: most of what comes
 * once never comes again, and its value would only take room. What was not asked for during a whole generation goes.
 */
export class Repeats<K, V> {
  #recent = new Map<K, V | undefined>();
  #older = new Map<K, V | undefined>();

  get(key: K): V | undefined {
    const recent = this.#recent.get(key);
    if (recent !== undefined) return recent;
    const older = this.#older.get(key);
    if (older !== undefined) this.keep(key, older);
    return older;
  }

  /** Whether the key has come before; notes that it has come now. */
  comesAgain(key: K): boolean {
    if (this.#recent.has(key) || this.#older.has(key)) return true;
    this.keep(key, undefined);
    return false;
  }

  keep(key: K, value: V | undefined): void {
    if (this.#recent.size >= MAX_KEYS) {
      this.#older = this.#recent;
      this.#recent = new Map();
    }
    this.#recent.set(key, value);
  }
}
