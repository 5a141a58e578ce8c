import {
  type Journal,
  type JournalEntry,
  type JsonObject,
  type NewestEntry,
  type NewestSnapshotOptions,
  type RecordPosition,
  type Snapshot,
  type SnapshotStore,
  type SnapshotSummary,
  type Store,
  StoreError,
  type StoreHealth,
  type StoreUpkeep,
  stringifyJson,
} from '@hawser/core';
import { checkAppend, checkSize } from '../appendRules.ts';
import { currentRecords as codec, lifecycleOf, parseStored } from '../records.ts';

interface Log {
  highest: number;
  readonly entries: Map<number, string>;
}

/** A store without durability, for tests and trials. Payloads go through the text form, as in the others. */
export class MemoryStore implements Store {
  readonly kind = 'memory';
  readonly lastFailure = undefined;
  readonly journal: Journal;
  readonly snapshots: SnapshotStore;
  readonly upkeep: StoreUpkeep;
  readonly #logs = new Map<string, Log>();
  readonly #snapshots = new Map<string, Map<number, string>>();
  readonly #meta = new Map<string, string>();
  #closed = false;

  constructor() {
    this.journal = {
      append: async (entries) => this.#append(entries),
      read: (pid, afterSn, toSn) => this.#read(pid, afterSn, toSn ?? Number.MAX_SAFE_INTEGER),
      highestSn: async (pid) => this.#open(this.#logs).get(pid)?.highest ?? 0,
      deleteTo: async (pid, sn) => deleteKeys(this.#open(this.#logs).get(pid)?.entries, (at) => at <= sn),
      lowestSn: async (pid) => lowest(this.#open(this.#logs).get(pid)?.entries),
      newest: (pidPrefix, tag) => this.#newestEntries(pidPrefix, tag),
    };
    this.snapshots = {
      latest: async (pid, maxSn) => this.#latest(pid, maxSn ?? Number.MAX_SAFE_INTEGER),
      save: async (snapshot) => this.#save(snapshot),
      deleteBelow: async (pid, sn) => deleteKeys(this.#open(this.#snapshots).get(pid), (at) => at < sn),
      lowestSn: async (pid) => lowest(this.#open(this.#snapshots).get(pid)),
      newest: (pidPrefix, options) => this.#newestSnapshots(pidPrefix, options ?? {}),
    };
    this.upkeep = {
      readMeta: async (key) => this.#readMeta(key),
      writeMeta: async (key, value) => void this.#open(this.#meta).set(key, stringifyJson(value)),
      entries: (options) => this.#walk(this.#entryTexts(), options?.after, toEntry),
      snapshots: (options) => this.#walk(this.#open(this.#snapshots), options?.after, toSnapshot),
      replaceEntry: async (entry) =>
        replace(
          this.#open(this.#logs).get(entry.pid)?.entries,
          entry.sn,
          stringifyJson(codec.entryRecord(entry)),
        ),
      replaceSnapshot: async (snapshot) =>
        replace(
          this.#open(this.#snapshots).get(snapshot.pid),
          snapshot.sn,
          stringifyJson(codec.snapshotRecord(snapshot)),
        ),
    };
  }

  async open(): Promise<void> {
    this.#closed = false;
  }

  async close(): Promise<void> {
    this.#closed = true;
  }

  async health(): Promise<StoreHealth> {
    return { status: this.#closed ? 'DOWN' : 'UP', detail: 'memory: nothing survives the process' };
  }

  #open<T>(part: T): T {
    if (this.#closed) throw new StoreError('closed', 'the store is closed');
    return part;
  }

  #append(entries: readonly JournalEntry[]): void {
    const logs = this.#open(this.#logs);
    const [first] = entries;
    if (first === undefined) return;
    const log = logs.get(first.pid) ?? { highest: 0, entries: new Map() };
    checkAppend(entries, log.highest);
    const texts = entries.map((entry) => [entry.sn, stringifyJson(codec.entryRecord(entry))] as const);
    for (const [sn, text] of texts) checkSize(first.pid, sn, Buffer.byteLength(text));
    for (const [sn, text] of texts) log.entries.set(sn, text);
    log.highest = first.sn + entries.length - 1;
    logs.set(first.pid, log);
  }

  async *#read(pid: string, afterSn: number, toSn: number): AsyncIterable<JournalEntry> {
    const entries = this.#open(this.#logs).get(pid)?.entries ?? new Map<number, string>();
    for (const sn of sorted(entries)) {
      if (sn <= afterSn || sn > toSn) continue;
      const text = this.#open(entries).get(sn);
      if (text !== undefined) yield toEntry(text, pid, sn);
    }
  }

  async *#newestEntries(pidPrefix: string, tag: string | undefined): AsyncIterable<NewestEntry> {
    for (const pid of pids(this.#open(this.#logs), pidPrefix)) {
      const entries = this.#open(this.#logs).get(pid)?.entries;
      const sn = entries === undefined ? undefined : sorted(entries).at(-1);
      const text = sn === undefined ? undefined : entries?.get(sn);
      if (sn === undefined || text === undefined) continue;
      const { type, tags } = toEntry(text, pid, sn);
      if (tag === undefined || tags.includes(tag)) yield { pid, sn, type, tags };
    }
  }

  #latest(pid: string, maxSn: number): Snapshot | undefined {
    const snapshots = this.#open(this.#snapshots).get(pid);
    if (snapshots === undefined) return undefined;
    const sn = sorted(snapshots).findLast((at) => at <= maxSn);
    const text = sn === undefined ? undefined : snapshots.get(sn);
    return sn === undefined || text === undefined ? undefined : toSnapshot(text, pid, sn);
  }

  #save(snapshot: Snapshot): void {
    const all = this.#open(this.#snapshots);
    const text = stringifyJson(codec.snapshotRecord(snapshot));
    checkSize(snapshot.pid, snapshot.sn, Buffer.byteLength(text));
    const snapshots = all.get(snapshot.pid) ?? new Map<number, string>();
    snapshots.set(snapshot.sn, text);
    all.set(snapshot.pid, snapshots);
  }

  async *#newestSnapshots(pidPrefix: string, options: NewestSnapshotOptions): AsyncIterable<SnapshotSummary> {
    const { takenUntil = Number.MAX_SAFE_INTEGER, afterPid = '' } = options;
    for (const pid of pids(this.#open(this.#snapshots), pidPrefix)) {
      if (pid <= afterPid) continue;
      const snapshots = this.#open(this.#snapshots).get(pid) ?? new Map<number, string>();
      const found = sorted(snapshots)
        .map((sn) => toSnapshot(snapshots.get(sn) ?? '', pid, sn))
        .findLast(({ timestamp }) => timestamp <= takenUntil);
      if (found !== undefined) yield { pid, sn: found.sn, lifecycle: lifecycleOf(found.state) };
    }
  }

  #readMeta(key: string): JsonObject | undefined {
    const text = this.#open(this.#meta).get(key);
    return text === undefined ? undefined : parseStored(text, key, 0);
  }

