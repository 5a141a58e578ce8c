import type { Clock } from '@hawser/core';
import { Backoff } from './backoff.ts';

interface Rest {
  readonly backoff: Backoff;
  /** Monotonic, ms. */
  readonly until: number;
}

/** Addresses that a message names may be any number: the oldest are forgotten. */
const maxRemembered = 1_000;

/** Destinations that the peer has refused or closed, and that are not to be asked again for a while. */
export class RestingAddresses {
  readonly #clock: Clock;
  readonly #minMs: number;
  readonly #maxMs: number;
  readonly #rests = new Map<string, Rest>();

  constructor(clock: Clock, minMs: number, maxMs: number) {
    this.#clock = clock;
    this.#minMs = minMs;
    this.#maxMs = maxMs;
  }

  has(key: string): boolean {
    const rest = this.#rests.get(key);
    return rest !== undefined && rest.until > this.#clock.monotonic();
  }

  /** @returns how long it rests, ms */
  begin(key: string): number {
    const now = this.#clock.monotonic();
    const backoff = this.#rests.get(key)?.backoff ?? new Backoff(this.#minMs, this.#maxMs);
    const delayMs = backoff.next(now);
    this.#rests.delete(key);
    this.#rests.set(key, { backoff, until: now + delayMs });
    const [oldest] = this.#rests.keys();
    if (this.#rests.size > maxRemembered && oldest !== undefined) this.#rests.delete(oldest);
    return delayMs;
  }
}
