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
  /** Where the first walk begins: behind this pid. */
  readonly lastPid?: string;
}

export interface CleanupHealth {
  readonly state: 'IN_QUIET_PERIOD' | 'RUNNING';
  /** The last pid that was looked at. */
  readonly pid: string;
}

/**
 * Removes history that is older than the retention, one credit at a time, while the store answers fast
 * (internal/utils/persistence/.../cleanup/PersistenceCleanupActor.java, Credits.java).
 */
export class BackgroundCleanup {
  readonly #parts: CleanupParts;
  #state: CleanupHealth['state'] = 'IN_QUIET_PERIOD';
  #lastPid: string;
  #slowestMs = 0;
  #credits = 0;
  #isStopped = false;
  #cancel: () => void = () => {};
  /** Wakes the run that waits for a credit. */
  #wake: () => void = () => {};

  constructor(parts: CleanupParts) {
    this.#parts = parts;
    this.#lastPid = parts.lastPid ?? '';
  }

  start(): void {
    if (this.#parts.config.enabled) this.#beQuiet();
  }

  /** Nothing is removed after it returns, but for the step under way. */
  stop(): void {
    this.#isStopped = true;
    this.#cancel();
    this.#wake();
  }

  /** For `status.commands:retrieveHealth`. */
  health(): CleanupHealth {
    return { state: this.#state, pid: this.#lastPid };
  }

  #beQuiet(): void {
    if (this.#isStopped) return;
    this.#state = 'IN_QUIET_PERIOD';
    const { clock, config, random } = this.#parts;
    const delayMs = config.quietPeriodMs * (1 + random() / 2);
    this.#cancel = clock.after(delayMs, () => void this.#run());
  }

  /** One walk over all pids. After a failure the next one goes on behind the last pid. */
  async #run(): Promise<void> {
    this.#state = 'RUNNING';
    try {
      for (let page = await this.#page(); page.length > 0; page = await this.#page())
        for (const base of page) {
          if (this.#isStopped) return;
          await this.#cleanUp(base);
          this.#lastPid = base.pid;
        }
      this.#lastPid = '';
    } catch (error) {
      this.#parts.log.warn('cleanup of old history failed, it goes on later', { pid: this.#lastPid, error });
    }
    this.#beQuiet();
  }

  async #page(): Promise<readonly SnapshotSummary[]> {
    const { store, config, clock, pidPrefix } = this.#parts;
    const found: SnapshotSummary[] = [];
    const takenUntil = clock.now() - config.historyRetentionMs;
    const options = this.#lastPid === '' ? { takenUntil } : { takenUntil, afterPid: this.#lastPid };
    for await (const summary of store.snapshots.newest(pidPrefix, options)) {
      found.push(summary);
      if (found.length >= config.readsPerQuery || this.#isStopped) break;
    }
    return found;
  }

  async #cleanUp(base: SnapshotSummary): Promise<void> {
    const { store, config } = this.#parts;
    const steps = await this.#timed(async () => {
      const lowestEntrySn = await store.journal.lowestSn(base.pid);
      const lowestSnapshotSn = await store.snapshots.lowestSn(base.pid);
      return planCleanup({ base, lowestEntrySn, lowestSnapshotSn }, config);
    });
    for (const step of steps) {
      await this.#credit();
      if (this.#isStopped) return;
      await this.#timed(() => this.#perform(step));
    }
  }

  #perform(step: CleanupStep): Promise<void> {
    const { journal, snapshots } = this.#parts.store;
    if (step.remove === 'entries') return journal.deleteTo(step.pid, step.toSn);
    return snapshots.deleteBelow(step.pid, step.belowSn);
  }

  /** Resolves when a step may be made. */
  async #credit(): Promise<void> {
    while (this.#credits === 0 && !this.#isStopped) await this.#interval();
    this.#credits--;
  }

  /** At its end credits are given, unless a round trip was slow meanwhile. */
  #interval(): Promise<void> {
    const { clock, config, latencyMs } = this.#parts;
    return new Promise((resolve) => {
      this.#wake = resolve;
      this.#cancel = clock.after(config.intervalMs, () => {
        const slowestMs = Math.max(this.#slowestMs, latencyMs?.() ?? 0);
        this.#slowestMs = 0;
        if (slowestMs <= config.timerThresholdMs) this.#credits = config.creditsPerBatch;
        resolve();
      });
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
