import { Timing } from './timings.ts';

/** One call in so many is timed: a prime number, so that the entries of a message take turns. */
const EVERY = 61;

/** The time of some calls, the first among them; the others cost a count. */
export class SampledTiming {
  readonly timing = new Timing();
  readonly #now: () => number;
  #untilNext = 1;

  /** @param now monotonic, ms */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** @returns when the call began, for `end`; undefined when this one is not timed */
  begin(): number | undefined {
    if (--this.#untilNext > 0) return undefined;
    this.#untilNext = EVERY;
    return this.#now();
  }

  end(startedAt: number | undefined): void {
    if (startedAt !== undefined) this.timing.add(this.#now() - startedAt);
  }
}

/**
 * Ditto's timer `connection_log` (connectivity/service/.../monitoring/logs/), of all connections together. Texts and JSON
 * of an entry are made when it is read or published, so that its two segments are apart in time here.
 */
export class LogTimings {
  /** Texts and JSON of an entry, for an answer, a tail or Fluentd. */
  readonly prepared: SampledTiming;
  /** The place of an entry in its ring. So short that reading the clock is a good part of it. */
  readonly stored: SampledTiming;

  /** @param now monotonic, ms */
  constructor(now: () => number) {
    this.prepared = new SampledTiming(now);
    this.stored = new SampledTiming(now);
  }
}
