import { type JournalEntry, StoreError } from '@hawser/core';
import {
  describeStore,
  entries,
  entry,
  type InsertFault,
  MongoDouble,
  type MongoDoubleOptions,
  RecordingLog,
  realClock,
} from '@hawser/testkit';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { MongoStore, type MongoStoreOptions } from '../src/mongo/mongoStore.ts';
import { createRecordCodec } from '../src/records.ts';

const PID = 'connection:a';
const DATABASE = 'test';

describeStore('the MongoDB store, over a double of the server,', async () => {
  const double = new MongoDouble();
  await double.start();
  const openStore = async (): Promise<MongoStore> => {
    const store = new MongoStore({
      uri: double.uri,
      database: DATABASE,
      clock: realClock,
      log: new RecordingLog(),
    });
    await store.open();
    return store;
  };
  let store = await openStore();
  return {
    store,
    heapIsShared: true,
    second: openStore,
    async reopen() {
      await store.close();
      store = await openStore();
      return store;
    },
    async dispose() {
      await store.close();
      await double.stop();
    },
  };
}, ['second', 'reopen']);

let double = new MongoDouble();
let store: MongoStore;
let log = new RecordingLog();

async function start(
  doubleOptions: MongoDoubleOptions = {},
  options: Partial<MongoStoreOptions> = {},
): Promise<void> {
  double = new MongoDouble(doubleOptions);
  await double.start();
  log = new RecordingLog();
  store = new MongoStore({ uri: double.uri, database: DATABASE, clock: realClock, log, ...options });
}

beforeEach(() => start());
afterEach(async () => {
  await store.close();
  await double.stop();
});

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

const journal = () => double.collections.get(`${DATABASE}.hawser_journal`);

describe('a write whose answer did not come', () => {
  /** Answers the n-th insert with the n-th fault, the rest well. */
  const scripted = async (faults: readonly InsertFault[], knowsRetries: boolean): Promise<() => number> => {
    await store.close();
    await double.stop();
    const left = [...faults];
    let inserts = 0;
    await start({
      knowsRetries,
      fault: () => {
        inserts++;
        return left.shift() ?? 'reply';
      },
    });
    await store.open();
    return () => inserts;
  };

  test.each<[string, readonly InsertFault[], boolean]>([
    ['is recognised as its own after the connection was lost', ['applyThenDrop', 'reply'], false],
    [
      'is recognised when every retry of the driver is cut too',
      ['applyThenDrop', 'applyThenDrop', 'drop'],
      false,
    ],
    ['is written after the connection was lost before', ['drop', 'drop', 'reply'], false],
    ['is recognised after the primary stepped down', ['applyThenNotWritablePrimary', 'reply'], false],
    ['is written after the primary stepped down before', ['notWritablePrimary', 'reply'], false],
    ['is recognised after an error of the write concern', ['writeConcernError', 'reply'], false],
    ['is retried by the driver where the server knows retries', ['drop', 'reply'], true],
  ])('%s', async (_, faults, knowsRetries) => {
    await scripted(faults, knowsRetries);
    await store.journal.append([entry(PID, 1)]);
    await store.journal.append([entry(PID, 2)]);
    expect(await collect(store.journal.read(PID, 0))).toEqual(entries(PID, 1, 2));
    expect(journal()?.documents).toHaveLength(2);
  });

  test('belongs to somebody else when another writer took the place meanwhile', async () => {
    let other: MongoStore | undefined;
    await store.close();
    await double.stop();
    await start({
      fault: ({ w }) => {
        if (w !== 'a') return 'reply';
        other?.journal.append([entry(PID, 1, { writer: 'b' })]).catch(() => {});
        return 'drop';
      },
    });
    await store.open();
    other = new MongoStore({ uri: double.uri, database: DATABASE, clock: realClock, log });
    await other.open();
    await expect(store.journal.append([entry(PID, 1, { writer: 'a' })])).rejects.toMatchObject({
      reason: 'duplicate',
    });
    expect(await collect(store.journal.read(PID, 0))).toMatchObject([{ sn: 1, writer: 'b' }]);
    await other.close();
  });

  test('is refused as unknown when nobody can tell in time, and the journal tells afterwards', async () => {
    await store.close();
    await double.stop();
    let isBad = true;
    const journalBreaker = { maxFailures: 5, callTimeoutMs: 1_500, resetTimeoutMs: 100 };
    await start({ fault: () => (isBad ? 'drop' : 'reply') }, { journalBreaker });
    await store.open();
    await expect(store.journal.append([entry(PID, 1)])).rejects.toMatchObject({ reason: 'unavailable' });
    isBad = false;
    // The write may still land after the journal was read: its writer then finds the place taken, and reads again.
    let highest = 0;
    await eventually(async () => {
      highest = await store.journal.highestSn(PID);
      await store.journal.append([entry(PID, highest + 1)]);
    });
    expect((await collect(store.journal.read(PID, 0))).map(({ sn }) => sn)).toEqual(
      entries(PID, 1, highest + 1).map(({ sn }) => sn),
    );
  });

  test('two entries of the same writer are told apart: only the document itself counts', async () => {
    await store.open();
    await store.journal.append([entry(PID, 1, { event: { first: true } })]);
    await expect(store.journal.append([entry(PID, 1, { event: { first: false } })])).rejects.toMatchObject({
      reason: 'duplicate',
    });
  });
});

test('all who ask for its health at once are told what one question to the server says', async () => {
  await store.open();
  const told = await Promise.all(Array.from({ length: 20 }, () => store.health()));
  expect(new Set(told.map(({ status }) => status))).toEqual(new Set(['UP']));
  expect(double.asked.get('buildInfo')).toBe(1);
  await store.health();
  expect(double.asked.get('buildInfo')).toBe(2);
});

