import type { Clock } from '@hawser/core';

/** Pauses before restarts, doubling from one to the next; from the beginning again after a run that was longer than they. */
export class RestartBackoff {
  readonly #limits: { readonly minMs: number; readonly maxMs: number; readonly randomFactor: number };
  readonly #clock: Clock;
  readonly #random: () => number;
  #nextMs: number;
  #runningSince = Number.NEGATIVE_INFINITY;
  #cancel: (() => void) | undefined;

  constructor(
    limits: { readonly minMs: number; readonly maxMs: number; readonly randomFactor: number },
    clock: Clock,
    random: () => number = Math.random,
  ) {
    this.#limits = limits;
    this.#clock = clock;
    this.#random = random;
    this.#nextMs = limits.minMs;
  }

  /** Resolves when the pause is over, or cancelled. */
  wait(): Promise<void> {
    const { minMs, maxMs, randomFactor } = this.#limits;
    if (this.#clock.monotonic() - this.#runningSince > this.#nextMs + minMs) this.#nextMs = minMs;
    const delayMs = Math.min(maxMs, this.#nextMs * (1 + randomFactor * this.#random()));
    this.#nextMs = Math.min(maxMs, this.#nextMs * 2);
    return new Promise((resolve) => {
      const cancelTimer = this.#clock.after(delayMs, resolve);
      this.#cancel = () => {
        cancelTimer();
        resolve();
      };
    });
  }

  restarted(): void {
    this.#runningSince = this.#clock.monotonic();
  }

  cancel(): void {
    this.#cancel?.();
  }
}
