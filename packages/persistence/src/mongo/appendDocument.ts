import { type Clock, StoreError } from '@hawser/core';
import type { Collection } from 'mongodb';
import { duplicate } from '../appendRules.ts';
import type { Deadline } from './circuitBreaker.ts';
import type { JournalDocument } from './mongoDocuments.ts';
import { isDefinite, isDuplicateKey, toStoreError } from './mongoErrors.ts';

const MAX_ATTEMPTS = 10;
const RETRY_MS = 200;

/**
 * Inserts a document, and finds out what became of an insert whose answer was lost, came from a primary that stepped down, or
 * was an error of the write concern: it is inserted again, and whoever then holds the place is read with majority. The writer
 * and the document's own id tell whether it is ours.
 *
 * @throws StoreError `duplicate` when another writer holds the sequence number, `unavailable` when nobody can tell
 */
export async function appendDocument(
  journal: Collection<JournalDocument>,
  document: JournalDocument,
  deadline: Deadline,
  clock: Clock,
): Promise<void> {
  let failure: unknown;
  for (let attempt = 0; attempt < MAX_ATTEMPTS && !deadline.isOver(); attempt++) {
    if (attempt > 0) await wait(clock, RETRY_MS);
    try {
      await journal.insertOne(document);
      return;
    } catch (error) {
      failure = error;
      if (isDefinite(error)) break;
      if (isDuplicateKey(error) && (await isOurs(journal, document))) return;
    }
  }
  throw ambiguous(document, failure);
}

/** @returns false when no writer can be seen yet @throws StoreError `duplicate` */
async function isOurs(journal: Collection<JournalDocument>, document: JournalDocument): Promise<boolean> {
  const { pid, sn, _id, w } = document;
  let holder: JournalDocument | null;
  try {
    holder = await journal.findOne({ pid, sn }, { projection: { w: 1 } });
  } catch {
    return false;
  }
  if (holder === null) return false;
  if (holder._id === _id && holder.w === w) return true;
  throw duplicate(pid, Number(sn));
}

function ambiguous({ pid, sn }: JournalDocument, failure: unknown): StoreError {
  const { reason, message } = toStoreError(failure ?? new Error('nobody waits any more'));
  const text = isDefinite(failure) ? message : `it may or may not have been stored: ${message}`;
  return new StoreError(reason, text, { pid, sn: Number(sn) });
}

const wait = (clock: Clock, ms: number): Promise<void> =>
  new Promise((resolve) => {
    clock.after(ms, resolve);
  });
