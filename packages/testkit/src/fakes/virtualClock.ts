import type { Clock } from '@hawser/core';

interface Timer {
  readonly at: number;
  readonly order: number;
  readonly task: () => void;
}

/** A clock that stands until it is moved. Timers fire in order of their time, then of their making. */
export class VirtualClock implements Clock {
  #wallOffset: number;
  #now = 0;
  #order = 0;
  #timers: Timer[] = [];

  /** @param startsAt wall time, ms */
  constructor(startsAt = Date.UTC(2024, 0, 2, 3, 4, 5)) {
    this.#wallOffset = startsAt;
  }

  get pendingTimers(): number {
    return this.#timers.length;
  }

  now(): number {
    return this.#wallOffset + this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  after(delayMs: number, task: () => void): () => void {
    const timer: Timer = { at: this.#now + Math.max(0, delayMs), order: this.#order++, task };
    this.#timers.push(timer);
    return () => {
      const at = this.#timers.indexOf(timer);
      if (at >= 0) this.#timers.splice(at, 1);
    };
  }

  /** Moves both times and fires what falls due, also what those tasks schedule within the span. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (let due = this.#next(end); due !== undefined; due = this.#next(end)) {
      this.#timers.splice(this.#timers.indexOf(due), 1);
      this.#now = Math.max(this.#now, due.at);
      due.task();
    }
    this.#now = end;
  }

  /** Moves the wall time alone, as an operator or a time server does. */
  jumpWall(ms: number): void {
    this.#wallOffset += ms;
  }

  #next(end: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.at > end) continue;
      if (first === undefined || timer.at < first.at || (timer.at === first.at && timer.order < first.order))
        first = timer;
    }
    return first;
  }
}

/** Lets the event loop turn until work that was scheduled by `setImmediate` and promises has run. */
export async function turns(count = 8): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise((resolve) => setImmediate(resolve));
}
