import type { Clock, Log, Store } from '@hawser/core';
import type { PingConfig } from '../config.ts';
import { type OpenConnectionEntry, openConnections } from './reopening.ts';

/**
 * Looks now and then for connections that should be open and wakes them, so that none stays away for long after whatever
 * went wrong (internal/utils/persistent-actors/.../PersistencePingActor.java).
 */
export class PingSweep {
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #config: PingConfig;
  readonly #ping: (entry: OpenConnectionEntry) => void;
  #waiting: OpenConnectionEntry[] = [];
  #cancels = new Set<() => void>();
  #isStopped = false;

  constructor(parts: {
    readonly store: Store;
    readonly clock: Clock;
    readonly log: Log;
    readonly config: PingConfig;
    readonly ping: (entry: OpenConnectionEntry) => void;
  }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#log = parts.log;
    this.#config = parts.config;
    this.#ping = parts.ping;
  }

  start(): void {
    this.#after(this.#config.initialDelayMs, () => this.#sweep());
  }

  stop(): void {
    this.#isStopped = true;
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
  }

  #sweep(): void {
    this.#after(this.#config.intervalMs, () => this.#sweep());
    openConnections(this.#store, this.#config.order, this.#config.journalTag).then(
      (found) => {
        const wasIdle = this.#waiting.length === 0;
        this.#waiting = [...found];
        if (wasIdle) this.#next();
      },
      (error: unknown) => this.#log.warn('the sweep for open connections failed', { error }),
    );
  }

  #next(): void {
    if (this.#isStopped) return;
    for (const entry of this.#waiting.splice(0, this.#config.rateEntities)) this.#ping(entry);
    if (this.#waiting.length > 0) this.#after(this.#config.rateFrequencyMs, () => this.#next());
  }

  #after(delayMs: number, task: () => void): void {
    if (this.#isStopped) return;
    const cancel = this.#clock.after(delayMs, () => {
      this.#cancels.delete(cancel);
      task();
    });
    this.#cancels.add(cancel);
  }
}
