import type { Clock } from '@hawser/core';

/** Lets connections open their clients at a bounded rate after a start, so that brokers are not stormed. */
export class OpenTurns {
  readonly #clock: Clock;
  readonly #perInterval: number;
  readonly #intervalMs: number;
  readonly #waiting: (() => void)[] = [];
  #used = 0;
  #isTicking = false;

  /** @param perInterval 0: without a pace */
  constructor(clock: Clock, perInterval: number, intervalMs: number) {
    this.#clock = clock;
    this.#perInterval = perInterval;
    this.#intervalMs = intervalMs;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  turn(): Promise<void> {
    if (this.#perInterval <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#grant();
    });
  }

  #grant(): void {
    while (this.#used < this.#perInterval) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      this.#used++;
      next();
    }
    if (this.#used > 0) this.#tick();
  }

  #tick(): void {
    if (this.#isTicking) return;
    this.#isTicking = true;
    this.#clock.after(this.#intervalMs, () => {
      this.#isTicking = false;
      this.#used = 0;
      this.#grant();
    });
  }
}
