import type { JsonObject } from '../json/jsonValue.ts';

/** One event of one persistent actor. */
export interface JournalEntry {
  /** `connection:<id>`. */
  readonly pid: string;
  /** Sequence number, from 1, contiguous per pid. */
  readonly sn: number;
  /** Event type, Ditto's manifest. */
  readonly type: string;
  readonly tags: readonly string[];
  /** Wall time of the write, ms. */
  readonly timestamp: number;
  readonly event: JsonObject;
  /** Who wrote it (node and incarnation): an ambiguous write is recognised as one's own by writer and `sn`. */
  readonly writer: string;
  /** Fencing epoch of the writer's shard lease; 1 when there is a single process. */
  readonly epoch: number;
}

export interface Snapshot {
  readonly pid: string;
  /** The sequence number that it covers. */
  readonly sn: number;
  readonly timestamp: number;
  readonly state: JsonObject;
}

/** The newest event of a pid, without its payload. */
export interface NewestEntry {
  readonly pid: string;
  readonly sn: number;
  readonly type: string;
  readonly tags: readonly string[];
}

export interface SnapshotSummary {
  readonly pid: string;
  readonly sn: number;
  readonly lifecycle: string | undefined;
}

/**
 * Events of persistent actors. A promise of a write resolves only when the entry survives a crash of machine and process.
 * Every implementation passes testkit's store contract suite.
 */
export interface Journal {
  /**
   * Appends entries of one pid atomically; their sequence numbers continue the journal without a gap.
   *
   * @throws StoreError `duplicate` when `sn` is taken by another writer, `gap` when it leaves one out,
   * `unavailable` when the outcome is unknown or the store cannot be reached
   */
  append(entries: readonly JournalEntry[]): Promise<void>;
  /** Entries with `sn` greater than `afterSn`, ascending, streamed in bounded memory. Unknown pid: none. */
  read(pid: string, afterSn: number, toSn?: number): AsyncIterable<JournalEntry>;
  /** 0 for an unknown pid. Survives deletion of the entries. */
  highestSn(pid: string): Promise<number>;
  /** Removes entries with `sn` up to and including the given one. */
  deleteTo(pid: string, sn: number): Promise<void>;
  /** The newest entry of each pid that starts with `pidPrefix`, by pid; with `tag`, only those whose newest entry has it. */
  newest(pidPrefix: string, tag?: string): AsyncIterable<NewestEntry>;
}

export interface SnapshotStore {
  /** The snapshot with the highest `sn` up to `maxSn`. */
  latest(pid: string, maxSn?: number): Promise<Snapshot | undefined>;
  /** Idempotent per `(pid, sn)`. */
  save(snapshot: Snapshot): Promise<void>;
  /** Removes snapshots with `sn` lower than the given one. */
  deleteBelow(pid: string, sn: number): Promise<void>;
  /** The newest snapshot of each pid that starts with `pidPrefix`, by pid. */
  newest(pidPrefix: string): AsyncIterable<SnapshotSummary>;
}

export interface StoreHealth {
  readonly status: 'UP' | 'DOWN';
  /** Free text for operators; no secrets. */
  readonly detail: string;
}

/** A store of journals and snapshots: lmdb, MongoDB, memory. */
export interface Store {
  /** e.g. `lmdb`, `mongodb`, `memory`. */
  readonly kind: string;
  readonly journal: Journal;
  readonly snapshots: SnapshotStore;
  /** Resolves when the store can be used; a remote store may resolve earlier and report DOWN until it is reached. */
  open(): Promise<void>;
  /** Idempotent; waits for writes under way. */
  close(): Promise<void>;
  health(): Promise<StoreHealth>;
}

export type StoreFailure = 'duplicate' | 'gap' | 'unavailable' | 'corrupt' | 'tooLarge' | 'closed';

/** A store's refusal. `corrupt` concerns the named pid alone. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
  readonly reason: StoreFailure;
  readonly pid: string | undefined;
  readonly sn: number | undefined;

  constructor(
    reason: StoreFailure,
    message: string,
    options: { pid?: string; sn?: number; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.reason = reason;
    this.pid = options.pid;
    this.sn = options.sn;
  }
}
