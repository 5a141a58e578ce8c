import { type Clock, type ConnectionState, type Log, type Store, snapshotOfState } from '@hawser/core';

export interface SnapshotsSurroundings {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly config: {
    /** Events between two snapshots. */
    readonly snapshotThreshold: number;
    /** Longest time that a changed connection goes without one; 0: no such time. */
    readonly snapshotIntervalMs: number;
  };
}

/** Takes the snapshots of one connection beside its mailbox; a failed one is taken again with the next occasion. */
export class Snapshots {
  readonly #pid: string;
  readonly #around: SnapshotsSurroundings;
  #confirmedSn = 0;
  #latest: ConnectionState | undefined;
  #running: Promise<void> | undefined;
  #stopTimer: (() => void) | undefined;

  constructor(pid: string, around: SnapshotsSurroundings) {
    this.#pid = pid;
    this.#around = around;
  }

  /** The newest one that is known to be stored. */
  get confirmedSn(): number {
    return this.#confirmedSn;
  }

  /** Found while recovering. */
  recovered(sn: number): void {
    this.#confirmedSn = sn;
  }

  /** After each event that was persisted. */
  changed(state: ConnectionState): void {
    this.#latest = state;
    const isDue = state.revision - this.#confirmedSn >= this.#around.config.snapshotThreshold;
    if (isDue || state.lifecycle === 'deleted') void this.takeIfChanged();
    else this.#stopTimer ??= this.#afterInterval();
  }

  /** Saves the newest state unless that was done. Resolves when it is stored or has failed. */
  takeIfChanged(): Promise<void> {
    this.#running ??= this.#take().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  stop(): void {
    this.#stopTimer?.();
    this.#stopTimer = undefined;
  }

  async #take(): Promise<void> {
    this.stop();
    // What changed while a snapshot was written is covered too when it is the last change.
    for (let state = this.#unsaved(); state !== undefined; state = this.#unsaved()) {
      if (!(await this.#save(state)) || this.#latest?.lifecycle !== 'deleted') return;
    }
  }

  #unsaved(): ConnectionState | undefined {
    const state = this.#latest;
    return state === undefined || state.revision <= this.#confirmedSn ? undefined : state;
  }

  async #save(state: ConnectionState): Promise<boolean> {
    const { store, clock, log } = this.#around;
    const pid = this.#pid;
    const sn = state.revision;
    try {
      await store.snapshots.save({ pid, sn, timestamp: clock.now(), state: snapshotOfState(state) });
      this.#confirmedSn = Math.max(this.#confirmedSn, sn);
      return true;
    } catch (error) {
      log.warn('a snapshot failed', { pid, error });
      this.#stopTimer ??= this.#afterInterval();
      return false;
    }
  }

  #afterInterval(): (() => void) | undefined {
    const { clock, config } = this.#around;
    const { snapshotIntervalMs: intervalMs } = config;
    if (intervalMs <= 0) return undefined;
    return clock.after(intervalMs, () => {
      this.#stopTimer = undefined;
      void this.takeIfChanged();
    });
  }
}
