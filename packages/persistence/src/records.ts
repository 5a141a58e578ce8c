import {
  isJsonArray,
  isJsonObject,
  type JournalEntry,
  type JsonObject,
  parseJson,
  type Snapshot,
  StoreError,
  stringifyJson,
} from '@hawser/core';

/** Turns a record of one version into the next one, e.g. when a member was renamed. Must not fail. */
export type Upcast = (record: JsonObject) => JsonObject;

/** Deeper than any payload that the front doors let in, so that what was written can be read. */
const MAX_DEPTH = 2_000;

/** Writes records as text in the newest version and reads every version there has been. */
export interface RecordCodec {
  /** Version of the records that it writes; the store's schema version. */
  readonly version: number;
  entryText(entry: JournalEntry): string;
  snapshotText(snapshot: Snapshot): string;
  /** @throws StoreError `corrupt` when the text is no entry, or the entry of another place */
  entry(text: string, pid: string, sn: number): JournalEntry;
  /** @throws StoreError `corrupt` when the text is no snapshot, or the snapshot of another place */
  snapshot(text: string, pid: string, sn: number): Snapshot;
}

/** @param upcasts one for each version but the newest, the oldest first */
export function createRecordCodec(upcasts: readonly Upcast[]): RecordCodec {
  const version = upcasts.length + 1;
  const parse = (text: string, pid: string, sn: number): JsonObject => {
    const record = parsePayload(text, pid, sn);
    if (record['pid'] !== pid || record['sn'] !== sn)
      throw corrupt(pid, sn, 'it says that it belongs to another place');
    const { v } = record;
    if (typeof v !== 'number' || !(v >= 1 && v <= version))
      throw corrupt(pid, sn, `its version ${String(v)} is unknown`);
    return upcasts.slice(v - 1).reduce((older, upcast) => upcast(older), record);
  };
  return {
    version,
    entryText: (entry) => entryText(entry, version),
    snapshotText: ({ pid, sn, timestamp, state }) =>
      stringifyJson({ v: version, pid, sn, ts: timestamp, s: state }),
    entry: (text, pid, sn) => entryOf(parse(text, pid, sn), pid, sn),
    snapshot: (text, pid, sn) => snapshotOf(parse(text, pid, sn), pid, sn),
  };
}

/** The records of this release. */
export const currentRecords: RecordCodec = createRecordCodec([]);

/** The members have the names of the MongoDB documents. Any key and any number survives the text. */
const entryText = (entry: JournalEntry, version: number): string =>
  stringifyJson({
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
    typeof ts !== 'number' ||
    typeof w !== 'string' ||
    typeof epoch !== 'number' ||
    !isJsonArray(tags) ||
    !tags.every((tag) => typeof tag === 'string') ||
    !isJsonObject(e)
  )
    throw corrupt(pid, sn, 'a member is missing or of the wrong type');
  return { pid, sn, type: t, tags, timestamp: ts, event: e, writer: w, epoch };
}

function snapshotOf({ ts, s }: JsonObject, pid: string, sn: number): Snapshot {
  if (typeof ts !== 'number' || !isJsonObject(s))
    throw corrupt(pid, sn, 'a member is missing or of the wrong type');
  return { pid, sn, timestamp: ts, state: s };
}

/** A payload's text as JSON. @throws StoreError `corrupt` */
export function parsePayload(text: string, pid: string, sn: number): JsonObject {
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
