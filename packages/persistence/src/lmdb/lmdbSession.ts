import type { RecordCodec } from '../records.ts';
import type { DeletionMarks } from './deletionMarks.ts';
import type { DurableWriter } from './durableWriter.ts';
import type { FreeSpace } from './freeSpace.ts';
import type { LmdbTables } from './lmdbTables.ts';
import type { SeenTails } from './seenTails.ts';

/** What there is between opening and closing: shared by the journal, the snapshots and the upkeep of a store. */
export interface LmdbSession {
  readonly tables: LmdbTables;
  readonly marks: DeletionMarks;
  readonly writer: DurableWriter;
  readonly space: FreeSpace;
  readonly codec: RecordCodec;
  /** Highest sequence numbers, appends under way included, of pids that were written to. */
  readonly tails: Map<string, number>;
  /** The same for pids that were only read. */
  readonly seenTails: SeenTails;
  /** Writes under way by pid: whoever reads a pid waits for them. */
  readonly underWay: Map<string, Promise<void>>;
}

/**
 * The session, asked for again after every wait.
 *
 * @throws StoreError `closed` when there is none, `unavailable` after a failure
 */
export type CurrentSession = () => LmdbSession;
