import { randomUUID } from 'node:crypto';
import { type Clock, type Journal, type JournalEntry, type NewestEntry, StoreError } from '@hawser/core';
import type { Db, FindCursor } from 'mongodb';
import { checkAppend, checkContiguous } from '../appendRules.ts';
import { corrupt, DAMAGED, type RecordCodec } from '../records.ts';
import { appendDocument } from './appendDocument.ts';
import { collectionsOf, type MongoCollections } from './mongoCollections.ts';
import type { MongoAccess, MongoCall } from './mongoConnection.ts';
import { deletedTo, deleteEntries } from './mongoDeletion.ts';
import {
  fromJournalDocument,
  type JournalDocument,
  MAX_ENTRIES_PER_DOCUMENT,
  toJournalDocument,
} from './mongoDocuments.ts';
import { readBatches } from './readBatches.ts';

/** How long the end of a journal, as this process saw it, is good for a gap check without asking again. */
const TAIL_IS_FRESH_MS = 60_000;

/** Everything but payloads. */
const SUMMARY = { pid: 1, sn: 1, to: 1, t: 1, tags: 1, gone: 1 } as const;

type MongoCallArguments = Parameters<MongoCall<void>>;

interface Tail {
  readonly sn: number;
  readonly seenAt: number;
}

/** The journal in `hawser_journal`. Several processes may write; the unique index on pid and sequence number decides. */
export class MongoJournal implements Journal {
  readonly #access: MongoAccess;
  readonly #codec: RecordCodec;
  readonly #clock: Clock;
  readonly #tails = new Map<string, Tail>();
  /** Appends under way by pid, settled: the next one, and who reads the pid, waits for them. */
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(access: MongoAccess, codec: RecordCodec, clock: Clock) {
    this.#access = access;
    this.#codec = codec;
    this.#clock = clock;
  }

  async append(entries: readonly JournalEntry[]): Promise<void> {
    const pid = entries[0]?.pid ?? '';
    const before = this.#underWay.get(pid) ?? Promise.resolve();
    const own = before.then(() => this.#access.use('journal', (...call) => this.#insert(entries, ...call)));
    const settled = own.catch(() => {});
    this.#underWay.set(pid, settled);
    try {
      await own;
    } finally {
      if (this.#underWay.get(pid) === settled) this.#underWay.delete(pid);
    }
  }

  async *read(pid: string, afterSn: number, toSn = Number.MAX_SAFE_INTEGER): AsyncIterable<JournalEntry> {
    await this.#underWay.get(pid);
    let expected: number | undefined;
    for await (const batch of readBatches(this.#access, 'journal', (db) =>
      findEntries(db, pid, afterSn, toSn),
    )) {
      for (const entry of batch.flatMap((document) => this.#decode(document))) {
        if (entry.sn <= afterSn || entry.sn > toSn) continue;
        if (entry.sn !== (expected ?? afterSn + 1)) await this.#refuseHole(pid, expected, afterSn, entry.sn);
        yield entry;
        expected = entry.sn + 1;
      }
    }
    if (expected !== undefined && toSn === Number.MAX_SAFE_INTEGER) this.#see(pid, expected - 1);
  }

  async highestSn(pid: string): Promise<number> {
    await this.#underWay.get(pid);
    return await this.#access.use('journal', async (db) => {
      const highest = await highestOf(collectionsOf(db), pid);
      this.#see(pid, highest);
      return highest;
    });
  }

  async deleteTo(pid: string, sn: number): Promise<void> {
    await this.#access.use('journal', (db, _, { Long }) =>
      deleteEntries(collectionsOf(db), pid, sn, Long.fromNumber),
    );
  }

