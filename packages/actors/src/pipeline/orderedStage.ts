import type { MaybePromise } from '@hawser/core';
import { isPromise } from './maybePromise.ts';

/** What work came to. */
export type Outcome<T> = { readonly value: T; readonly error?: undefined } | { readonly error: unknown };

interface Slot<T> {
  readonly work: () => MaybePromise<T>;
  readonly deliver: (outcome: Outcome<T>) => void;
  isStarted: boolean;
  outcome: Outcome<T> | undefined;
}

/**
 * Runs up to `parallelism` pieces of work at a time and delivers their outcomes in the order in which they came. Work that
 * answers at once, with nothing before it, is delivered before `run` returns, without a turn of the event loop.
 */
export class OrderedStage<T> {
  readonly #parallelism: number;
  readonly #slots: Slot<T>[] = [];
  #active = 0;
  #isDraining = false;

  constructor(parallelism: number) {
    this.#parallelism = Math.max(1, parallelism);
  }

  /** `deliver` must not throw. */
  run(work: () => MaybePromise<T>, deliver: (outcome: Outcome<T>) => void): void {
    if (this.#slots.length === 0 && !this.#isDraining && this.#active < this.#parallelism) {
      this.#runNow(work, deliver);
      return;
    }
    const slot: Slot<T> = { work, deliver, isStarted: false, outcome: undefined };
    this.#slots.push(slot);
    if (this.#active < this.#parallelism) this.#start(slot);
    this.#drain();
  }

  #runNow(work: () => MaybePromise<T>, deliver: (outcome: Outcome<T>) => void): void {
    let outcome: Outcome<T>;
    try {
      const value = work();
      if (isPromise(value)) {
        const slot: Slot<T> = { work, deliver, isStarted: true, outcome: undefined };
        this.#slots.push(slot);
        this.#await(slot, value);
        return;
      }
      outcome = { value };
    } catch (error) {
      outcome = { error };
    }
    this.#isDraining = true;
    deliver(outcome);
    this.#isDraining = false;
    if (this.#slots.length > 0) this.#drain();
  }

  #start(slot: Slot<T>): void {
    slot.isStarted = true;
    try {
      const value = slot.work();
      if (!isPromise(value)) {
        slot.outcome = { value };
        return;
      }
      this.#await(slot, value);
    } catch (error) {
      slot.outcome = { error };
    }
  }

  #await(slot: Slot<T>, value: Promise<T>): void {
    this.#active++;
    value.then(
      (resolved) => this.#finished(slot, { value: resolved }),
      (error: unknown) => this.#finished(slot, { error }),
    );
  }

  #finished(slot: Slot<T>, outcome: Outcome<T>): void {
    this.#active--;
    slot.outcome = outcome;
    this.#drain();
  }

  /** Not reentrant: what is delivered may bring new work, which waits for its turn. */
  #drain(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    for (;;) {
      const first = this.#slots[0];
      if (first?.outcome === undefined) {
        if (!this.#startNext()) break;
        continue;
      }
      this.#slots.shift();
      first.deliver(first.outcome);
    }
    this.#isDraining = false;
  }

  #startNext(): boolean {
    if (this.#active >= this.#parallelism) return false;
    const next = this.#slots.find(({ isStarted }) => !isStarted);
    if (next === undefined) return false;
    this.#start(next);
    return true;
  }
}
