import { randomBytes } from 'node:crypto';
import { describeStore, RecordingLog, realClock } from '@hawser/testkit';
import { MongoClient } from 'mongodb';
import { MongoStore } from '../src/mongo/mongoStore.ts';

/** The only databases that suites touch begin with this. */
const PREFIX = 'hawser_test_';

/** The contract is about what a store does; on a busy machine a server may take its time. */
const PATIENT = { maxFailures: 5, callTimeoutMs: 60_000, resetTimeoutMs: 3_000 };

/** Stores in databases of their own on one server. */
export class MongoStores {
  readonly #uri: () => string;

  /** @param uri asked when a store is opened: its server may start later */
  constructor(uri: () => string) {
    this.#uri = uri;
  }

  async open(name: string): Promise<MongoStore> {
    const parts = { clock: realClock, log: new RecordingLog(), journalBreaker: PATIENT };
    const store = new MongoStore({ uri: this.#uri(), database: `${PREFIX}${name}`, ...parts });
    await store.open();
    return store;
  }

  async drop(name: string): Promise<void> {
    const client = new MongoClient(this.#uri());
    try {
      await client.db(`${PREFIX}${name}`).dropDatabase();
    } finally {
      await client.close();
    }
  }

  /** The contract of all stores, as a suite. */
  describeContract(title: string): void {
    describeStore(title, async () => {
      const name = randomBytes(6).toString('hex');
      let store = await this.open(name);
      return {
        store,
        second: () => this.open(name),
        reopen: async () => {
          await store.close();
          store = await this.open(name);
          return store;
        },
        dispose: async () => {
          await store.close();
          await this.drop(name);
        },
      };
    }, ['second', 'reopen']);
  }
}