  async lowestSn(pid: string): Promise<number | undefined> {
    return await this.#access.use('journal', async (db) => {
      const oldest = await collectionsOf(db).journal.findOne(
        { pid, gone: { $exists: false } },
        { sort: { sn: 1 }, projection: { sn: 1 } },
      );
      return oldest === null ? undefined : Number(oldest.sn);
    });
  }

  /** Walks along the index: no server-side grouping that finds the last of a group is alike on all servers. */
  async *newest(pidPrefix: string, tag?: string): AsyncIterable<NewestEntry> {
    let last: JournalDocument | undefined;
    for await (const batch of readBatches(this.#access, 'journal', (db) => findSummaries(db, pidPrefix))) {
      for (const document of batch) {
        if (last !== undefined && last.pid !== document.pid) yield* newestOf(last, tag);
        last = document;
      }
    }
    if (last !== undefined) yield* newestOf(last, tag);
  }

  async #insert(
    entries: readonly JournalEntry[],
    ...[db, deadline, { Long }]: MongoCallArguments
  ): Promise<void> {
    const [first, ...others] = entries;
    if (first === undefined) return;
    checkContiguous(entries, first);
    if (others.length >= MAX_ENTRIES_PER_DOCUMENT)
      throw new StoreError('tooLarge', `${entries.length} entries are too many for one append`, first);
    const document = toJournalDocument([first, ...others], randomUUID(), this.#codec, Long.fromNumber);
    const collections = collectionsOf(db);
    checkAppend(entries, await this.#tail(collections, first.pid, first.sn - 1));
    this.#tails.delete(first.pid);
    await appendDocument(collections.journal, document, deadline, this.#clock);
    this.#see(first.pid, Number(document.to));
  }

  #decode(document: JournalDocument): readonly JournalEntry[] {
    return fromJournalDocument(document, this.#codec);
  }

  /** The end of the journal: as it was seen lately, when that is what the writer expects, else as the server says. */
  async #tail(collections: MongoCollections, pid: string, expected: number): Promise<number> {
    const seen = this.#tails.get(pid);
    const isFresh = seen !== undefined && this.#clock.monotonic() - seen.seenAt < TAIL_IS_FRESH_MS;
    return isFresh && seen.sn === expected ? seen.sn : await highestOf(collections, pid);
  }

  #see(pid: string, sn: number): void {
    this.#tails.set(pid, { sn, seenAt: this.#clock.monotonic() });
  }

  async #refuseHole(
    pid: string,
    expected: number | undefined,
    afterSn: number,
    found: number,
  ): Promise<void> {
    const missing = expected ?? afterSn + 1;
    const deleted = await this.#access.use('journal', (db) => deletedTo(collectionsOf(db), pid));
    if (deleted < found - 1) throw corrupt(pid, missing, `it is missing, the next one is ${found}`);
    if (expected !== undefined)
      throw new StoreError('unavailable', `entries of <${pid}> were removed while they were read`, { pid });
  }
}

async function highestOf({ journal }: MongoCollections, pid: string): Promise<number> {
  const newest = await journal.findOne({ pid }, { sort: { sn: -1 }, projection: { to: 1 } });
  return newest === null ? 0 : Number(newest.to);
}

/** A document begins at most so many entries before its last one. */
const findEntries = (db: Db, pid: string, afterSn: number, toSn: number): FindCursor<JournalDocument> =>
  collectionsOf(db)
    .journal.find({ pid, sn: { $gt: afterSn - MAX_ENTRIES_PER_DOCUMENT, $lte: toSn }, to: { $gt: afterSn } })
    .sort({ sn: 1 });

const findSummaries = (db: Db, pidPrefix: string): FindCursor<JournalDocument> =>
  collectionsOf(db)
    .journal.find({ pid: { $gte: pidPrefix, $lt: `${pidPrefix}\uffff` } }, { projection: SUMMARY })
    .sort({ pid: 1, sn: 1 });

function* newestOf(document: JournalDocument, tag: string | undefined): Iterable<NewestEntry> {
  const { pid, to, t, tags, gone } = document;
  if (gone) return;
  if (t === undefined || !Array.isArray(tags)) yield { pid, sn: Number(to), type: DAMAGED, tags: [] };
  else if (tag === undefined || tags.includes(tag)) yield { pid, sn: Number(to), type: t, tags };
}
