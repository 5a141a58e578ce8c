import type { Clock } from '@hawser/core';

/** Lets so many records pass in an interval (`kafka.consumer.throttling`). */
export class Throttle {
  readonly #rule: { readonly limit: number; readonly intervalMs: number } | undefined;
  readonly #clock: Clock;
  #beganMs = Number.NEGATIVE_INFINITY;
  #passed = 0;

  /** @param rule absent: all pass */
  constructor(rule: { readonly limit: number; readonly intervalMs: number } | undefined, clock: Clock) {
    this.#rule = rule;
    this.#clock = clock;
  }

  mayPass(): boolean {
    if (this.#rule === undefined) return true;
    const nowMs = this.#clock.monotonic();
    if (nowMs - this.#beganMs >= this.#rule.intervalMs) {
      this.#beganMs = nowMs;
      this.#passed = 0;
    }
    return this.#passed < this.#rule.limit;
  }

  passed(): void {
    this.#passed++;
  }

  /** How long to wait before it is worth asking again, `maxMs` at most. */
  waitMs(maxMs: number): number {
    if (this.#rule === undefined || this.#passed < this.#rule.limit) return maxMs;
    const untilNext = this.#beganMs + this.#rule.intervalMs - this.#clock.monotonic();
    return Math.max(1, Math.min(maxMs, untilNext));
  }
}
