import { Fifo } from '@hawser/core';

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
  readonly #held = new Fifo<HeldAck>();

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
      const first = this.#held.first();
      if (first === undefined || first.state === 'open') return;
      this.#held.shift();
      if (first.state === 'acknowledge') this.#write(first.messageId);
    }
  }
}
