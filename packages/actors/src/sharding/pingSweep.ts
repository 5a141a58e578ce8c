import type { Clock, Log, Store } from '@hawser/core';
import type { PingConfig } from '../config.ts';
import { type OpenConnectionEntry, openConnections } from './reopening.ts';

/** How old a list may be when a sweep goes over it. */
const MAX_AGE_MS = 10_000;

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
  /** What reopening found, for the sweep that follows at once. */
  #listed: { readonly entries: readonly OpenConnectionEntry[]; readonly at: number } | undefined;
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

  /** What reopening found: a sweep moments later need not walk through the whole journal once more. */
  listed(entries: readonly OpenConnectionEntry[]): void {
    if (this.#config.journalTag === '') this.#listed = { entries, at: this.#clock.monotonic() };
  }

  stop(): void {
    this.#isStopped = true;
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
  }

  #sweep(): void {
    this.#after(this.#config.intervalMs, () => this.#sweep());
    this.#list().then(
      (found) => {
        const wasIdle = this.#waiting.length === 0;
        this.#waiting = [...found];
        if (wasIdle) this.#next();
      },
      (error: unknown) => this.#log.warn('the sweep for open connections failed', { error }),
    );
  }

  async #list(): Promise<readonly OpenConnectionEntry[]> {
    const listed = this.#listed;
    this.#listed = undefined;
    if (listed !== undefined && this.#clock.monotonic() - listed.at <= MAX_AGE_MS) return listed.entries;
    return openConnections(this.#store, this.#config.order, this.#config.journalTag);
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
