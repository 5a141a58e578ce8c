import assert from 'node:assert/strict';
import { type DamagedRecord, type JsonObject, parseJson, stringifyJson } from '@hawser/core';
import { collect, entries, entry, refused, snapshot, sns } from './fixtures.ts';
import type { StoreCase } from './storeUnderTest.ts';

const PID = 'connection:s1';

export const snapshotCases: readonly StoreCase[] = [
  {
    name: 'loads the snapshot with the highest sequence number, not the newest by time',
    async run({ store: { snapshots } }) {
      assert.equal(await snapshots.latest(PID), undefined);
      await snapshots.save({ ...snapshot(PID, 20), timestamp: 5 });
      await snapshots.save({ ...snapshot(PID, 10), timestamp: 9 });
      await snapshots.save(snapshot('connection:s10', 30));
      assert.deepEqual(await snapshots.latest(PID), { ...snapshot(PID, 20), timestamp: 5 });
      assert.deepEqual(await snapshots.latest(PID, 19), { ...snapshot(PID, 10), timestamp: 9 });
      assert.deepEqual((await snapshots.latest(PID, 20))?.sn, 20);
      assert.equal(await snapshots.latest(PID, 9), undefined);
    },
  },
  {
    name: 'saves a snapshot twice as once, with the later content',
    async run({ store: { snapshots, upkeep } }) {
      await snapshots.save(snapshot(PID, 3, { first: true }));
      await snapshots.save(snapshot(PID, 3, { first: false }));
      await Promise.all([snapshots.save(snapshot(PID, 4)), snapshots.save(snapshot(PID, 4))]);
      assert.deepEqual((await snapshots.latest(PID, 3))?.state, { first: false });
      assert.deepEqual(sns(await collect(upkeep.snapshots())), [3, 4]);
    },
  },
  {
    name: 'deletes snapshots below a sequence number',
    async run({ store: { snapshots } }) {
      for (const sn of [1, 5, 9]) await snapshots.save(snapshot(PID, sn));
      await snapshots.deleteBelow(PID, 5);
      assert.equal(await snapshots.lowestSn(PID), 5);
      assert.equal(await snapshots.latest(PID, 4), undefined);
      assert.equal((await snapshots.latest(PID))?.sn, 9);
      await snapshots.deleteBelow(PID, 100);
      assert.equal(await snapshots.lowestSn(PID), undefined);
    },
  },
  {
    name: 'lists the newest snapshot of each pid with its life cycle',
    async run({ store: { snapshots } }) {
      await snapshots.save(snapshot('connection:a', 1, { __lifecycle: 'ACTIVE' }));
      await snapshots.save(snapshot('connection:a', 2, { __lifecycle: 'DELETED' }));
      await snapshots.save(snapshot('connection:b', 7, { __lifecycle: 'ACTIVE' }));
      await snapshots.save(snapshot('connection:c', 1, { __lifecycle: 4 }));
      await snapshots.save(snapshot('other:d', 1));
      assert.deepEqual(await collect(snapshots.newest('connection:')), [
        { pid: 'connection:a', sn: 2, lifecycle: 'DELETED' },
        { pid: 'connection:b', sn: 7, lifecycle: 'ACTIVE' },
        { pid: 'connection:c', sn: 1, lifecycle: undefined },
      ]);
    },
  },
  {
    name: 'lists the newest snapshot taken until a time, from a pid on',
    async run({ store: { snapshots } }) {
      for (const [pid, sn, timestamp] of [
        ['connection:a', 1, 100],
        ['connection:a', 2, 200],
        ['connection:b', 1, 150],
        ['connection:b', 2, 200],
        ['connection:b', 3, 201],
        ['connection:c', 1, 300],
      ] as const)
        await snapshots.save({ ...snapshot(pid, sn), timestamp });
      const listed = async (options: { takenUntil?: number; afterPid?: string }): Promise<string[]> =>
        (await collect(snapshots.newest('connection:', options))).map(({ pid, sn }) => `${pid} ${sn}`);
      assert.deepEqual(await listed({ takenUntil: 200 }), ['connection:a 2', 'connection:b 2']);
      assert.deepEqual(await listed({ takenUntil: 99 }), []);
      assert.deepEqual(await listed({ afterPid: 'connection:a' }), ['connection:b 3', 'connection:c 1']);
      assert.deepEqual(await listed({ afterPid: 'connection:a', takenUntil: 150 }), ['connection:b 1']);
    },
  },
  {
    name: 'gives states back as they came and refuses one that is too large',
    async run({ store: { snapshots } }) {
      const text = '{"a.b":{"$c":9007199254740993},"":{},"list":[1,2.5,null],"text":"\\u0000😀"}';
      const state = parseJson(text) as JsonObject;
      await snapshots.save(snapshot(PID, 1, state));
      const found = await snapshots.latest(PID);
      assert.equal(stringifyJson(found?.state), stringifyJson(state));
      await refused('tooLarge', () => snapshots.save(snapshot(PID, 2, { text: 'y'.repeat(16_500_000) })));
      assert.equal((await snapshots.latest(PID))?.sn, 1);
    },
  },
  {
    name: 'walks over all records by pid and sequence number, from a position on',
    async run({ store: { journal, snapshots, upkeep } }) {
      await journal.append(entries('connection:a', 1, 3));
      await journal.append(entries('connection:b', 1, 2));
      await snapshots.save(snapshot('connection:a', 2));
      await snapshots.save(snapshot('connection:b', 2));
      const damaged: DamagedRecord[] = [];
      const onDamaged = (record: DamagedRecord): void => void damaged.push(record);
      assert.deepEqual(await collect(upkeep.entries({ onDamaged })), [
        ...entries('connection:a', 1, 3),
        ...entries('connection:b', 1, 2),
      ]);
      assert.deepEqual(await collect(upkeep.entries({ after: { pid: 'connection:a', sn: 2 } })), [
        entry('connection:a', 3),
        ...entries('connection:b', 1, 2),
      ]);
      assert.deepEqual(await collect(upkeep.snapshots({ after: { pid: 'connection:a', sn: 2 } })), [
        snapshot('connection:b', 2),
      ]);
      assert.deepEqual(damaged, []);
    },
  },
  {
    name: 'replaces the content of a record that is there, and of none that is not',
    async run({ store: { journal, snapshots, upkeep } }) {
      await journal.append(entries(PID, 1, 3));
      await snapshots.save(snapshot(PID, 2));
      assert.equal(await upkeep.replaceEntry(entry(PID, 2, { event: { secret: 'new' } })), true);
      assert.equal(await upkeep.replaceEntry(entry(PID, 4)), false);
      assert.equal(await upkeep.replaceSnapshot(snapshot(PID, 2, { secret: 'new' })), true);
      assert.equal(await upkeep.replaceSnapshot(snapshot(PID, 3)), false);
      const found = await collect(journal.read(PID, 0));
      assert.deepEqual(
        found.map(({ event }) => event),
        [entry(PID, 1).event, { secret: 'new' }, entry(PID, 3).event],
      );
      assert.deepEqual((await snapshots.latest(PID))?.state, { secret: 'new' });
      assert.equal(await journal.highestSn(PID), 3);
    },
  },
  {
    name: 'keeps small documents of its own',
    async run({ store: { upkeep } }) {
      assert.equal(await upkeep.readMeta('progress'), undefined);
      await upkeep.writeMeta('progress', { at: 'a.b', n: 1 });
      await upkeep.writeMeta('progress', { at: 'a.b', n: 2 });
      assert.deepEqual(await upkeep.readMeta('progress'), { at: 'a.b', n: 2 });
    },
  },
  {
    name: 'says that it is up, and of which make it is',
    async run({ store }) {
      const { status, detail } = await store.health();
      assert.equal(status, 'UP');
      assert.ok(detail.length > 0);
      assert.equal(store.lastFailure, undefined);
    },
  },
];
