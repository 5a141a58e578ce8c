import { type Clock, type Log, StoreError } from '@hawser/core';
import type { Db, MongoClient } from 'mongodb';
import { type BreakerSettings, CircuitBreaker, type Deadline } from './circuitBreaker.ts';
import { redact, toStoreError } from './mongoErrors.ts';

/** The driver, loaded when the first connection is opened. */
export type MongoDriver = typeof import('mongodb');

export interface MongoConnectionOptions {
  readonly uri: string;
  readonly database: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly journalBreaker: BreakerSettings;
  readonly snapshotBreaker: BreakerSettings;
}

export type BreakerName = 'journal' | 'snapshots';

/** A call to the server: gives the database, and whether anybody still waits for the result. */
export type MongoCall<T> = (db: Db, deadline: Deadline, driver: MongoDriver) => Promise<T>;

/** How the parts of the store reach the server. */
export interface MongoAccess {
  /** @throws StoreError `closed`, `refused`, `unavailable`, and whatever the call throws, as a StoreError */
  use<T>(breaker: BreakerName, call: MongoCall<T>): Promise<T>;
}

type State =
  | { readonly is: 'closed' }
  | { readonly is: 'connecting' | 'refused'; readonly why: string }
  | { readonly is: 'ready' };

const FIRST_ATTEMPT_MS = 3_000;
const SERVER_SELECTION_MS = 5_000;
const CONNECT_TIMEOUT_MS = 10_000;
/** A socket that is silent for longer is given up, so that calls nobody waits for do not pile up. */
const SOCKET_TIMEOUT_MS = 10_000;
const MIN_RETRY_MS = 1_000;
const MAX_RETRY_MS = 30_000;
const PING_TIMEOUT_MS = 2_000;

/**
 * One client of a MongoDB server. `open` does not need the server: the database is prepared when it is first reached, and
 * until then calls are refused. Afterwards the driver reconnects by itself.
 */
export class MongoConnection implements MongoAccess {
  readonly #options: MongoConnectionOptions;
  readonly #prepare: (access: MongoAccess) => Promise<void>;
  readonly #breakers: Readonly<Record<BreakerName, CircuitBreaker>>;
  #driver: MongoDriver | undefined;
  #client: MongoClient | undefined;
  #state: State = { is: 'closed' };
  #cancelRetry: () => void = () => {};
  #ping: Promise<Readonly<Record<string, unknown>>> | undefined;

