import { type Journal, type JournalEntry, type NewestEntry, StoreError, stringifyJson } from '@hawser/core';
import { checkAppend, checkSize } from '../appendRules.ts';
import { corrupt, DAMAGED } from '../records.ts';
import { toFrame } from './frame.ts';
import type { CurrentSession, LmdbSession } from './lmdbSession.ts';

/** Most entries removed in one transaction. */
const DELETE_BATCH = 1_000;

/** The journal in lmdb. This process is the only writer, so the ends of the journals can be kept in memory. */
export class LmdbJournal implements Journal {
  readonly #session: CurrentSession;

  constructor(session: CurrentSession) {
    this.#session = session;
  }

  async append(entries: readonly JournalEntry[]): Promise<void> {
    const session = this.#session();
    const [first] = entries;
    if (first === undefined) return;
    checkAppend(entries, tailOf(session, first.pid));
    const frames = entries.map((entry) => frameOf(session, entry));
    session.space.take(frames.reduce((sum, { length }) => sum + length, 0));
    let committed: Promise<unknown> = Promise.resolve();
    frames.forEach((frame, index) => {
      committed = session.tables.journal.put(first.pid, first.sn + index, frame);
    });
    session.tails.set(first.pid, first.sn + entries.length - 1);
    await track(session, first.pid, session.writer.durable(committed));
  }

  async *read(pid: string, afterSn: number, toSn = Number.MAX_SAFE_INTEGER): AsyncIterable<JournalEntry> {
    await this.#settled(pid);
    const deletedTo = this.#session().marks.deletedTo(pid);
    let expected = Math.max(afterSn, deletedTo) + 1;
    for (;;) {
      const session = this.#session();
      const { journal } = session.tables;
      const records = journal.chunk(pid, expected, toSn);
      if (records.length === 0) {
        // Nothing follows what was read, or was deleted: there the journal ends.
        const isEnd = toSn === Number.MAX_SAFE_INTEGER && (expected > afterSn + 1 || afterSn <= deletedTo);
        if (isEnd) session.seenTails.set(pid, expected - 1);
        return;
      }
      for (const record of records) {
        if (record.sn !== expected) throw holeIn(this.#session(), pid, expected, record.sn);
        yield journal.decode(record);
        this.#session();
        expected++;
      }
    }
  }

  async highestSn(pid: string): Promise<number> {
    await this.#settled(pid);
    return tailOf(this.#session(), pid);
  }

  async deleteTo(pid: string, sn: number): Promise<void> {
    await this.#settled(pid);
    for (;;) {
      const { tables, marks, writer } = this.#session();
      const sns = tables.journal.sns(pid, 0, sn, DELETE_BATCH);
      const last = sns.at(-1);
      if (last === undefined) return;
      let committed: Promise<unknown> = marks.put(pid, last);
      for (const each of sns) committed = tables.journal.remove(pid, each);
      await writer.durable(committed);
    }
  }

  async lowestSn(pid: string): Promise<number | undefined> {
    await this.#settled(pid);
    return this.#session().tables.journal.firstSn(pid);
  }

  async *newest(pidPrefix: string, tag?: string): AsyncIterable<NewestEntry> {
    let pid: string | undefined;
    for (;;) {
      const session = this.#session();
      pid = session.tables.journal.nextPid(pidPrefix, pid);
      if (pid === undefined) return;
      const found = newestOf(session, pid, tag);
      if (found !== undefined) yield found;
    }
  }

  async #settled(pid: string): Promise<void> {
    await this.#session().underWay.get(pid);
  }
}

const tailOf = ({ tails, seenTails, tables, marks }: LmdbSession, pid: string): number =>
  tails.get(pid) ?? seenTails.get(pid) ?? tables.journal.lastSn(pid) ?? marks.deletedTo(pid);

function frameOf({ codec }: LmdbSession, entry: JournalEntry): Buffer {
  const frame = toFrame(stringifyJson(codec.entryRecord(entry)));
  checkSize(entry.pid, entry.sn, frame.length);
  return frame;
}

async function track({ underWay }: LmdbSession, pid: string, durable: Promise<void>): Promise<void> {
  underWay.set(pid, durable);
  try {
    await durable;
  } finally {
    if (underWay.get(pid) === durable) underWay.delete(pid);
  }
}

function newestOf({ tables }: LmdbSession, pid: string, tag: string | undefined): NewestEntry | undefined {
  const sn = tables.journal.lastSn(pid);
  if (sn === undefined) return undefined;
  try {
    const found = tables.journal.get(pid, sn);
    if (found === undefined || (tag !== undefined && !found.tags.includes(tag))) return undefined;
    return { pid, sn, type: found.type, tags: found.tags };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    return { pid, sn, type: DAMAGED, tags: [] };
  }
}

function holeIn({ marks }: LmdbSession, pid: string, expected: number, found: number): StoreError {
  if (marks.deletedTo(pid) >= expected)
    return new StoreError('unavailable', `entries of <${pid}> were removed while they were read`, { pid });
  return corrupt(pid, expected, `it is missing, the next one is ${found}`);
}
