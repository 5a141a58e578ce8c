import type { Clock, Journal, Log, SnapshotStore, Store, StoreHealth, StoreUpkeep } from '@hawser/core';
import { currentRecords, type RecordCodec } from '../records.ts';
import { migrateSchema } from '../schema.ts';
import type { BreakerSettings } from './circuitBreaker.ts';
import { collectionsOf, ensureIndexes, refuseDittosDatabase } from './mongoCollections.ts';
import { type MongoAccess, MongoConnection } from './mongoConnection.ts';
import { MongoJournal } from './mongoJournal.ts';
import { MongoSnapshots } from './mongoSnapshots.ts';
import { MongoUpkeep } from './mongoUpkeep.ts';

/** Ditto's defaults (`BREAKER_*`, `SNAPSHOT_BREAKER_*`; spec 02, 10). */
const JOURNAL_BREAKER: BreakerSettings = { maxFailures: 5, callTimeoutMs: 5_000, resetTimeoutMs: 3_000 };
const SNAPSHOT_BREAKER: BreakerSettings = { maxFailures: 5, callTimeoutMs: 10_000, resetTimeoutMs: 6_000 };

export interface MongoStoreOptions {
  /** Connection string (`MONGO_DB_URI`). */
  readonly uri: string;
  /** `MONGO_DB_DATABASE`. */
  readonly database: string;
  readonly clock: Clock;
  readonly log: Log;
  /** Use a database that holds Ditto's collections and none of ours (`HAWSER_IGNORE_DITTO`). */
  readonly ignoreDitto?: boolean;
  readonly journalBreaker?: BreakerSettings;
  readonly snapshotBreaker?: BreakerSettings;
  /** Of another release; for tests. */
  readonly records?: RecordCodec;
}

/**
 * Journal and snapshots in MongoDB, or in a server that speaks its protocol. Writes are confirmed by a majority and its
 * journals; single documents and a unique index do everything, so that standalone servers, replica sets and FerretDB do.
 */
export class MongoStore implements Store {
  readonly kind = 'mongodb';
  readonly lastFailure = undefined;
  readonly journal: Journal;
  readonly snapshots: SnapshotStore;
  readonly upkeep: StoreUpkeep;
  readonly #options: MongoStoreOptions;
  readonly #codec: RecordCodec;
  readonly #connection: MongoConnection;

  constructor(options: MongoStoreOptions) {
    const { journalBreaker = JOURNAL_BREAKER, snapshotBreaker = SNAPSHOT_BREAKER } = options;
    this.#options = options;
    this.#codec = options.records ?? currentRecords;
    this.#connection = new MongoConnection({ ...options, journalBreaker, snapshotBreaker }, (access) =>
      this.#prepare(access),
    );
    this.journal = new MongoJournal(this.#connection, this.#codec, options.clock);
    this.snapshots = new MongoSnapshots(this.#connection, this.#codec);
    this.upkeep = new MongoUpkeep(this.#connection, this.#codec);
  }

  open(): Promise<void> {
    return this.#connection.open();
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  async health(): Promise<StoreHealth> {
    const { isUp, detail } = await this.#connection.describe();
    return { status: isUp ? 'UP' : 'DOWN', detail };
  }

  async #prepare(access: MongoAccess): Promise<void> {
    const isNew = await access.use('journal', async (db) => {
      if (!this.#options.ignoreDitto) await refuseDittosDatabase(db);
      const collections = collectionsOf(db);
      await ensureIndexes(collections);
      return (await collections.journal.findOne({}, { projection: { _id: 1 } })) === null;
    });
    await migrateSchema(new MongoUpkeep(access, this.#codec), this.#codec.version, isNew, this.#options.log);
  }
}