  /** @param prepare makes the database ready; called until it succeeds once, or refuses for good */
  constructor(options: MongoConnectionOptions, prepare: (access: MongoAccess) => Promise<void>) {
    this.#options = options;
    this.#prepare = prepare;
    this.#breakers = {
      journal: new CircuitBreaker(options.journalBreaker, options.clock),
      snapshots: new CircuitBreaker(options.snapshotBreaker, options.clock),
    };
  }

  /** @throws StoreError `refused` when the server was reached and its data must not be used */
  async open(): Promise<void> {
    if (this.#state.is !== 'closed') return;
    this.#driver = await import('mongodb');
    this.#client = this.#createClient(this.#driver);
    this.#state = { is: 'connecting', why: 'the server has not been reached yet' };
    const first = this.#attempt(MIN_RETRY_MS);
    await Promise.race([
      first,
      new Promise<void>((resolve) => this.#options.clock.after(FIRST_ATTEMPT_MS, resolve)),
    ]);
    const state: State = this.#state;
    if (state.is !== 'refused') return;
    await this.close();
    throw new StoreError('refused', state.why);
  }

  async close(): Promise<void> {
    this.#state = { is: 'closed' };
    this.#cancelRetry();
    const client = this.#client;
    this.#client = undefined;
    await client?.close();
  }

  use<T>(breaker: BreakerName, call: MongoCall<T>): Promise<T> {
    return this.#breakers[breaker].run(async (deadline) => {
      this.#assertReady();
      return await this.#call(call, deadline);
    });
  }

  /** Product and version of the server, or why it cannot be used. */
  async describe(): Promise<{ readonly isUp: boolean; readonly detail: string }> {
    if (this.#state.is !== 'ready')
      return { isUp: false, detail: this.#state.is === 'closed' ? 'closed' : this.#state.why };
    try {
      // one for all who ask meanwhile: anybody may ask for health, and a call takes a connection of the journal's
      this.#ping ??= this.#inTime(PING_TIMEOUT_MS, (db) => db.admin().command({ buildInfo: 1 })).finally(
        () => {
          this.#ping = undefined;
        },
      );
      return { isUp: true, detail: describeServer(await this.#ping) };
    } catch (error) {
      return { isUp: false, detail: toStoreError(error).message };
    }
  }

  #createClient(driver: MongoDriver): MongoClient {
    try {
      return new driver.MongoClient(this.#options.uri, {
        appName: 'hawser',
        writeConcern: { w: 'majority', journal: true },
        readConcern: { level: 'majority' },
        readPreference: 'primary',
        serverSelectionTimeoutMS: SERVER_SELECTION_MS,
        connectTimeoutMS: CONNECT_TIMEOUT_MS,
        socketTimeoutMS: SOCKET_TIMEOUT_MS,
        ignoreUndefined: true,
      });
    } catch (error) {
      // The driver's text quotes the URI, whose password may be what it stumbled over.
      const name = error instanceof Error ? error.name : 'error';
      throw new StoreError(
        'refused',
        `the URI of the MongoDB server is no valid connection string (${name})`,
      );
    }
  }

  async #attempt(retryMs: number): Promise<void> {
    try {
      // a driver whose first connect failed does not try again by itself
      await this.#client?.connect();
      await this.#prepare({
        use: (_, call) => this.#call(call, { isOver: () => this.#state.is === 'closed' }),
      });
      if (this.#state.is !== 'connecting') return;
      this.#state = { is: 'ready' };
      this.#options.log.info('the MongoDB server is reached', { database: this.#options.database });
    } catch (error) {
      if (this.#state.is !== 'connecting') return;
      const { reason, message } = toStoreError(error);
      this.#state = { is: reason === 'refused' ? 'refused' : 'connecting', why: message };
      this.#options.log.error('the MongoDB database cannot be used', { reason: message });
      if (reason !== 'refused') this.#retryAfter(retryMs);
    }
  }

  #retryAfter(delayMs: number): void {
    const jitter = 0.5 + Math.random() / 2;
    const next = Math.min(MAX_RETRY_MS, delayMs * 2);
    this.#cancelRetry = this.#options.clock.after(delayMs * jitter, () => void this.#attempt(next));
  }

  async #call<T>(call: MongoCall<T>, deadline: Deadline): Promise<T> {
    if (this.#client === undefined || this.#driver === undefined)
      throw new StoreError('closed', 'the store is closed');
    try {
      return await call(this.#client.db(this.#options.database), deadline, this.#driver);
    } catch (error) {
      if (this.#state.is === 'closed')
        throw new StoreError('closed', 'the store is closed', { cause: error });
      throw toStoreError(error);
    }
  }

  #inTime<T>(timeoutMs: number, call: MongoCall<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const late = new StoreError('unavailable', `the server did not answer within ${timeoutMs} ms`);
      const cancel = this.#options.clock.after(timeoutMs, () => reject(late));
      this.#call(call, { isOver: () => false })
        .then(resolve, reject)
        .finally(cancel);
    });
  }

  #assertReady(): void {
    if (this.#state.is === 'ready') return;
    if (this.#state.is === 'closed') throw new StoreError('closed', 'the store is closed');
    throw new StoreError(this.#state.is === 'refused' ? 'refused' : 'unavailable', redact(this.#state.why));
  }
}

function describeServer(info: Readonly<Record<string, unknown>>): string {
  const { version, ferretdb, ferretdbVersion } = info;
  const ferret = (ferretdb as { version?: unknown } | undefined)?.version ?? ferretdbVersion;
  if (ferret === undefined) return `MongoDB ${String(version)}`;
  return `MongoDB ${String(version)}, spoken by FerretDB ${ferret === 'unknown' ? '' : String(ferret)}`.trimEnd();
}
