/** A received message whose acknowledgement is still to be written. */
export interface HeldAck {
  readonly messageId: number;
  state: 'open' | 'acknowledge' | 'withhold';
}

/**
 * Keeps acknowledgements in the order of the messages [MQTT-4.6.0-2], whatever the order in which they are settled.
 * A withheld one is stepped over: it is never written, so it breaks no order, and must not hold up the others.
 */
export class AckQueue {
  readonly #write: (messageId: number) => void;
  #held: HeldAck[] = [];
  #head = 0;

  constructor(write: (messageId: number) => void) {
    this.#write = write;
  }

  receive(messageId: number): HeldAck {
    const held: HeldAck = { messageId, state: 'open' };
    this.#held.push(held);
    return held;
  }

  settle(held: HeldAck, state: 'acknowledge' | 'withhold'): void {
    held.state = state;
    for (;;) {
      const first = this.#held[this.#head];
      if (first === undefined || first.state === 'open') break;
      this.#head++;
      if (first.state === 'acknowledge') this.#write(first.messageId);
    }
    if (this.#head === this.#held.length || this.#head > 1024) {
      this.#held = this.#held.slice(this.#head);
      this.#head = 0;
    }
  }
}
