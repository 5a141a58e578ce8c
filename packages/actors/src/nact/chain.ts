/** What can stand in one chain at a time. Set by the chain alone. */
export interface Linked<T> {
  before: T | undefined;
  after: T | undefined;
}

/**
 * Items in the order of their coming, each of which may leave at any time. The items themselves carry the links: an actor
 * has two chains that are nearly always empty, and sets would cost it several times the memory.
 */
export class Chain<T extends Linked<T>> implements Iterable<T> {
  #first: T | undefined;
  #last: T | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** The item must be in no chain. */
  add(item: T): void {
    item.before = this.#last;
    if (this.#last === undefined) this.#first = item;
    else this.#last.after = item;
    this.#last = item;
    this.#size++;
  }

  /** Does nothing when the item has left already. */
  remove(item: T): void {
    const { before, after } = item;
    if (before === undefined && this.#first !== item) return;
    if (before === undefined) this.#first = after;
    else before.after = after;
    if (after === undefined) this.#last = before;
    else after.before = before;
    item.before = undefined;
    item.after = undefined;
    this.#size--;
  }

  /** The item that was given last may leave before the next is asked for. */
  *[Symbol.iterator](): Iterator<T> {
    for (let item = this.#first; item !== undefined; ) {
      const { after } = item;
      yield item;
      item = after;
    }
  }
}
