/** Pauses that double, and begin again when it was quiet for twice the last one (connectivity/service/.../messaging/backoff/RetryTimeoutStrategy.java). Times in ms. */
export class Backoff {
  readonly #minMs: number;
  readonly #maxMs: number;
  #nextMs: number;
  #lastMs = 0;
  #lastAt = Number.NEGATIVE_INFINITY;

  constructor(minMs: number, maxMs: number) {
    this.#minMs = minMs;
    this.#maxMs = maxMs;
    this.#nextMs = minMs;
  }

  /** @param now monotonic */
  next(now: number): number {
    if (now - this.#lastAt > this.#lastMs * 2) this.#nextMs = this.#minMs;
    this.#lastAt = now;
    this.#lastMs = this.#nextMs;
    this.#nextMs = Math.min(this.#nextMs * 2, this.#maxMs);
    return this.#lastMs;
  }
}
