import { type DamagedRecord, type JsonObject, type RecordPosition, StoreError } from '@hawser/core';
import type { Database } from 'lmdb';
import { corrupt, parseStored } from '../records.ts';
import { fromFrame } from './frame.ts';

/** Most records and bytes taken in one go; between two goes others run, and no page is held. */
const CHUNK_RECORDS = 256;
const CHUNK_BYTES = 1024 * 1024;

/** Greater than every sequence number. */
const END = Number.POSITIVE_INFINITY;

export type RecordKey = [pid: string, sn: number];

/** A record as it was found, not looked at yet. */
export interface StoredRecord {
  readonly pid: string;
  readonly sn: number;
  readonly frame: Buffer;
}

interface KeyRange {
  readonly start: RecordKey;
  readonly end?: RecordKey;
  readonly limit?: number;
  readonly reverse?: boolean;
}

/** Records of one kind by pid and sequence number. Reads are synchronous and see committed writes only. */
export class RecordTable<T> {
  readonly #db: Database<Buffer, RecordKey>;
  readonly #kind: DamagedRecord['kind'];
  readonly #decodeRecord: (record: JsonObject, pid: string, sn: number) => T;

  constructor(
    db: Database<Buffer, RecordKey>,
    kind: DamagedRecord['kind'],
    decodeRecord: (record: JsonObject, pid: string, sn: number) => T,
  ) {
    this.#db = db;
    this.#kind = kind;
    this.#decodeRecord = decodeRecord;
  }

  put(pid: string, sn: number, frame: Buffer): Promise<boolean> {
    return this.#db.put([pid, sn], frame);
  }

  remove(pid: string, sn: number): Promise<boolean> {
    return this.#db.remove([pid, sn]);
  }

  has(pid: string, sn: number): boolean {
    return this.#db.doesExist([pid, sn]);
  }

  /** @throws StoreError `corrupt` */
  get(pid: string, sn: number): T | undefined {
    const frame = this.#db.get([pid, sn]);
    return frame === undefined ? undefined : this.decode({ pid, sn, frame });
  }

  /** @throws StoreError `corrupt` */
  decode({ pid, sn, frame }: StoredRecord): T {
    const content = fromFrame(frame);
    if ('damage' in content) throw corrupt(pid, sn, content.damage);
    return this.#decodeRecord(parseStored(content.text, pid, sn), pid, sn);
  }

  /** As `decode`; a damaged record goes to `onDamaged` where that is given. */
  decodeOr(record: StoredRecord, onDamaged: ((record: DamagedRecord) => void) | undefined): T | undefined {
    try {
      return this.decode(record);
    } catch (error) {
      if (onDamaged === undefined || !(error instanceof StoreError)) throw error;
      onDamaged({ kind: this.#kind, pid: record.pid, sn: record.sn, reason: error.message });
      return undefined;
    }
  }

  /** Sequence number of the oldest record. */
  firstSn(pid: string): number | undefined {
    return this.sns(pid, 0, Number.MAX_SAFE_INTEGER, 1)[0];
  }

  /** Sequence number of the last record up to `maxSn`. */
  lastSn(pid: string, maxSn = Number.MAX_SAFE_INTEGER): number | undefined {
    return this.#keys({ start: [pid, maxSn], end: [pid, -1], limit: 1, reverse: true })[0]?.[1];
  }

  /** The last record up to `maxSn`. @throws StoreError `corrupt` */
  last(pid: string, maxSn = Number.MAX_SAFE_INTEGER): T | undefined {
    const [record] = this.#records({ start: [pid, maxSn], end: [pid, -1], limit: 1, reverse: true });
    return record && this.decode(record);
  }

  /** Sequence numbers of records between the two, both inclusive, ascending, at most `limit`. */
  sns(pid: string, fromSn: number, toSn: number, limit: number): number[] {
    return this.#keys({ start: [pid, fromSn], end: [pid, toSn + 1], limit }).map(([, sn]) => sn);
  }

  /** The first records of one pid between the two numbers, both inclusive; not all when they are many or large. */
  chunk(pid: string, fromSn: number, toSn: number): readonly StoredRecord[] {
    return this.#records({ start: [pid, fromSn], end: [pid, toSn + 1] });
  }

  /** The first records of any pid after the position; not all when they are many or large. */
  chunkAfter({ pid, sn }: RecordPosition): readonly StoredRecord[] {
    return this.#records({ start: [pid, sn + 1] });
  }

  /** The first pid greater than `afterPid` that starts with the prefix and has records. */
  nextPid(prefix: string, afterPid: string | undefined): string | undefined {
    const isInside = afterPid !== undefined && afterPid >= prefix;
    const [key] = this.#keys({ start: isInside ? [afterPid, END] : [prefix, -1], limit: 1 });
    return key?.[0].startsWith(prefix) ? key[0] : undefined;
  }

  #keys(range: KeyRange): RecordKey[] {
    return this.#guarded(range, () => [...this.#db.getKeys(range)]);
  }

  #records(range: KeyRange): StoredRecord[] {
    return this.#guarded(range, () => {
      const taken: StoredRecord[] = [];
      let bytes = 0;
      for (const { key, value } of this.#db.getRange({ limit: CHUNK_RECORDS, ...range })) {
        taken.push({ pid: key[0], sn: key[1], frame: value });
        bytes += value.length;
        if (bytes > CHUNK_BYTES) break;
      }
      return taken;
    });
  }

  /** What lmdb itself finds wrong with its pages is damage too. */
  #guarded<R>({ start: [pid, sn] }: KeyRange, read: () => R): R {
    try {
      return read();
    } catch (cause) {
      throw corrupt(pid, sn, cause instanceof Error ? cause.message : 'unreadable', cause);
    }
  }
}