describe('without its server', () => {
  test('the store opens, says that it is down, refuses, and recovers by itself', async () => {
    const port = Number(new URL(double.uri).port);
    await double.stop();
    await store.open();
    expect(await store.health()).toMatchObject({ status: 'DOWN' });
    await expect(store.journal.append([entry(PID, 1)])).rejects.toMatchObject({ reason: 'unavailable' });
    await double.start(port);
    await eventually(() => store.journal.append([entry(PID, 1)]));
    expect(await store.health()).toEqual({ status: 'UP', detail: 'MongoDB 0.0.0-double' });
  }, 30_000);

  test('calls are refused at once when it went away, until it is back', async () => {
    await store.close();
    const journalBreaker = { maxFailures: 2, callTimeoutMs: 300, resetTimeoutMs: 500 };
    store = new MongoStore({ uri: double.uri, database: DATABASE, clock: realClock, log, journalBreaker });
    await store.open();
    await store.journal.append([entry(PID, 1)]);
    const port = Number(new URL(double.uri).port);
    await double.stop();
    for (let i = 0; i < 2; i++)
      await expect(store.journal.append([entry(PID, 2)])).rejects.toMatchObject({ reason: 'unavailable' });
    await expect(store.journal.append([entry(PID, 2)])).rejects.toThrow(/circuit breaker is open/);
    await double.start(port);
    await eventually(async () =>
      store.journal.append([entry(PID, (await store.journal.highestSn(PID)) + 1)]),
    );
    expect(await store.journal.highestSn(PID)).toBeGreaterThan(1);
  }, 30_000);
});

describe('a database that must not be used', () => {
  test('of Ditto, with none of our collections, is refused unless that is wanted', async () => {
    const ditto = double.collections;
    const { MongoClient } = await import('mongodb');
    const client = new MongoClient(double.uri);
    await client.db(DATABASE).collection('connection_journal').insertOne({ pid: 'connection:x' });
    await client.close();
    await expect(store.open()).rejects.toMatchObject({
      reason: 'refused',
      message: expect.stringMatching(/connection_journal.*HAWSER_IGNORE_DITTO=true/),
    });
    expect([...ditto.keys()]).toEqual([`${DATABASE}.connection_journal`]);
    store = new MongoStore({ uri: double.uri, database: DATABASE, clock: realClock, log, ignoreDitto: true });
    await store.open();
    expect(ditto.get(`${DATABASE}.connection_journal`)?.indexes.size).toBe(1);
    await store.close();
    store = new MongoStore({ uri: double.uri, database: DATABASE, clock: realClock, log });
    await store.open();
  });

  test('of a newer release is refused and nothing is written', async () => {
    const next = new MongoStore({
      uri: double.uri,
      database: DATABASE,
      clock: realClock,
      log,
      records: createRecordCodec([(record) => record]),
    });
    await next.open();
    await next.close();
    await expect(store.open()).rejects.toMatchObject({
      reason: 'refused',
      message: expect.stringContaining('version 2'),
    });
  });

  test('an invalid connection string is refused without its password', async () => {
    const bad = new MongoStore({
      uri: 'mongodb://user:s3cr3t-canary@@host:x/',
      database: DATABASE,
      clock: realClock,
      log,
    });
    const error = await bad.open().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StoreError);
    expect(
      `${(error as Error).message} ${(error as Error).stack} ${JSON.stringify(log.lines)}`,
    ).not.toContain('s3cr3t');
  });
});

test('indexes that somebody dropped are there again after a start', async () => {
  await store.open();
  journal()?.indexes.delete('hawser_pid_sn');
  await store.close();
  store = new MongoStore({ uri: double.uri, database: DATABASE, clock: realClock, log });
  await store.open();
  expect([...(journal()?.indexes.keys() ?? [])].sort()).toEqual([
    '_id_',
    'hawser_pid_sn',
    'hawser_tags_pid',
    'hawser_ts',
  ]);
});

test('a hole in a journal quarantines its connection alone, and so does a document that is no entry', async () => {
  await store.open();
  for (const pid of [PID, 'connection:b', 'connection:c'])
    for (const one of entries(pid, 1, 3)) await store.journal.append([one]);
  journal()?.delete({ pid: PID, sn: 2 }, 0);
  journal()?.update({ pid: 'connection:b', sn: 3 }, { $set: { e: '{' } }, false);
  await expect(collect(store.journal.read(PID, 0))).rejects.toMatchObject({
    reason: 'corrupt',
    pid: PID,
    sn: 2,
  });
  await expect(collect(store.journal.read('connection:b', 0))).rejects.toMatchObject({
    reason: 'corrupt',
    sn: 3,
  });
  expect(await collect(store.journal.read('connection:c', 0))).toHaveLength(3);
});

test('an older schema is brought up, also entries that were appended together', async () => {
  await store.open();
  await store.journal.append(entries(PID, 1, 3));
  await store.journal.append([entry(PID, 4)]);
  await store.close();
  const records = createRecordCodec([
    (record) => {
      const event = record['e'] as JournalEntry['event'];
      return { ...record, e: { ...event, upcast: Number(event['upcast'] ?? 0) + 1 } };
    },
  ]);
  store = new MongoStore({ uri: double.uri, database: DATABASE, clock: realClock, log, records });
  await store.open();
  const found = await collect(store.journal.read(PID, 0));
  expect(found.map(({ event }) => event['upcast'])).toEqual([1, 1, 1, 1]);
  expect(journal()?.documents.map(({ v }) => v)).toEqual([2, 2]);
});

/** Tries until it succeeds; for what recovers by itself after a while. */
async function eventually(action: () => Promise<unknown>): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await action();
      return;
    } catch (error) {
      if (attempt > 200) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
