export interface Creditor {
  /** Credit that it has given to its peer and that is not used. */
  readonly credit: number;
  /** It is to get no more for the time being. */
  readonly isHeld: boolean;
  grant(credit: number): void;
}

/** Messages that peers may send in excess of the limit. */
const maxOverrun = 100;

/**
 * Shares what a client may have under way among its consumers: each has up to `window` of credit, and all credit together
 * with all unsettled messages is never more than `limit`.
 */
export class CreditPool {
  readonly #limit: number;
  readonly #window: number;
  #free = 0;
  /** Consumers in turn; who was served last is the last. */
  readonly #consumers = new Set<Creditor>();

  constructor(limit: number, window: number) {
    this.#limit = Math.max(1, limit);
    this.#window = window;
  }

  /** Nobody gets credit before. */
  start(): void {
    this.#free += this.#limit;
    this.share();
  }

  join(consumer: Creditor): void {
    this.#consumers.add(consumer);
    this.share();
  }

  /** Its unused credit is lost with its link. Messages that it has received are still to be given back. */
  leave(consumer: Creditor): void {
    if (!this.#consumers.delete(consumer)) return;
    this.#free += consumer.credit;
    this.share();
  }

  /** A message has come for a credit. */
  used(consumer: Creditor): void {
    if (this.#consumers.has(consumer) && this.#wants(consumer)) this.#grant(consumer);
  }

  /** A message has come without credit. @returns whether there is still room for it */
  overrun(): boolean {
    if (this.#free <= -maxOverrun) return false;
    this.#free--;
    return true;
  }

  /** A message is settled. */
  giveBack(): void {
    this.#free++;
    this.share();
  }

  /** Gives what is there to whom it is due, e.g. to a consumer that is no longer held. */
  share(): void {
    while (this.#free > 0) {
      const consumer = this.#neediest();
      if (consumer === undefined) return;
      this.#consumers.delete(consumer);
      this.#consumers.add(consumer);
      this.#grant(consumer);
    }
  }

  #grant(consumer: Creditor): void {
    const credit = Math.min(this.#free, this.#fairShare() - consumer.credit);
    if (credit <= 0) return;
    this.#free -= credit;
    consumer.grant(credit);
  }

  /** What one consumer may have of credit at a time. */
  #fairShare(): number {
    return Math.min(this.#window, Math.max(1, Math.floor(this.#limit / this.#consumers.size)));
  }

  #neediest(): Creditor | undefined {
    let neediest: Creditor | undefined;
    for (const consumer of this.#consumers) {
      if (this.#wants(consumer) && consumer.credit < (neediest?.credit ?? this.#window)) neediest = consumer;
    }
    return neediest;
  }

  /** Half of its share is used: less is not worth a frame. */
  #wants(consumer: Creditor): boolean {
    return !consumer.isHeld && consumer.credit <= Math.floor(this.#fairShare() / 2);
  }
}
