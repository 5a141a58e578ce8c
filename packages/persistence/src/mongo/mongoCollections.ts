import { StoreError } from '@hawser/core';
import type { Collection, Db, IndexDescription } from 'mongodb';
import type { JournalDocument, MetaDocument, SnapshotDocument } from './mongoDocuments.ts';

export interface MongoCollections {
  readonly journal: Collection<JournalDocument>;
  readonly snapshots: Collection<SnapshotDocument>;
  readonly meta: Collection<MetaDocument>;
}

const NAMESPACE_NOT_FOUND = 26;

const PREFIX = 'hawser_';

/** Ditto's own collections are never written and never indexed. */
const DITTO_COLLECTIONS = ['connection_journal', 'connection_snaps', 'connection_metadata'];

export const collectionsOf = (db: Db): MongoCollections => ({
  journal: db.collection<JournalDocument>(`${PREFIX}journal`),
  snapshots: db.collection<SnapshotDocument>(`${PREFIX}snaps`),
  meta: db.collection<MetaDocument>(`${PREFIX}meta`),
});

/**
 * A database with Ditto's connections and none of ours is most likely one whose connections somebody expects to see.
 *
 * @throws StoreError `refused`
 */
export async function refuseDittosDatabase(db: Db): Promise<void> {
  const names = (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name);
  if (names.some((name) => name.startsWith(PREFIX))) return;
  const found = names.filter((name) => DITTO_COLLECTIONS.includes(name));
  if (found.length === 0) return;
  throw new StoreError(
    'refused',
    `database <${db.databaseName}> holds Ditto's collections (${found.join(', ')}) and none of Hawser: ` +
      'import its connections first, or set HAWSER_IGNORE_DITTO=true to start without any',
  );
}

const JOURNAL_INDEXES: readonly IndexDescription[] = [
  { key: { pid: 1, sn: 1 }, name: 'hawser_pid_sn', unique: true },
  { key: { tags: 1, pid: 1 }, name: 'hawser_tags_pid' },
  { key: { ts: 1 }, name: 'hawser_ts' },
];

const SNAPSHOT_INDEXES: readonly IndexDescription[] = [
  { key: { pid: 1, sn: -1 }, name: 'hawser_snaps_pid_sn', unique: true },
  { key: { pid: 1, sn: -1, _id: 1 }, name: 'hawser_snaps_pid_sn_id' },
];

/** Made when they are missing, also after somebody dropped them. FerretDB has no sparse, partial and TTL indexes. */
export async function ensureIndexes({ journal, snapshots }: MongoCollections): Promise<void> {
  await ensure(journal, JOURNAL_INDEXES);
  await ensure(snapshots, SNAPSHOT_INDEXES);
}

type Indexed = Pick<Collection, 'createIndex' | 'listIndexes'>;

/** Only those that are missing, one by one: FerretDB 1.24 fails over several that it has already. */
async function ensure(collection: Indexed, indexes: readonly IndexDescription[]): Promise<void> {
  const present = new Set(await indexNames(collection));
  for (const { key, ...options } of indexes)
    if (!present.has(options.name)) await collection.createIndex(key, options);
}

async function indexNames(collection: Indexed): Promise<readonly (string | undefined)[]> {
  try {
    return (await collection.listIndexes().toArray()).map(({ name }) => name);
  } catch (error) {
    if ((error as { code?: unknown }).code === NAMESPACE_NOT_FOUND) return [];
    throw error;
  }
}
