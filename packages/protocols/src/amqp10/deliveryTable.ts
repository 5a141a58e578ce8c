interface Identified {
  readonly id: number;
}

/**
 * The deliveries of a session that are not settled on both sides, in place of the library's ring: there, one that stays
 * open keeps the room of all later ones, and stops every link of the session.
 */
export class DeliveryTable<T extends Identified> {
  readonly #capacity: number;
  readonly #byId = new Map<number, T>();

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  available(): number {
    return this.#capacity - this.#byId.size;
  }

  /** @throws Error when the peer, or we, have more under way than agreed */
  push(delivery: T): void {
    if (this.available() <= 0)
      throw new Error('More AMQP deliveries are open than the session has room for.');
    this.#byId.set(delivery.id, delivery);
  }

  by_id(id: number): T | undefined {
    return this.#byId.get(id);
  }

  pop_if(isDone: (delivery: T) => boolean): number {
    let removed = 0;
    for (const [id, delivery] of this.#byId) {
      if (isDone(delivery) && this.#byId.delete(id)) removed++;
    }
    return removed;
  }
}
