import { Fifo, type MaybePromise } from '@hawser/core';
import { isPromise } from './maybePromise.ts';

/** What work came to. */
export type Outcome<T> = { readonly value: T; readonly error?: undefined } | { readonly error: unknown };

interface Waiting<T> {
  readonly work: () => MaybePromise<T>;
  readonly deliver: (outcome: Outcome<T>) => void;
}

interface Started<T> {
  readonly deliver: (outcome: Outcome<T>) => void;
  /** Undefined until the work has ended. */
  outcome: Outcome<T> | undefined;
}

/**
 * Runs up to `parallelism` pieces of work at a time and delivers their outcomes in the order in which they came. Work that
 * answers at once, with nothing before it, is delivered before `run` returns, without a turn of the event loop.
 */
export class OrderedStage<T> {
  readonly #parallelism: number;
  readonly #started = new Fifo<Started<T>>();
  readonly #waiting = new Fifo<Waiting<T>>();
  #active = 0;
  #isDraining = false;

  constructor(parallelism: number) {
    this.#parallelism = Math.max(1, parallelism);
  }

  /** `deliver` must not throw. */
  run(work: () => MaybePromise<T>, deliver: (outcome: Outcome<T>) => void): void {
    const isAlone = this.#started.length === 0 && this.#waiting.length === 0 && !this.#isDraining;
    if (!isAlone) {
      this.#waiting.push({ work, deliver });
      this.#drain();
      return;
    }
    const outcome = this.#start(work, deliver);
    if (outcome === undefined) return;
    this.#isDraining = true;
    deliver(outcome);
    this.#isDraining = false;
    if (this.#waiting.length > 0) this.#drain();
  }

  /** @returns what it came to, if that is known already; else it counts as started */
  #start(work: Waiting<T>['work'], deliver: Waiting<T>['deliver']): Outcome<T> | undefined {
    try {
      const value = work();
      if (!isPromise(value)) return { value };
      this.#await({ deliver, outcome: undefined }, value);
      return undefined;
    } catch (error) {
      return { error };
    }
  }

  #await(started: Started<T>, value: Promise<T>): void {
    this.#active++;
    this.#started.push(started);
    value.then(
      (resolved) => this.#finished(started, { value: resolved }),
      (error: unknown) => this.#finished(started, { error }),
    );
  }

  #finished(started: Started<T>, outcome: Outcome<T>): void {
    this.#active--;
    started.outcome = outcome;
    this.#drain();
  }

  /** Not reentrant: what is delivered may bring new work, which waits for its turn. */
  #drain(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    for (;;) {
      const first = this.#started.first();
      if (first?.outcome !== undefined) {
        this.#started.shift();
        first.deliver(first.outcome);
      } else if (!this.#startNext()) break;
    }
    this.#isDraining = false;
  }

  #startNext(): boolean {
    if (this.#active >= this.#parallelism) return false;
    const next = this.#waiting.shift();
    if (next === undefined) return false;
    const outcome = this.#start(next.work, next.deliver);
    if (outcome !== undefined) this.#started.push({ deliver: next.deliver, outcome });
    return true;
  }
}
