import type { JournalEntry, Snapshot } from '@hawser/core';
import { type Database, open, type RootDatabase } from 'lmdb';
import type { RecordCodec } from '../records.ts';
import { FILE_OPTIONS, type TREES } from './lmdbLayout.ts';
import { type RecordKey, RecordTable } from './recordTable.ts';

export interface LmdbTables {
  readonly env: RootDatabase<Buffer, string>;
  readonly journal: RecordTable<JournalEntry>;
  readonly snapshots: RecordTable<Snapshot>;
  readonly meta: Database<Buffer, string>;
}

/**
 * Opens the file, which is created when it is not there. `overlappingSync` stays off: a commit is visible only once it
 * is on disk, and the page that makes it so is written after all others were synced, which is what the power-loss model
 * of the fault suite checks. Throughput of group commits was the same with and without.
 */
export function openTables(file: string, codec: RecordCodec): LmdbTables {
  const env = open<Buffer, string>({ ...FILE_OPTIONS, path: file, overlappingSync: false });
  const tree = <K extends RecordKey | string>(name: (typeof TREES)[number]): Database<Buffer, K> =>
    env.openDB<Buffer, K>({ name, encoding: 'binary' });
  return {
    env,
    journal: new RecordTable(tree<RecordKey>('journal'), 'entry', codec.entry),
    snapshots: new RecordTable(tree<RecordKey>('snapshots'), 'snapshot', codec.snapshot),
    meta: tree<string>('meta'),
  };
}
