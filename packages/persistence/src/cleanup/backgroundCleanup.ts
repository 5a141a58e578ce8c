import type { Clock, Log, SnapshotSummary, Store } from '@hawser/core';
import { type CleanupLimits, type CleanupStep, planCleanup } from './planCleanup.ts';

/** `ditto.connectivity.connection.cleanup`. */
export interface CleanupConfig extends CleanupLimits {
  readonly enabled: boolean;
  readonly historyRetentionMs: number;
  readonly quietPeriodMs: number;
  readonly intervalMs: number;
  /** A slower store gets no credit. */
  readonly timerThresholdMs: number;
  readonly creditsPerBatch: number;
  readonly readsPerQuery: number;
}

export interface CleanupParts {
  readonly store: Store;
  readonly config: CleanupConfig;
  readonly clock: Clock;
  readonly log: Log;
  readonly pidPrefix: string;
  /** From 0 to 1: spreads the quiet periods of several processes. */
  readonly random: () => number;
  /** Longest round trip of others since it was asked last, ms. */
  readonly latencyMs?: () => number;
}

export interface CleanupHealth {
  readonly state: 'IN_QUIET_PERIOD' | 'RUNNING';
  /** The last pid that was looked at. */
  readonly pid: string;
}

/** One walk over all pids. */
interface Walk {
  isEnded: boolean;
}

/**
 * Removes history that is older than the retention, one credit at a time, while the store answers fast
 * (internal/utils/persistent-actors/.../cleanup/PersistenceCleanupActor.java, Credits.java).
 */
export class BackgroundCleanup {
  readonly #parts: CleanupParts;
  #config: CleanupConfig;
  #walk: Walk | undefined;
  #lastPid = '';
  #slowestMs = 0;
  #credits = 0;
  #isStopped = false;
  #cancel: () => void = () => {};
  /** Wakes the walk that waits for a credit. */
  #wake: () => void = () => {};

  constructor(parts: CleanupParts) {
    this.#parts = parts;
    this.#config = parts.config;
  }

  start(): void {
    this.#beQuiet(this.#randomQuietMs());
  }

  /** Nothing is removed after it returns, but for the step under way. */
  stop(): void {
    this.#isStopped = true;
    this.#cancel();
    this.#endWalk();
  }

  get config(): CleanupConfig {
    return this.#config;
  }

  /** Takes another configuration, and ends the walk under way: the next one begins after the quiet period, if at all. */
  modify(config: CleanupConfig, lastPid?: string): void {
    this.#config = config;
    if (lastPid !== undefined) this.#lastPid = lastPid;
    this.interrupt();
  }

  /** Ends the walk under way; the next one goes on behind its last pid, after the quiet period. */
  interrupt(): void {
    if (this.#walk === undefined) this.#beQuiet(this.#config.quietPeriodMs);
    else this.#endWalk();
  }

  /** For `status.commands:retrieveHealth`. */
  health(): CleanupHealth {
    return { state: this.#walk === undefined ? 'IN_QUIET_PERIOD' : 'RUNNING', pid: this.#lastPid };
  }

  #beQuiet(delayMs: number): void {
    this.#cancel();
    this.#cancel = () => {};
    if (this.#isStopped || !this.#config.enabled) return;
    this.#cancel = this.#parts.clock.after(delayMs, () => void this.#run());
  }

  #randomQuietMs(): number {
    return this.#config.quietPeriodMs * (1 + this.#parts.random());
  }

  #endWalk(): void {
    if (this.#walk !== undefined) this.#walk.isEnded = true;
    this.#wake();
  }

  /** After a failure, or when it is ended, the next walk goes on behind the last pid. */
  async #run(): Promise<void> {
    const walk: Walk = { isEnded: false };
    this.#walk = walk;
    try {
      for (let page = await this.#page(); page.length > 0; page = await this.#page())
        for (const base of page) {
          await this.#cleanUp(base, walk);
          if (walk.isEnded) return;
          this.#lastPid = base.pid;
        }
      // one that is ended meanwhile may have been told another pid
      if (!walk.isEnded) this.#lastPid = '';
    } catch (error) {
      this.#parts.log.warn('cleanup of old history failed, it goes on later', { pid: this.#lastPid, error });
    } finally {
      this.#walk = undefined;
      this.#beQuiet(this.#randomQuietMs());
    }
  }

  async #page(): Promise<readonly SnapshotSummary[]> {
    const { store, clock, pidPrefix } = this.#parts;
    const { historyRetentionMs, readsPerQuery } = this.#config;
    const found: SnapshotSummary[] = [];
    const takenUntil = clock.now() - historyRetentionMs;
    const options = this.#lastPid === '' ? { takenUntil } : { takenUntil, afterPid: this.#lastPid };
    for await (const summary of store.snapshots.newest(pidPrefix, options)) {
      found.push(summary);
      if (found.length >= readsPerQuery) break;
    }
    return found;
  }

  async #cleanUp(base: SnapshotSummary, walk: Walk): Promise<void> {
    const { store } = this.#parts;
    const steps = await this.#timed(async () => {
      const lowestEntrySn = await store.journal.lowestSn(base.pid);
      const lowestSnapshotSn = await store.snapshots.lowestSn(base.pid);
      return planCleanup({ base, lowestEntrySn, lowestSnapshotSn }, this.#config);
    });
    for (const step of steps) {
      if (!(await this.#credit(walk))) return;
      await this.#timed(() => this.#perform(step));
    }
  }

  #perform(step: CleanupStep): Promise<void> {
    const { journal, snapshots } = this.#parts.store;
    if (step.remove === 'entries') return journal.deleteTo(step.pid, step.toSn);
    return snapshots.deleteBelow(step.pid, step.belowSn);
  }

  /** Resolves when a step may be made. @returns false when the walk is ended */
  async #credit(walk: Walk): Promise<boolean> {
    while (this.#credits <= 0 && !walk.isEnded) await this.#interval();
    if (walk.isEnded) return false;
    this.#credits--;
    return true;
  }

  /** At its end credits are given, unless a round trip was slow meanwhile. */
  #interval(): Promise<void> {
    const { clock, latencyMs } = this.#parts;
    const { intervalMs, timerThresholdMs, creditsPerBatch } = this.#config;
    return new Promise((resolve) => {
      const cancel = clock.after(intervalMs, () => {
        const slowestMs = Math.max(this.#slowestMs, latencyMs?.() ?? 0);
        this.#slowestMs = 0;
        if (slowestMs <= timerThresholdMs) this.#credits = creditsPerBatch;
        resolve();
      });
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }

  async #timed<T>(call: () => Promise<T>): Promise<T> {
    const { clock } = this.#parts;
    const since = clock.monotonic();
    try {
      return await call();
    } finally {
      this.#slowestMs = Math.max(this.#slowestMs, clock.monotonic() - since);
    }
  }
}
