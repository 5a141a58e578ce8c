export interface RetryLimits {
  /** First time limit of a connection attempt; doubles with every attempt that ran into it. */
  readonly connectingMinTimeoutMs: number;
  readonly connectingMaxTimeoutMs: number;
  readonly connectingMaxTries: number;
  /** First pause after a failure; doubles with every pause. */
  readonly minBackoffMs: number;
  readonly maxBackoffMs: number;
}

/** Ditto's two doubling sequences with one counter (BaseClientActor.ReconnectTimeoutStrategy; spec 04, 2.3). Times are monotonic, ms. */
export class RetrySchedule {
  readonly #limits: RetryLimits;
  #timeoutMs: number;
  #backoffMs: number;
  #tries = 0;
  #lastIncrease = Number.NEGATIVE_INFINITY;

  constructor(limits: RetryLimits) {
    this.#limits = limits;
    this.#timeoutMs = limits.connectingMinTimeoutMs;
    this.#backoffMs = limits.minBackoffMs;
  }

  reset(): void {
    this.#timeoutMs = this.#limits.connectingMinTimeoutMs;
    this.#backoffMs = this.#limits.minBackoffMs;
    this.#tries = 0;
  }

  get timeoutMs(): number {
    return this.#timeoutMs;
  }

  get canRetry(): boolean {
    return this.#tries < this.#limits.connectingMaxTries;
  }

  /** An attempt has run into its time limit: one try more, and twice the time for the next. */
  nextTimeout(now: number): number {
    this.#resetIfOld(now);
    this.#timeoutMs = Math.min(this.#timeoutMs * 2, this.#limits.connectingMaxTimeoutMs);
    this.#tries++;
    return this.#timeoutMs;
  }

  nextBackoff(now: number): number {
    this.#resetIfOld(now);
    const backoff = this.#backoffMs;
    this.#backoffMs = Math.min(backoff * 2, this.#limits.maxBackoffMs);
    return backoff;
  }

  #resetIfOld(now: number): void {
    const { connectingMaxTimeoutMs, maxBackoffMs } = this.#limits;
    if (now - this.#lastIncrease > 2 * (connectingMaxTimeoutMs + maxBackoffMs)) this.reset();
    this.#lastIncrease = now;
  }
}
