import assert from 'node:assert/strict';
import { collect, entries, sns } from './fixtures.ts';
import type { StoreCase } from './storeUnderTest.ts';

const PID = 'connection:tck';

/** A case on a journal that holds the entries 1 to 5 of one pid. */
const withFive = (name: string, check: (read: Read) => Promise<void>): StoreCase => ({
  name,
  async run({ store }) {
    for (const one of entries(PID, 1, 5)) await store.journal.append([one]);
    await check(async (from, to, max) => sns(await collect(store.journal.read(PID, from - 1, to), max)));
  },
});

/** Reads from a sequence number, inclusive, to another, inclusive, at most `max` entries. */
type Read = (from: number, to?: number, max?: number) => Promise<number[]>;

const MANY = Number.MAX_SAFE_INTEGER;

/** The 14 cases of Pekko's persistence TCK (persistence-tck/.../JournalSpec.scala), in its order. */
export const replayCases: readonly StoreCase[] = [
  withFive('replays all entries', async (read) => assert.deepEqual(await read(1), [1, 2, 3, 4, 5])),
  withFive('replays from a lower bound', async (read) => assert.deepEqual(await read(3), [3, 4, 5])),
  withFive('replays up to an upper bound', async (read) => assert.deepEqual(await read(1, 3), [1, 2, 3])),
  withFive('replays at most a number of entries', async (read) =>
    assert.deepEqual(await read(1, MANY, 3), [1, 2, 3]),
  ),
  withFive('replays between a lower and an upper bound', async (read) =>
    assert.deepEqual(await read(2, 3), [2, 3]),
  ),
  withFive('replays between two bounds at most a number of entries', async (read) =>
    assert.deepEqual(await read(2, 5, 2), [2, 3]),
  ),
  withFive('replays one entry when the bounds are equal', async (read) =>
    assert.deepEqual(await read(2, 2), [2]),
  ),
  withFive('replays one entry when asked for one', async (read) =>
    assert.deepEqual(await read(2, 4, 1), [2]),
  ),
  withFive('replays nothing when asked for none', async (read) => assert.deepEqual(await read(2, 4, 0), [])),
  withFive('replays nothing when the lower bound is above the upper', async (read) =>
    assert.deepEqual(await read(3, 2), []),
  ),
  {
    name: 'knows nothing of an unknown pid',
    async run({ store }) {
      await store.journal.append(entries(PID, 1, 2));
      assert.deepEqual(await collect(store.journal.read('connection:tc', 0)), []);
      assert.deepEqual(await collect(store.journal.read('connection:tck2', 0)), []);
      assert.equal(await store.journal.highestSn('connection:tck2'), 0);
      assert.equal(await store.journal.lowestSn('connection:tck2'), undefined);
    },
  },
  {
    name: 'does not replay deleted entries',
    async run({ store }) {
      await store.journal.append(entries(PID, 1, 5));
      await store.journal.deleteTo(PID, 3);
      assert.deepEqual(sns(await collect(store.journal.read(PID, 0))), [4, 5]);
      assert.deepEqual(sns(await collect(store.journal.read(PID, 0, 3))), []);
      assert.equal(await store.journal.lowestSn(PID), 4);
      await store.journal.deleteTo(PID, 2);
      assert.deepEqual(sns(await collect(store.journal.read(PID, 0))), [4, 5]);
    },
  },
  {
    name: 'keeps the highest sequence number when entries are deleted',
    async run({ store }) {
      await store.journal.append(entries(PID, 1, 5));
      await store.journal.deleteTo(PID, 3);
      assert.equal(await store.journal.highestSn(PID), 5);
    },
  },
  {
    name: 'keeps the highest sequence number when all entries are deleted, and goes on after it',
    async run({ store }) {
      await store.journal.append(entries(PID, 1, 5));
      await store.journal.deleteTo(PID, 5);
      assert.equal(await store.journal.highestSn(PID), 5);
      assert.equal(await store.journal.lowestSn(PID), undefined);
      assert.deepEqual(await collect(store.journal.read(PID, 0)), []);
      await store.journal.append(entries(PID, 6, 7));
      assert.deepEqual(sns(await collect(store.journal.read(PID, 0))), [6, 7]);
      assert.equal(await store.journal.highestSn(PID), 7);
    },
  },
];
