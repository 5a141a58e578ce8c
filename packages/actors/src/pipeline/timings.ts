import type { Settlement } from '@hawser/core';
import { isPromise } from './maybePromise.ts';

/** Upper bounds of the buckets, seconds; one more bucket takes the rest. */
export const timingBounds: readonly number[] = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30];

/** A histogram in plain memory: a count costs no allocation. */
export class Timing {
  readonly counts = new Float64Array(timingBounds.length + 1);
  /** Seconds. */
  sum = 0;

  add(ms: number): void {
    const seconds = ms / 1_000;
    let bucket = 0;
    while (bucket < timingBounds.length && seconds > (timingBounds[bucket] ?? 0)) bucket++;
    this.counts[bucket] = (this.counts[bucket] ?? 0) + 1;
    this.sum += seconds;
  }

  addAll(other: Timing): void {
    other.counts.forEach((count, bucket) => {
      this.counts[bucket] = (this.counts[bucket] ?? 0) + count;
    });
    this.sum += other.sum;
  }
}

/** Most mappers that are told apart by name. */
const maxMappers = 50;

/** How long the stages of one connection's line take. */
export class Timings {
  readonly ackHandling: Readonly<Record<Settlement, Timing>> = {
    accepted: new Timing(),
    redeliver: new Timing(),
    rejected: new Timing(),
  };
  readonly published = new Timing();
  readonly publishFailed = new Timing();
  /** By direction, mapper and outcome, separated by line feeds. */
  readonly mapping = new Map<string, Timing>();
  /** Of successful mappings, by mapper: what every message asks for, without a key to be put together. */
  readonly #successful = { inbound: new Map<string, Timing>(), outbound: new Map<string, Timing>() };
  readonly #now: () => number;

  /** @param now monotonic, ms */
  constructor(now: () => number) {
    this.#now = now;
  }

  now(): number {
    return this.#now();
  }

  /** @param since of `now` */
  publishTook(since: number, ok: boolean): void {
    (ok ? this.published : this.publishFailed).add(this.#now() - since);
  }

  /** Notes how long a mapping takes that began at `startedAt`, of `now`. */
  mapped<T extends readonly { readonly mapper: string }[]>(
    direction: 'inbound' | 'outbound',
    startedAt: number,
    mapping: T | Promise<T>,
  ): T | Promise<T> {
    if (!isPromise(mapping)) {
      this.#mapped(direction, mapping[0]?.mapper, true, startedAt);
      return mapping;
    }
    return mapping.then(
      (outcomes) => {
        this.#mapped(direction, outcomes[0]?.mapper, true, startedAt);
        return outcomes;
      },
      (error: unknown) => {
        this.#mapped(direction, undefined, false, startedAt);
        throw error;
      },
    );
  }

  #mapped(direction: 'inbound' | 'outbound', mapper = 'none', ok: boolean, startedAt: number): void {
    const known = ok ? this.#successful[direction].get(mapper) : undefined;
    const timing = known ?? this.#timingOf(direction, mapper, ok);
    timing.add(this.#now() - startedAt);
  }

  #timingOf(direction: 'inbound' | 'outbound', mapper: string, ok: boolean): Timing {
    let key = `${direction}\n${mapper}\n${ok}`;
    if (!this.mapping.has(key) && this.mapping.size >= maxMappers) key = `${direction}\nothers\n${ok}`;
    const timing = this.mapping.get(key) ?? new Timing();
    this.mapping.set(key, timing);
    if (ok && this.#successful[direction].size < maxMappers) this.#successful[direction].set(mapper, timing);
    return timing;
  }
}