  #entryTexts(): ReadonlyMap<string, ReadonlyMap<number, string>> {
    return new Map([...this.#open(this.#logs)].map(([pid, { entries }]) => [pid, entries]));
  }

  async *#walk<T>(
    records: ReadonlyMap<string, ReadonlyMap<number, string>>,
    after: RecordPosition = { pid: '', sn: 0 },
    decode: (text: string, pid: string, sn: number) => T,
  ): AsyncIterable<T> {
    for (const pid of [...records.keys()].sort()) {
      const ofPid = records.get(pid) ?? new Map<number, string>();
      for (const sn of sorted(ofPid)) {
        if (pid < after.pid || (pid === after.pid && sn <= after.sn)) continue;
        const text = this.#open(ofPid).get(sn);
        if (text !== undefined) yield decode(text, pid, sn);
      }
    }
  }
}

const toEntry = (text: string, pid: string, sn: number): JournalEntry =>
  codec.entry(parseStored(text, pid, sn), pid, sn);

const toSnapshot = (text: string, pid: string, sn: number): Snapshot =>
  codec.snapshot(parseStored(text, pid, sn), pid, sn);

const sorted = (records: ReadonlyMap<number, string>): number[] => [...records.keys()].sort((a, b) => a - b);

const pids = (records: ReadonlyMap<string, unknown>, prefix: string): string[] =>
  [...records.keys()].filter((pid) => pid.startsWith(prefix)).sort();

const lowest = (records: ReadonlyMap<number, string> | undefined): number | undefined =>
  records === undefined ? undefined : sorted(records)[0];

function deleteKeys(records: Map<number, string> | undefined, matches: (sn: number) => boolean): void {
  for (const sn of [...(records?.keys() ?? [])].filter(matches)) records?.delete(sn);
}

function replace(records: Map<number, string> | undefined, sn: number, text: string): boolean {
  if (!records?.has(sn)) return false;
  records.set(sn, text);
  return true;
}
