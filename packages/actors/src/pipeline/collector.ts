import { type Clock, type Settlement, type Signal, settlementByResponses } from '@hawser/core';

/**
 * Collects the answers to the signals of one source message and decides what becomes of it
 * (connectivity/service/.../messaging/ResponseCollectorActor.java; spec 08, 6.1).
 */
export class Collector {
  readonly #decide: (settlement: Settlement) => void;
  readonly #expected: number;
  readonly #responses: Signal[] = [];
  readonly #cancelTimer: () => void;

  /** @param lifetimeMs after this, what has not come counts as missing */
  constructor(expected: number, lifetimeMs: number, clock: Clock, decide: (settlement: Settlement) => void) {
    this.#expected = expected;
    this.#decide = decide;
    this.#cancelTimer = clock.after(lifetimeMs, () => this.#end());
  }

  receive(response: Signal): void {
    this.#responses.push(response);
    if (this.#responses.length === this.#expected) this.#end();
  }

  /** The message could not be processed: that decides by itself. */
  end(settlement: Settlement): void {
    this.#cancelTimer();
    this.#decide(settlement);
  }

  #end(): void {
    this.end(settlementByResponses(this.#expected, this.#responses));
  }
}
