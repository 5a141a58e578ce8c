const FIRST_CAPACITY = 16;

/**
 * A queue of which taking the first costs the same however long it is, in a ring that only grows. An array that is shifted or
 * emptied gets a new memory again and again, and each that it leaves behind refers to what was in it until the next full
 * collection, so that what passes through the queue, with all that it holds, would be kept long after it was taken.
 */
export class Fifo<T> {
  #ring: (T | undefined)[] = new Array<T | undefined>(FIRST_CAPACITY).fill(undefined);
  #head = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(item: T): void {
    if (this.#length === this.#ring.length) this.#grow();
    this.#ring[this.#place(this.#length)] = item;
    this.#length++;
  }

  first(): T | undefined {
    return this.#ring[this.#head];
  }

  shift(): T | undefined {
    if (this.#length === 0) return undefined;
    const first = this.#ring[this.#head];
    this.#ring[this.#head] = undefined;
    this.#head = this.#place(1);
    this.#length--;
    return first;
  }

  clear(): void {
    this.#ring.fill(undefined);
    this.#head = 0;
    this.#length = 0;
  }

  /** The capacity is a power of two. */
  #place(offset: number): number {
    return (this.#head + offset) & (this.#ring.length - 1);
  }

  #grow(): void {
    const old = this.#ring;
    const { length } = old;
    this.#ring = new Array<T | undefined>(length * 2).fill(undefined);
    for (let i = 0; i < length; i++) this.#ring[i] = old[(this.#head + i) & (length - 1)];
    old.fill(undefined);
    this.#head = 0;
  }
}
