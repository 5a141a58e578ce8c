/** What an `OpenList` adds to each of its members. A member belongs to one list at a time. */
export interface OpenListLinks<T> {
  list: object | undefined;
  next: T | undefined;
  previous: T | undefined;
}

/**
 * What is open, in the order in which it was added, to be taken out in any order. A `Set` could be had for that; but the
 * tables that it leaves behind as it grows, and those in which it has made room, refer to its members until the next full
 * collection, so that each of thousands a second would be kept, with all that it holds, long after it was deleted.
 */
export class OpenList<T extends OpenListLinks<T>> {
  #first: T | undefined;
  #last: T | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get first(): T | undefined {
    return this.#first;
  }

  add(member: T): void {
    member.list = this;
    member.previous = this.#last;
    if (this.#last === undefined) this.#first = member;
    else this.#last.next = member;
    this.#last = member;
    this.#size++;
  }

  /** @returns whether it was there. A deleted member refers to no other: it would keep them all alive in its turn. */
  delete(member: T): boolean {
    if (member.list !== this) return false;
    const { previous, next } = member;
    if (previous === undefined) this.#first = next;
    else previous.next = next;
    if (next === undefined) this.#last = previous;
    else next.previous = previous;
    member.list = undefined;
    member.previous = undefined;
    member.next = undefined;
    this.#size--;
    return true;
  }

  /** Those of this moment: they may be deleted, and others added, while they are looked at. */
  members(): readonly T[] {
    const members: T[] = [];
    for (let member = this.#first; member !== undefined; member = member.next) members.push(member);
    return members;
  }
}
