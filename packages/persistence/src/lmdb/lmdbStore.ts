import { join, resolve } from 'node:path';
import {
  type Clock,
  type Journal,
  type LastFailure,
  type Log,
  type SnapshotStore,
  type Store,
  StoreError,
  type StoreHealth,
  type StoreUpkeep,
} from '@hawser/core';
import { currentRecords, type RecordCodec } from '../records.ts';
import { migrateSchema } from '../schema.ts';
import { DeletionMarks } from './deletionMarks.ts';
import { DurableWriter } from './durableWriter.ts';
import { FreeSpace } from './freeSpace.ts';
import { inspectFile } from './inspectFile.ts';
import { type EndProcess, forgetLastFailure, readLastFailure, reserveFailureReport } from './lastFailure.ts';
import { LmdbJournal } from './lmdbJournal.ts';
import type { LmdbSession } from './lmdbSession.ts';
import { LmdbSnapshots } from './lmdbSnapshots.ts';
import { LmdbUpkeep } from './lmdbUpkeep.ts';
import { type ProcessLock, takeProcessLock } from './processLock.ts';
import { SeenTails } from './seenTails.ts';
import { DATA_FILE, judgeContent, judgeFolder, markInitialised, prepareFolder } from './storeFolder.ts';

const DEFAULT_MIN_FREE_BYTES = 64 * 1024 * 1024;

export interface LmdbStoreOptions {
  /** Made when it is not there. Not on a network file system. */
  readonly folder: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Watermark of the disk: with less room nothing is appended. Default 64 MiB. */
  readonly minFreeBytes?: number;
  /** Of another release; for tests. */
  readonly records?: RecordCodec;
  /** How a failed store ends the process; for tests. */
  readonly endProcess?: EndProcess;
  /** For tests. */
  readonly freeBytes?: (folder: string) => number;
}

interface Opened {
  readonly session: LmdbSession;
  readonly lock: ProcessLock;
}

/** The default store: one lmdb file in a folder that this process holds alone. */
export class LmdbStore implements Store {
  readonly kind = 'lmdb';
  readonly journal: Journal;
  readonly snapshots: SnapshotStore;
  readonly upkeep: StoreUpkeep;
  readonly #options: LmdbStoreOptions;
  readonly #folder: string;
  #opened: Opened | undefined;
  #lastFailure: LastFailure | undefined;

  constructor(options: LmdbStoreOptions) {
    this.#options = options;
    this.#folder = resolve(options.folder);
    const current = (): LmdbSession => this.#session();
    this.journal = new LmdbJournal(current);
    this.snapshots = new LmdbSnapshots(current);
    this.upkeep = new LmdbUpkeep(current);
  }

  get lastFailure(): LastFailure | undefined {
    return this.#lastFailure;
  }

  async open(): Promise<void> {
    if (this.#opened !== undefined) return;
    prepareFolder(this.#folder);
    const lock = await takeProcessLock(this.#folder);
    try {
      const { session, isNew } = await this.#start();
      this.#opened = { session, lock };
      const { records = currentRecords, log, clock } = this.#options;
      await migrateSchema(this.upkeep, records.version, isNew, log);
      markInitialised(this.#folder, clock.now());
      reserveFailureReport(this.#folder);
    } catch (error) {
      await this.#giveUp(lock);
      throw refusalOf(error, this.#folder);
    }
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    if (opened === undefined) return;
    this.#opened = undefined;
    const { writer, tables } = opened.session;
    await writer.idle();
    if (!writer.hasFailed) {
      await tables.env.close();
      forgetLastFailure(this.#folder);
    }
    await opened.lock.release();
  }

  async health(): Promise<StoreHealth> {
    const opened = this.#opened;
    const isUp = opened !== undefined && !opened.session.writer.hasFailed;
    return { status: isUp ? 'UP' : 'DOWN', detail: `lmdb, ${join(this.#folder, DATA_FILE)}` };
  }

  async #start(): Promise<{ readonly session: LmdbSession; readonly isNew: boolean }> {
    const { clock, minFreeBytes = DEFAULT_MIN_FREE_BYTES, freeBytes, records, endProcess } = this.#options;
    const folder = this.#folder;
    this.#lastFailure = readLastFailure(folder);
    if (this.#lastFailure !== undefined)
      this.#options.log.error('the store ended the previous process', { ...this.#lastFailure });
    const space = new FreeSpace(folder, minFreeBytes, freeBytes);
    space.take(0);
    const isNew = judgeFolder(folder) === 'new' || (await this.#inspect()) === 'new';
    const codec = records ?? currentRecords;
    const file = join(folder, DATA_FILE);
    // Loaded here: who uses another store does not load lmdb.
    const { openTables } = await import('./lmdbTables.ts');
    const tables = openTables(file, codec);
    const writer = new DurableWriter(tables.env, { folder, file, clock, ...(endProcess && { endProcess }) });
    const marks = new DeletionMarks(tables.meta);
    const ends = { tails: new Map<string, number>(), seenTails: new SeenTails() };
    return { session: { tables, marks, writer, space, codec, ...ends, underWay: new Map() }, isNew };
  }

  async #inspect(): Promise<'new' | 'existing'> {
    const { trees, records, damaged } = await inspectFile(join(this.#folder, DATA_FILE));
    for (const record of damaged) this.#options.log.error('damaged record in the store', { ...record });
    return judgeContent(this.#folder, trees, records);
  }

  async #giveUp(lock: ProcessLock): Promise<void> {
    const session = this.#opened?.session;
    this.#opened = undefined;
    if (session !== undefined && !session.writer.hasFailed) await session.tables.env.close();
    await lock.release();
  }

  #session(): LmdbSession {
    if (this.#opened === undefined) throw new StoreError('closed', 'the store is closed');
    this.#opened.session.writer.assertUsable();
    return this.#opened.session;
  }
}

function refusalOf(error: unknown, folder: string): StoreError {
  if (error instanceof StoreError && error.reason === 'refused') return error;
  const reason = error instanceof Error ? error.message : String(error);
  return new StoreError('refused', `the store in ${folder} cannot be opened: ${reason}`, { cause: error });
}
