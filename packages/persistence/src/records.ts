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

/** Version of the shape of the records below; the store's schema version names it too. */
export const RECORD_VERSION = 1;

/** Deeper than any payload that the front doors let in, so that what was written can be read. */
const MAX_DEPTH = 2_000;

/** The text form of an entry, with the names of the MongoDB documents. Any key and any number survives it. */
export const entryToText = (entry: JournalEntry): string =>
  stringifyJson({
    v: RECORD_VERSION,
    pid: entry.pid,
    sn: entry.sn,
    t: entry.type,
    tags: entry.tags,
    ts: entry.timestamp,
    w: entry.writer,
    epoch: entry.epoch,
    e: entry.event,
  });

export const snapshotToText = (snapshot: Snapshot): string =>
  stringifyJson({
    v: RECORD_VERSION,
    pid: snapshot.pid,
    sn: snapshot.sn,
    ts: snapshot.timestamp,
    s: snapshot.state,
  });

/** @throws StoreError `corrupt` when the text is no entry, or the entry of another place */
export function textToEntry(text: string, pid: string, sn: number): JournalEntry {
  const record = parseRecord(text, pid, sn);
  const { t, tags, ts, w, epoch, e } = record;
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

/** @throws StoreError `corrupt` when the text is no snapshot, or the snapshot of another place */
export function textToSnapshot(text: string, pid: string, sn: number): Snapshot {
  const { ts, s } = parseRecord(text, pid, sn);
  if (typeof ts !== 'number' || !isJsonObject(s))
    throw corrupt(pid, sn, 'a member is missing or of the wrong type');
  return { pid, sn, timestamp: ts, state: s };
}

/** The payload of a record, e.g. the event text of a MongoDB document. @throws StoreError `corrupt` */
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

function parseRecord(text: string, pid: string, sn: number): JsonObject {
  const record = parsePayload(text, pid, sn);
  if (record['pid'] !== pid || record['sn'] !== sn)
    throw corrupt(pid, sn, 'it says that it belongs to another place');
  if (record['v'] !== RECORD_VERSION) throw corrupt(pid, sn, `record version ${String(record['v'])}`);
  return record;
}

export const corrupt = (pid: string, sn: number, reason: string, cause?: unknown): StoreError =>
  new StoreError('corrupt', `record ${sn} of <${pid}> is damaged: ${reason}`, { pid, sn, cause });

/** `__lifecycle` of a snapshot's state. */
export const lifecycleOf = (state: JsonObject): string | undefined => {
  const lifecycle = Object.hasOwn(state, '__lifecycle') ? state['__lifecycle'] : undefined;
  return typeof lifecycle === 'string' ? lifecycle : undefined;
};
