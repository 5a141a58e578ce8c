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
  /** Sequence number of the oldest entry that is still there. */
  lowestSn(pid: string): Promise<number | undefined>;
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
  /** Sequence number of the oldest snapshot that is still there. */
  lowestSn(pid: string): Promise<number | undefined>;
  /** The newest snapshot of each pid that starts with `pidPrefix`, by pid. */
  newest(pidPrefix: string, options?: NewestSnapshotOptions): AsyncIterable<SnapshotSummary>;
}

export interface NewestSnapshotOptions {
  /** Only snapshots taken at or before this wall time, ms. */
  readonly takenUntil?: number;
  /** Only pids greater than this one. */
  readonly afterPid?: string;
}

/** Where a walk over all records stands. */
export interface RecordPosition {
  readonly pid: string;
  readonly sn: number;
}

export interface DamagedRecord extends RecordPosition {
  readonly kind: 'entry' | 'snapshot';
  /** What is wrong with it; no content of the record. */
  readonly reason: string;
}

export interface WalkOptions {
  /** The first record is the one after this position. */
  readonly after?: RecordPosition;
  /** Called for each record that cannot be read; the walk goes on. Without it the walk ends with `corrupt`. */
  readonly onDamaged?: (record: DamagedRecord) => void;
}

/** Access for migrations and verification, past the actors: records as they are stored. */
export interface StoreUpkeep {
  /** A small document of the store itself: schema version, progress of a migration. */
  readMeta(key: string): Promise<JsonObject | undefined>;
  writeMeta(key: string, value: JsonObject): Promise<void>;
  /** Every entry by pid and `sn`, in bounded memory. */
  entries(options?: WalkOptions): AsyncIterable<JournalEntry>;
  /** Every snapshot by pid and `sn`, in bounded memory. */
  snapshots(options?: WalkOptions): AsyncIterable<Snapshot>;
  /** Puts other content in the place of the entry with this pid and `sn`. False when there is none. */
  replaceEntry(entry: JournalEntry): Promise<boolean>;
  /** Puts other content in the place of the snapshot with this pid and `sn`. False when there is none. */
  replaceSnapshot(snapshot: Snapshot): Promise<boolean>;
}

/** Why the previous process on this store ended itself. */
export interface LastFailure {
  /** Wall time, ISO 8601. */
  readonly at: string;
  /** What the store was doing, e.g. `commit`. */
  readonly during: string;
  readonly cause: string;
  readonly pid: number;
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
  readonly upkeep: StoreUpkeep;
  /** Set after `open` when a failure of the store ended the previous process. For `/status`. */
  readonly lastFailure: LastFailure | undefined;
  /**
   * Resolves when the store can be used; a remote store may resolve earlier and report DOWN until it is reached.
   *
   * @throws StoreError `refused` when the data must not be used: held by another process, damaged, of a newer version, foreign
   */
  open(): Promise<void>;
  /** Idempotent; waits for writes under way. Afterwards everything is refused with `closed`. */
  close(): Promise<void>;
  /** `detail` names the product and version that holds the data. */
  health(): Promise<StoreHealth>;
}

export type StoreFailure =
  | 'duplicate'
  | 'gap'
  | 'unavailable'
  | 'corrupt'
  | 'tooLarge'
  | 'refused'
  | 'closed';

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
