import { type Clock, StoreError } from '@hawser/core';

/** `pekko.persistence` circuit breaker of Ditto's journal and snapshots (spec 02, 10). */
export interface BreakerSettings {
  /** Failures in a row after which calls are refused at once. */
  readonly maxFailures: number;
  /** A call that takes longer has failed, whatever becomes of it. */
  readonly callTimeoutMs: number;
  /** How long calls are refused; then one is let through as a trial. */
  readonly resetTimeoutMs: number;
}

/** Says to a call under way whether anybody still waits for it. */
export interface Deadline {
  isOver(): boolean;
}

/** Keeps calls away from a server that does not answer. Only `unavailable` counts as a failure. */
export class CircuitBreaker {
  readonly #settings: BreakerSettings;
  readonly #clock: Clock;
  #failures = 0;
  #refusesUntil = 0;
  #hasTrial = false;

  constructor(settings: BreakerSettings, clock: Clock) {
    this.#settings = settings;
    this.#clock = clock;
  }

  get isOpen(): boolean {
    return this.#failures >= this.#settings.maxFailures;
  }

  /** @throws StoreError `unavailable` when the breaker is open or the call takes too long; whatever the call throws */
  async run<T>(call: (deadline: Deadline) => Promise<T>): Promise<T> {
    const isTrial = this.#admit();
    try {
      const result = await this.#inTime(call);
      this.#failures = 0;
      return result;
    } catch (error) {
      this.#count(error);
      throw error;
    } finally {
      if (isTrial) this.#hasTrial = false;
    }
  }

  /** @returns whether this call is the trial of an open breaker */
  #admit(): boolean {
    if (!this.isOpen) return false;
    if (this.#hasTrial || this.#clock.monotonic() < this.#refusesUntil)
      throw new StoreError(
        'unavailable',
        'the server did not answer the last calls: circuit breaker is open',
      );
    this.#hasTrial = true;
    return true;
  }

  #count(error: unknown): void {
    if (!(error instanceof StoreError) || error.reason !== 'unavailable') {
      this.#failures = 0;
      return;
    }
    this.#failures++;
    if (this.isOpen) this.#refusesUntil = this.#clock.monotonic() + this.#settings.resetTimeoutMs;
  }

  #inTime<T>(call: (deadline: Deadline) => Promise<T>): Promise<T> {
    const { callTimeoutMs } = this.#settings;
    return new Promise((resolve, reject) => {
      let isOver = false;
      const cancel = this.#clock.after(callTimeoutMs, () => {
        isOver = true;
        reject(new StoreError('unavailable', `the server did not answer within ${callTimeoutMs} ms`));
      });
      call({ isOver: () => isOver })
        .then(resolve, reject)
        .finally(cancel);
    });
  }
}
