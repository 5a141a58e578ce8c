import {
  type DamagedRecord,
  type JournalEntry,
  type JsonObject,
  type RecordPosition,
  type Snapshot,
  StoreError,
  type StoreUpkeep,
  stringifyJson,
  type WalkOptions,
} from '@hawser/core';
import type { Collection, Db, Filter, FindCursor } from 'mongodb';
import { lifecycleOf, parseStored, type RecordCodec } from '../records.ts';
import { collectionsOf } from './mongoCollections.ts';
import type { MongoAccess } from './mongoConnection.ts';
import {
  fromJournalDocument,
  fromSnapshotDocument,
  type JournalDocument,
  type SnapshotDocument,
  toEntryPart,
  toSnapshotDocument,
} from './mongoDocuments.ts';
import { readBatches } from './readBatches.ts';

const metaId = (key: string): string => `meta:${key}`;

export class MongoUpkeep implements StoreUpkeep {
  readonly #access: MongoAccess;
  readonly #codec: RecordCodec;

  constructor(access: MongoAccess, codec: RecordCodec) {
    this.#access = access;
    this.#codec = codec;
  }

  readMeta(key: string): Promise<JsonObject | undefined> {
    return this.#access.use('journal', async (db) => {
      const found = await collectionsOf(db).meta.findOne({ _id: metaId(key) });
      return found?.value === undefined ? undefined : parseStored(found.value, key, 0);
    });
  }

  writeMeta(key: string, value: JsonObject): Promise<void> {
    return this.#access.use('journal', async (db) => {
      const update = { $set: { value: stringifyJson(value) } };
      await collectionsOf(db).meta.updateOne({ _id: metaId(key) }, update, { upsert: true });
    });
  }

  async *entries({ after, onDamaged }: WalkOptions = {}): AsyncIterable<JournalEntry> {
    const isLater = ({ pid, sn }: JournalEntry): boolean => pid !== after?.pid || sn > after.sn;
    for (const filter of filtersAfter(after)) {
      const find = (db: Db): FindCursor<JournalDocument> =>
        collectionsOf(db)
          .journal.find({ ...filter, gone: { $exists: false } })
          .sort({ pid: 1, sn: 1 });
      for await (const batch of readBatches(this.#access, 'journal', find))
        for (const document of batch)
          yield* decodeOr('entry', document, onDamaged, () =>
            fromJournalDocument(document, this.#codec).filter(isLater),
          );
    }
  }

  async *snapshots({ after, onDamaged }: WalkOptions = {}): AsyncIterable<Snapshot> {
    for (const filter of filtersAfter(after)) {
      const find = (db: Db): FindCursor<SnapshotDocument> =>
        collectionsOf(db)
          .snapshots.find(filter as Filter<SnapshotDocument>)
          .sort({ pid: 1, sn: 1 });
      for await (const batch of readBatches(this.#access, 'snapshots', find))
        for (const document of batch)
          yield* decodeOr('snapshot', document, onDamaged, () => {
            const found = fromSnapshotDocument(document, this.#codec);
            return found.pid === after?.pid && found.sn <= after.sn ? [] : [found];
          });
    }
  }

  replaceEntry(entry: JournalEntry): Promise<boolean> {
    const { v, w, epoch } = this.#codec.entryRecord(entry);
    const part = toEntryPart(this.#codec.entryRecord(entry));
    return this.#access.use('journal', async (db, _, { Long }) => {
      const { journal } = collectionsOf(db);
      const common = { v: Number(v), w: String(w), epoch: Long.fromNumber(Number(epoch)) };
      const { pid, sn } = entry;
      const { matchedCount } = await journal.updateOne(
        { pid, sn, to: sn, gone: { $exists: false }, es: { $exists: false } },
        { $set: { ...common, ...part } },
      );
      return matchedCount > 0 || (await replaceInside(journal, entry, part, this.#codec));
    });
  }

  replaceSnapshot(snapshot: Snapshot): Promise<boolean> {
    return this.#access.use('snapshots', async (db, _, { Long }) => {
      const lifecycle = lifecycleOf(snapshot.state);
      const { pid, sn, ...content } = toSnapshotDocument(snapshot, lifecycle, this.#codec, Long.fromNumber);
      const { matchedCount } = await collectionsOf(db).snapshots.updateOne({ pid, sn }, { $set: content });
      return matchedCount > 0;
    });
  }
}

/** The rest of the position's pid, then all greater ones: one query each, which every server answers from the index. */
const filtersAfter = (after: RecordPosition | undefined): readonly Filter<JournalDocument>[] =>
  after === undefined ? [{}] : [{ pid: after.pid, sn: { $gt: after.sn - 100 } }, { pid: { $gt: after.pid } }];

function decodeOr<T>(
  kind: DamagedRecord['kind'],
  { pid, sn }: Pick<JournalDocument, 'pid' | 'sn'>,
  onDamaged: WalkOptions['onDamaged'],
  decode: () => readonly T[],
): readonly T[] {
  try {
    return decode();
  } catch (error) {
    if (onDamaged === undefined || !(error instanceof StoreError)) throw error;
    onDamaged({ kind, pid, sn: error.sn ?? Number(sn), reason: error.message });
    return [];
  }
}

/**
 * An entry among others that were appended with it: all of them are written again, in the newest version. A deletion that
 * trims the document meanwhile changes its `sn`.
 */
async function replaceInside(
  journal: Collection<JournalDocument>,
  { pid, sn }: RecordPosition,
  part: ReturnType<typeof toEntryPart>,
  codec: RecordCodec,
): Promise<boolean> {
  const document = await journal.findOne({ pid, sn: { $lte: sn }, to: { $gte: sn }, es: { $exists: true } });
  if (document === null) return false;
  const es = fromJournalDocument(document, codec).map((other) =>
    other.sn === sn ? part : toEntryPart(codec.entryRecord(other)),
  );
  const update = { $set: { es, v: codec.version } };
  const { matchedCount } = await journal.updateOne({ pid, sn: document.sn }, update);
  return matchedCount > 0;
}
