import {
  isJsonArray,
  isJsonObject,
  type JournalEntry,
  type JsonObject,
  parseJson,
  type Snapshot,
  StoreError,
} from '@hawser/core';

/** Turns a record of one version into the next one, e.g. when a member was renamed. Must not fail. */
export type Upcast = (record: JsonObject) => JsonObject;

/** Deeper than any payload that the front doors let in, so that what was written can be read. */
const MAX_DEPTH = 2_000;

/** Writes records in the newest version and reads every version there has been. */
export interface RecordCodec {
  /** Version of the records that it writes; the store's schema version. */
  readonly version: number;
  entryRecord(entry: JournalEntry): JsonObject;
  snapshotRecord(snapshot: Snapshot): JsonObject;
  /** @throws StoreError `corrupt` when the record is no entry, or the entry of another place */
  entry(record: JsonObject, pid: string, sn: number): JournalEntry;
  /** @throws StoreError `corrupt` when the record is no snapshot, or the snapshot of another place */
  snapshot(record: JsonObject, pid: string, sn: number): Snapshot;
}

/** @param upcasts one for each version but the newest, the oldest first */
export function createRecordCodec(upcasts: readonly Upcast[]): RecordCodec {
  const version = upcasts.length + 1;
  const newest = (record: JsonObject, pid: string, sn: number): JsonObject => {
    if (record['pid'] !== pid || record['sn'] !== sn)
      throw corrupt(pid, sn, 'it says that it belongs to another place');
    const { v } = record;
    if (typeof v !== 'number' || !(v >= 1 && v <= version))
      throw corrupt(pid, sn, `its version ${String(v)} is unknown`);
    return upcasts.slice(v - 1).reduce((older, upcast) => upcast(older), record);
  };
  return {
    version,
    entryRecord: (entry) => entryRecord(entry, version),
    snapshotRecord: ({ pid, sn, timestamp, state }) => ({ v: version, pid, sn, ts: timestamp, s: state }),
    entry: (record, pid, sn) => entryOf(newest(record, pid, sn), pid, sn),
    snapshot: (record, pid, sn) => snapshotOf(newest(record, pid, sn), pid, sn),
  };
}

/** The records of this release. */
export const currentRecords: RecordCodec = createRecordCodec([]);

/** The members have the names of the MongoDB documents. */
const entryRecord = (entry: JournalEntry, version: number): JsonObject => ({
  v: version,
  pid: entry.pid,
  sn: entry.sn,
  t: entry.type,
  tags: entry.tags,
  ts: entry.timestamp,
  w: entry.writer,
  epoch: entry.epoch,
  e: entry.event,
});

function entryOf({ t, tags, ts, w, epoch, e }: JsonObject, pid: string, sn: number): JournalEntry {
  if (
    typeof t !== 'string' ||
    !isTime(ts) ||
    typeof w !== 'string' ||
    typeof epoch !== 'number' ||
    !isJsonArray(tags) ||
    !tags.every((tag) => typeof tag === 'string') ||
    !isJsonObject(e)
  )
    throw corrupt(pid, sn, 'a member is missing or of the wrong type');
  return { pid, sn, type: t, tags, timestamp: ts, event: e, writer: w, epoch };
}

const isTime = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

function snapshotOf({ ts, s }: JsonObject, pid: string, sn: number): Snapshot {
  if (!isTime(ts) || !isJsonObject(s)) throw corrupt(pid, sn, 'a member is missing or of the wrong type');
  return { pid, sn, timestamp: ts, state: s };
}

/** Text of a record, or of a payload, as JSON. Any key and any number survives the text form. @throws StoreError `corrupt` */
export function parseStored(text: string, pid: string, sn: number): JsonObject {
  let value: unknown;
  try {
    value = parseJson(text, { maxDepth: MAX_DEPTH });
  } catch (cause) {
    throw corrupt(pid, sn, 'the payload is no JSON', cause);
  }
  if (!isJsonObject(value)) throw corrupt(pid, sn, 'the payload is no JSON object');
  return value;
}

export const corrupt = (pid: string, sn: number, reason: string, cause?: unknown): StoreError =>
  new StoreError('corrupt', `record ${sn} of <${pid}> is damaged: ${reason}`, { pid, sn, cause });

/** Type of a newest entry, and life cycle of a newest snapshot, that cannot be read: listed whatever the tag, so that its owner finds out. */
export const DAMAGED = 'persistence-actor-internal:damaged';

/** `__lifecycle` of a snapshot's state. */
export const lifecycleOf = (state: JsonObject): string | undefined => {
  const lifecycle = Object.hasOwn(state, '__lifecycle') ? state['__lifecycle'] : undefined;
  return typeof lifecycle === 'string' ? lifecycle : undefined;
};
