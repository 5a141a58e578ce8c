import {
  type JournalEntry,
  type JsonObject,
  type RecordPosition,
  type Snapshot,
  type StoreUpkeep,
  stringifyJson,
  type WalkOptions,
} from '@hawser/core';
import { corrupt, parseStored } from '../records.ts';
import { fromFrame, toFrame } from './frame.ts';
import type { CurrentSession, LmdbSession } from './lmdbSession.ts';
import type { RecordTable } from './recordTable.ts';

const PREFIX = 'meta:';

export class LmdbUpkeep implements StoreUpkeep {
  readonly #session: CurrentSession;

  constructor(session: CurrentSession) {
    this.#session = session;
  }

  async readMeta(key: string): Promise<JsonObject | undefined> {
    const frame = this.#session().tables.meta.get(PREFIX + key);
    if (frame === undefined) return undefined;
    const content = fromFrame(frame);
    if ('damage' in content) throw corrupt(key, 0, content.damage);
    return parseStored(content.text, key, 0);
  }

  async writeMeta(key: string, value: JsonObject): Promise<void> {
    const { tables, writer } = this.#session();
    await writer.durable(tables.meta.put(PREFIX + key, toFrame(stringifyJson(value))));
  }

  entries(options: WalkOptions = {}): AsyncIterable<JournalEntry> {
    return this.#walk(({ tables }) => tables.journal, options);
  }

  snapshots(options: WalkOptions = {}): AsyncIterable<Snapshot> {
    return this.#walk(({ tables }) => tables.snapshots, options);
  }

  async replaceEntry(entry: JournalEntry): Promise<boolean> {
    const session = this.#session();
    return replace(session, session.tables.journal, entry, session.codec.entryRecord(entry));
  }

  async replaceSnapshot(snapshot: Snapshot): Promise<boolean> {
    const session = this.#session();
    return replace(session, session.tables.snapshots, snapshot, session.codec.snapshotRecord(snapshot));
  }

  async *#walk<T>(
    tableOf: (session: LmdbSession) => RecordTable<T>,
    { after, onDamaged }: WalkOptions,
  ): AsyncIterable<T> {
    let position = after ?? { pid: '', sn: 0 };
    for (;;) {
      const table = tableOf(this.#session());
      const records = table.chunkAfter(position);
      if (records.length === 0) return;
      for (const record of records) {
        const found = table.decodeOr(record, onDamaged);
        if (found !== undefined) yield found;
        this.#session();
        position = record;
      }
    }
  }
}

async function replace<T>(
  { writer }: LmdbSession,
  table: RecordTable<T>,
  { pid, sn }: RecordPosition,
  record: JsonObject,
): Promise<boolean> {
  if (!table.has(pid, sn)) return false;
  await writer.durable(table.put(pid, sn, toFrame(stringifyJson(record))));
  return true;
}
