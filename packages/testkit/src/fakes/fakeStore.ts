import {
  type Journal,
  type JournalEntry,
  type NewestEntry,
  type Snapshot,
  type SnapshotStore,
  type SnapshotSummary,
  type Store,
  StoreError,
  type StoreHealth,
  type StoreUpkeep,
} from '@hawser/core';

/**
 * What happens to the next operation. `lost`: refused, nothing stored. `ambiguous`: stored, but reported as failed.
 * `duplicate`: another writer was first.
 */
export type StoreFault = 'lost' | 'ambiguous' | 'duplicate' | 'unreadable';

/** A store in memory whose operations can be made to fail or to wait. Obeys the store contract otherwise. */
export class FakeStore implements Store {
  readonly kind = 'fake';
  readonly entries = new Map<string, JournalEntry[]>();
  readonly saved = new Map<string, Snapshot[]>();
  /** Asked before each operation. */
  fault: (operation: 'append' | 'read' | 'save', pid: string) => StoreFault | undefined = () => undefined;
  /** Awaited by each append before it is decided. */
  gate: (() => Promise<void>) | undefined;
  appends = 0;
  readonly #highest = new Map<string, number>();

  readonly journal: Journal = {
    append: (entries) => this.#append(entries),
    read: (pid, afterSn, toSn) => this.#read(pid, afterSn, toSn),
    highestSn: (pid) => Promise.resolve(this.#highest.get(pid) ?? 0),
    deleteTo: async (pid, sn) => {
      const kept = this.#of(pid).filter((entry) => entry.sn > sn);
      this.entries.set(pid, kept);
    },
    lowestSn: async (pid) => this.entries.get(pid)?.[0]?.sn,
    newest: (prefix, tag) => this.#newestEntries(prefix, tag),
  };

  readonly snapshots: SnapshotStore = {
    latest: async (pid, maxSn = Number.MAX_SAFE_INTEGER) => {
      this.#refuse('read', pid);
      return (this.saved.get(pid) ?? []).filter(({ sn }) => sn <= maxSn).at(-1);
    },
    save: async (snapshot) => {
      this.#refuse('save', snapshot.pid);
      const others = (this.saved.get(snapshot.pid) ?? []).filter(({ sn }) => sn !== snapshot.sn);
      this.saved.set(
        snapshot.pid,
        [...others, snapshot].sort((a, b) => a.sn - b.sn),
      );
    },
    deleteBelow: async (pid, sn) => {
      const kept = (this.saved.get(pid) ?? []).filter((snapshot) => snapshot.sn >= sn);
      this.saved.set(pid, kept);
    },
    lowestSn: async (pid) => this.saved.get(pid)?.[0]?.sn,
    newest: (prefix) => this.#newestSnapshots(prefix),
  };

  readonly lastFailure = undefined;

  /** Migrations and verification run on real stores; nothing that uses this fake needs them. */
  get upkeep(): StoreUpkeep {
    throw new Error('the fake store has no upkeep');
  }

  open(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  health(): Promise<StoreHealth> {
    return Promise.resolve({ status: 'UP', detail: 'fake' });
  }

  #of(pid: string): JournalEntry[] {
    const known = this.entries.get(pid);
    if (known !== undefined) return known;
    const fresh: JournalEntry[] = [];
    this.entries.set(pid, fresh);
    return fresh;
  }

  async #append(entries: readonly JournalEntry[]): Promise<void> {
    this.appends++;
    await this.gate?.();
    const [first] = entries;
    if (first === undefined) return;
    const { pid, sn } = first;
    const fault = this.fault('append', pid);
    if (fault === 'lost') throw new StoreError('unavailable', 'the store is away', { pid });
    const highest = this.#highest.get(pid) ?? 0;
    if (fault === 'duplicate' || sn <= highest)
      throw new StoreError('duplicate', `${sn} is taken`, { pid, sn });
    if (sn > highest + 1) throw new StoreError('gap', `${sn} leaves one out`, { pid, sn });
    this.#of(pid).push(...entries);
    this.#highest.set(pid, sn + entries.length - 1);
    if (fault === 'ambiguous') throw new StoreError('unavailable', 'no answer', { pid });
  }

  async *#read(pid: string, afterSn: number, toSn = Number.MAX_SAFE_INTEGER): AsyncIterable<JournalEntry> {
    this.#refuse('read', pid);
    for (const entry of this.#of(pid)) if (entry.sn > afterSn && entry.sn <= toSn) yield entry;
  }

  async *#newestEntries(prefix: string, tag: string | undefined): AsyncIterable<NewestEntry> {
    this.#refuse('read', prefix);
    for (const pid of [...this.entries.keys()].sort()) {
      const entry = this.entries.get(pid)?.at(-1);
      if (entry === undefined || !pid.startsWith(prefix)) continue;
      if (tag !== undefined && !entry.tags.includes(tag)) continue;
      yield { pid, sn: entry.sn, type: entry.type, tags: entry.tags };
    }
  }

  async *#newestSnapshots(prefix: string): AsyncIterable<SnapshotSummary> {
    for (const pid of [...this.saved.keys()].sort()) {
      const snapshot = this.saved.get(pid)?.at(-1);
      if (snapshot === undefined || !pid.startsWith(prefix)) continue;
      const lifecycle = snapshot.state['__lifecycle'];
      yield { pid, sn: snapshot.sn, lifecycle: typeof lifecycle === 'string' ? lifecycle : undefined };
    }
  }

  #refuse(operation: 'read' | 'save', pid: string): void {
    const fault = this.fault(operation, pid);
    if (fault === 'unreadable') throw new StoreError('corrupt', 'damaged', { pid });
    if (fault !== undefined) throw new StoreError('unavailable', 'the store is away', { pid });
  }
}
