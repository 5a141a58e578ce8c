import type { Long } from 'mongodb';
import type { MongoCollections } from './mongoCollections.ts';
import type { JournalDocument, ToLong } from './mongoDocuments.ts';

const markId = (pid: string): string => `deletedTo:${pid}`;

/** Up to where the entries of a pid were deleted: tells deletion from loss. */
export async function deletedTo({ meta }: MongoCollections, pid: string): Promise<number> {
  return Number((await meta.findOne({ _id: markId(pid) }))?.sn ?? 0);
}

/**
 * Removes entries up to `sn`. The newest document stays, emptied, when all entries go: it keeps the highest sequence number.
 * Killed in between it leaves entries that a later deletion takes.
 */
export async function deleteEntries(
  collections: MongoCollections,
  pid: string,
  sn: number,
  long: ToLong,
): Promise<void> {
  const { journal } = collections;
  const newest = await journal.findOne({ pid }, { sort: { sn: -1 }, projection: { sn: 1, to: 1, gone: 1 } });
  if (newest === null) return;
  const last = long(Math.min(sn, Number(newest.to)));
  await noteDeletion(collections, pid, last);
  await journal.deleteMany({ pid, to: { $lte: last }, sn: { $lt: newest.sn } });
  await trimDocument(journal, pid, last, long);
  if (Number(newest.to) <= sn && newest.gone !== true)
    await journal.updateOne(
      { pid, sn: newest.sn },
      { $set: { gone: true }, $unset: { e: '', es: '', t: '', tags: '' } },
    );
}

async function noteDeletion(collections: MongoCollections, pid: string, last: Long): Promise<void> {
  if ((await deletedTo(collections, pid)) >= Number(last)) return;
  await collections.meta.updateOne({ _id: markId(pid) }, { $set: { sn: last } }, { upsert: true });
}

/** Of entries that were appended together and are deleted in part, the later ones stay. */
async function trimDocument(
  journal: MongoCollections['journal'],
  pid: string,
  last: Long,
  long: ToLong,
): Promise<void> {
  const cut: JournalDocument | null = await journal.findOne({ pid, sn: { $lte: last }, to: { $gt: last } });
  if (cut?.es === undefined) return;
  const first = Number(last) + 1;
  await journal.updateOne(
    { pid, sn: cut.sn },
    { $set: { sn: long(first), es: cut.es.slice(first - Number(cut.sn)) } },
  );
}
