import type { NewestSnapshotOptions, Snapshot, SnapshotStore, SnapshotSummary } from '@hawser/core';
import type { Collection, Db, FindCursor } from 'mongodb';
import { lifecycleOf, type RecordCodec } from '../records.ts';
import { collectionsOf } from './mongoCollections.ts';
import type { MongoAccess } from './mongoConnection.ts';
import { fromSnapshotDocument, type SnapshotDocument, toSnapshotDocument } from './mongoDocuments.ts';
import { isDuplicateKey } from './mongoErrors.ts';
import { readBatches } from './readBatches.ts';

/** Snapshots in `hawser_snaps`. */
export class MongoSnapshots implements SnapshotStore {
  readonly #access: MongoAccess;
  readonly #codec: RecordCodec;

  constructor(access: MongoAccess, codec: RecordCodec) {
    this.#access = access;
    this.#codec = codec;
  }

  latest(pid: string, maxSn = Number.MAX_SAFE_INTEGER): Promise<Snapshot | undefined> {
    return this.#access.use('snapshots', async (db) => {
      const found = await collectionsOf(db).snapshots.findOne(
        { pid, sn: { $lte: maxSn } },
        { sort: { sn: -1 } },
      );
      return found === null ? undefined : fromSnapshotDocument(found, this.#codec);
    });
  }

  save(snapshot: Snapshot): Promise<void> {
    return this.#access.use('snapshots', async (db, _, { Long }) => {
      const lifecycle = lifecycleOf(snapshot.state);
      const document = toSnapshotDocument(snapshot, lifecycle, this.#codec, Long.fromNumber);
      await upsert(collectionsOf(db).snapshots, document);
    });
  }

  deleteBelow(pid: string, sn: number): Promise<void> {
    return this.#access.use('snapshots', async (db) => {
      await collectionsOf(db).snapshots.deleteMany({ pid, sn: { $lt: sn } });
    });
  }

  lowestSn(pid: string): Promise<number | undefined> {
    return this.#access.use('snapshots', async (db) => {
      const options = { sort: { sn: 1 }, projection: { sn: 1 } } as const;
      const oldest = await collectionsOf(db).snapshots.findOne({ pid }, options);
      return oldest === null ? undefined : Number(oldest.sn);
    });
  }

  async *newest(pidPrefix: string, options: NewestSnapshotOptions = {}): AsyncIterable<SnapshotSummary> {
    let pid: string | undefined;
    const find = (db: Db): FindCursor<SnapshotDocument> => findSummaries(db, pidPrefix, options);
    for await (const batch of readBatches(this.#access, 'snapshots', find)) {
      for (const document of batch) {
        if (document.pid === pid) continue;
        pid = document.pid;
        yield { pid, sn: Number(document.sn), lifecycle: document.l };
      }
    }
  }
}

const findSummaries = (
  db: Db,
  pidPrefix: string,
  { takenUntil, afterPid }: NewestSnapshotOptions,
): FindCursor<SnapshotDocument> => {
  const from = afterPid !== undefined && afterPid >= pidPrefix ? { $gt: afterPid } : { $gte: pidPrefix };
  const pid = { ...from, $lt: `${pidPrefix}\uffff` };
  const taken = takenUntil === undefined ? {} : { ts: { $lte: new Date(takenUntil) } };
  return collectionsOf(db)
    .snapshots.find({ pid, ...taken }, { projection: { pid: 1, sn: 1, l: 1 } })
    .sort({ pid: 1, sn: -1 });
};

/** Two upserts of the same snapshot at the same time: one of them finds the key taken, and then updates. */
async function upsert(snapshots: Collection<SnapshotDocument>, document: SnapshotDocument): Promise<void> {
  const { pid, sn, ...content } = document;
  const write = (): Promise<unknown> => snapshots.updateOne({ pid, sn }, { $set: content }, { upsert: true });
  try {
    await write();
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    await write();
  }
}
