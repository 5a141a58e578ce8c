import { type JournalEntry, type JsonObject, type Snapshot, stringifyJson } from '@hawser/core';
import type { Long } from 'mongodb';
import { checkSize } from '../appendRules.ts';
import { corrupt, parseStored, type RecordCodec } from '../records.ts';

/** Most entries of one append: they lie in one document, which makes them atomic without transactions. */
export const MAX_ENTRIES_PER_DOCUMENT = 100;

type Int = number | Long;

/** What differs between the entries of one document. */
interface EntryPart {
  readonly t: string;
  readonly tags: readonly string[];
  readonly ts: Date;
  /** The event as JSON text: every key and number survives, whatever BSON and the server do with them. */
  readonly e: string;
}

/** `hawser_journal`: one entry, or several that were appended together in `es`; then `t` and `tags` are those of the last. */
export interface JournalDocument extends Partial<EntryPart> {
  readonly _id: string;
  readonly pid: string;
  readonly sn: Int;
  /** The last sequence number in the document. */
  readonly to: Int;
  readonly epoch: Int;
  readonly w: string;
  readonly v: number;
  readonly es?: readonly EntryPart[];
  /** The entries were deleted; what is left keeps the highest sequence number, and keeps others from taking it. */
  readonly gone?: true;
}

/** `hawser_snaps`. */
export interface SnapshotDocument {
  readonly pid: string;
  readonly sn: Int;
  readonly ts: Date;
  /** Life cycle of the state, so that listing needs no states. */
  readonly l?: string;
  /** The state as JSON text. */
  readonly s: string;
  readonly v: number;
}

/** `hawser_meta`. */
export interface MetaDocument {
  readonly _id: string;
  readonly sn?: Int;
  readonly value?: string;
}

export type ToLong = (value: number) => Long;

/** @throws StoreError `tooLarge` */
export function toJournalDocument(
  entries: readonly [JournalEntry, ...JournalEntry[]],
  id: string,
  codec: RecordCodec,
  long: ToLong,
): JournalDocument {
  const [first] = entries;
  const last = entries.at(-1) ?? first;
  const parts = entries.map((entry) => toEntryPart(codec.entryRecord(entry)));
  checkSize(
    first.pid,
    first.sn,
    parts.reduce((sum, { e }) => sum + Buffer.byteLength(e), 0),
  );
  const common = {
    _id: id,
    pid: first.pid,
    sn: long(first.sn),
    to: long(last.sn),
    epoch: long(first.epoch),
    w: first.writer,
    v: codec.version,
  };
  const [only] = parts;
  if (parts.length === 1) return { ...common, ...only };
  return { ...common, t: last.type, tags: last.tags, ts: new Date(last.timestamp), es: parts };
}

/** Everything of a record that is not common to a document, whatever a later version adds. */
export function toEntryPart(record: JsonObject): EntryPart {
  const { v, pid, sn, epoch, w, ts, e, ...rest } = record;
  return { ...rest, ts: new Date(Number(ts)), e: stringifyJson(e) } as unknown as EntryPart;
}

/** The entries of a document, oldest first. @throws StoreError `corrupt` */
export function fromJournalDocument(document: JournalDocument, codec: RecordCodec): JournalEntry[] {
  if (document.gone) return [];
  const { es, ...single } = document;
  const first = Number(document.sn);
  if (es === undefined) return [entryOf(single, document, first, codec)];
  return es.map((part, index) => entryOf(part, document, first + index, codec));
}

function entryOf(
  part: Partial<EntryPart>,
  { pid, epoch, w, v }: JournalDocument,
  sn: number,
  codec: RecordCodec,
): JournalEntry {
  if (typeof part.e !== 'string') throw corrupt(pid, sn, 'its event is no text');
  const { t, tags, ts, e, ...more } = part;
  const record = { ...more, v, pid, sn, t, tags, ts: ts?.valueOf(), w, epoch: Number(epoch) };
  return codec.entry({ ...record, e: parseStored(e, pid, sn) } as JsonObject, pid, sn);
}

/** @throws StoreError `tooLarge` */
export function toSnapshotDocument(
  snapshot: Snapshot,
  lifecycle: string | undefined,
  codec: RecordCodec,
  long: ToLong,
): SnapshotDocument {
  const { pid, sn, ts, s, ...rest } = codec.snapshotRecord(snapshot);
  const text = stringifyJson(s);
  checkSize(snapshot.pid, snapshot.sn, Buffer.byteLength(text));
  return {
    ...(rest as { v: number }),
    pid: snapshot.pid,
    sn: long(snapshot.sn),
    ts: new Date(Number(ts)),
    ...(lifecycle !== undefined && { l: lifecycle }),
    s: text,
  };
}

/** @throws StoreError `corrupt` */
export function fromSnapshotDocument(document: SnapshotDocument, codec: RecordCodec): Snapshot {
  const { pid, ts, s, l, ...rest } = document;
  const sn = Number(document.sn);
  if (typeof s !== 'string') throw corrupt(pid, sn, 'its state is no text');
  const record = { ...rest, pid, sn, ts: ts?.valueOf(), s: parseStored(s, pid, sn) };
  return codec.snapshot(record as JsonObject, pid, sn);
}
