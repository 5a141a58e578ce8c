import assert from 'node:assert/strict';
import { type JsonObject, parseJson, stringifyJson } from '@hawser/core';
import { collectGarbage } from './collectGarbage.ts';
import { collect, entries, entry, refused, sns } from './fixtures.ts';
import type { StoreCase } from './storeUnderTest.ts';

const PID = 'connection:c1';

export const journalCases: readonly StoreCase[] = [
  {
    name: 'keeps every member of an entry',
    async run({ store }) {
      const full = entry(PID, 1, { tags: ['always-alive', 'priority-3', 'x y'], writer: 'n1/7', epoch: 42 });
      await store.journal.append([full]);
      assert.deepEqual(await collect(store.journal.read(PID, 0)), [full]);
    },
  },
  {
    name: 'keeps the order of appends that were not awaited one by one',
    async run({ store }) {
      await Promise.all(entries(PID, 1, 50).map((one) => store.journal.append([one])));
      assert.deepEqual(sns(await collect(store.journal.read(PID, 0))), sns(entries(PID, 1, 50)));
    },
  },
  {
    name: 'reads after an offset, which is exclusive',
    async run({ store }) {
      await store.journal.append(entries(PID, 1, 3));
      assert.deepEqual(sns(await collect(store.journal.read(PID, 2))), [3]);
      assert.deepEqual(sns(await collect(store.journal.read(PID, 3))), []);
    },
  },
  {
    name: 'refuses a sequence number that is taken and keeps what was there',
    async run({ store }) {
      await store.journal.append(entries(PID, 1, 3));
      for (const sn of [1, 3]) {
        const error = await refused('duplicate', () =>
          store.journal.append([entry(PID, sn, { writer: 'writer-2', event: { other: true } })]),
        );
        assert.deepEqual([error.pid, error.sn], [PID, sn]);
      }
      await refused('duplicate', () => store.journal.append([entry(PID, 3, { event: { other: true } })]));
      assert.deepEqual(await collect(store.journal.read(PID, 0)), entries(PID, 1, 3));
      await store.journal.append([entry(PID, 4)]);
    },
  },
  {
    name: 'refuses a gap',
    async run({ store }) {
      await refused('gap', () => store.journal.append([entry(PID, 2)]));
      await store.journal.append([entry(PID, 1)]);
      const error = await refused('gap', () => store.journal.append([entry(PID, 3)]));
      assert.deepEqual([error.pid, error.sn], [PID, 3]);
      await refused('gap', () => store.journal.append([entry(PID, 2), entry(PID, 4)]));
      await refused('gap', () => store.journal.append([entry('connection:other', 0)]));
      assert.deepEqual(sns(await collect(store.journal.read(PID, 0))), [1]);
      assert.equal(await store.journal.highestSn(PID), 1);
    },
  },
  {
    name: 'appends several entries or none of them',
    async run({ store }) {
      await store.journal.append([]);
      await store.journal.append(entries(PID, 1, 3));
      await refused('duplicate', () => store.journal.append(entries(PID, 3, 5)));
      assert.deepEqual(await collect(store.journal.read(PID, 0)), entries(PID, 1, 3));
      await store.journal.append(entries(PID, 4, 6));
      assert.deepEqual(await collect(store.journal.read(PID, 0)), entries(PID, 1, 6));
      assert.deepEqual(await collect(store.journal.read(PID, 4, 5)), entries(PID, 5, 5));
    },
  },
  {
    name: 'deletes a part of entries that were appended together',
    async run({ store }) {
      await store.journal.append(entries(PID, 1, 4));
      await store.journal.append(entries(PID, 5, 8));
      await store.journal.deleteTo(PID, 6);
      assert.deepEqual(await collect(store.journal.read(PID, 0)), entries(PID, 7, 8));
      assert.equal(await store.journal.lowestSn(PID), 7);
      await store.journal.deleteTo(PID, 8);
      assert.deepEqual(await collect(store.journal.read(PID, 0)), []);
      await refused('duplicate', () => store.journal.append([entry(PID, 8)]));
      await store.journal.append(entries(PID, 9, 10));
      assert.deepEqual(await collect(store.journal.read(PID, 0)), entries(PID, 9, 10));
    },
  },
  {
    name: 'lets one of two appends of the same number win',
    async run({ store }) {
      const outcomes = await Promise.allSettled([
        store.journal.append([entry(PID, 1, { writer: 'a' })]),
        store.journal.append([entry(PID, 1, { writer: 'b' })]),
      ]);
      assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
      assert.equal((await collect(store.journal.read(PID, 0))).length, 1);
    },
  },
  {
    name: 'lets one of two writers win and shows the other one why',
    needs: 'second',
    async run({ store, second }) {
      const other = await second?.();
      assert.ok(other);
      try {
        await store.journal.append(entries(PID, 1, 2));
        assert.equal(await other.journal.highestSn(PID), 2);
        await other.journal.append([entry(PID, 3, { writer: 'b' })]);
        await refused('duplicate', () => store.journal.append([entry(PID, 3, { writer: 'a' })]));
        const outcomes = await Promise.allSettled([
          store.journal.append([entry(PID, 4, { writer: 'a' })]),
          other.journal.append([entry(PID, 4, { writer: 'b' })]),
        ]);
        assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
        assert.deepEqual(sns(await collect(store.journal.read(PID, 0))), [1, 2, 3, 4]);
      } finally {
        await other.close();
      }
    },
  },
  {
    name: 'keeps 1,000 interleaved pids apart',
    // each entry is a round trip of its own, on a server that shares its processors
    timeoutMs: 180_000,
    async run({ store }) {
      const pids = Array.from({ length: 1_000 }, (_, i) => `connection:p${i}`);
      const isLong = (i: number): boolean => i % 10 === 0;
      // a server that gets all of them at once takes longer for the last than a store waits
      const appendAll = async (chosen: readonly string[], sn: number): Promise<void> => {
        for (let i = 0; i < chosen.length; i += 50)
          await Promise.all(chosen.slice(i, i + 50).map((pid) => store.journal.append([entry(pid, sn)])));
      };
      await appendAll(pids, 1);
      await appendAll(
        pids.filter((_, i) => isLong(i)),
        2,
      );
      for (const [i, pid] of pids.entries())
        if (i % 99 === 0)
          assert.deepEqual(await collect(store.journal.read(pid, 0)), entries(pid, 1, isLong(i) ? 2 : 1));
      const newest = await collect(store.journal.newest('connection:'));
      assert.deepEqual(
        newest.map(({ pid, sn }) => `${pid} ${sn}`),
        pids.map((pid, i) => `${pid} ${isLong(i) ? 2 : 1}`).sort(),
      );
    },
  },
  {
    name: 'finds tags on the newest entry only',
    async run({ store }) {
      const tagged = (pid: string, sn: number, ...tags: string[]) => entry(pid, sn, { tags });
      await store.journal.append([tagged('connection:a', 1, 'always-alive'), tagged('connection:a', 2)]);
      await store.journal.append([tagged('connection:b', 1), tagged('connection:b', 2, 't', 'always-alive')]);
      await store.journal.append([tagged('other:c', 1, 'always-alive')]);
      await store.journal.append([tagged('connection:d', 1, 'always-alive')]);
      await store.journal.deleteTo('connection:d', 1);
      assert.deepEqual(await collect(store.journal.newest('connection:', 'always-alive')), [
        {
          pid: 'connection:b',
          sn: 2,
          type: 'connectivity.events:connectionModified',
          tags: ['t', 'always-alive'],
        },
      ]);
      const all = await collect(store.journal.newest('connection:'));
      assert.deepEqual(
        all.map(({ pid }) => pid),
        ['connection:a', 'connection:b'],
      );
      assert.deepEqual(await collect(store.journal.newest('connection:', 'always')), []);
    },
  },
  {
    name: 'gives payloads back as they came',
    async run({ store }) {
      const texts = [
        '{"a.b":{"$c":1},"$set":{"x.y":[{"":null}]},"":{},"e":{},"f":[],"__proto__":{"x":1}}',
        '{"long":9007199254740993,"min":-9223372036854775808,"exact":0.12345678901234567890,"big":1e400}',
        '{"int":1,"zero":0,"double":1.5,"tiny":1e-7,"text":"1"}',
        JSON.stringify({ text: 'ünïcødé \u0000 \u2028 😀 \ud800 "\\', ['schlüssel 😀']: true }),
      ];
      for (const [index, text] of texts.entries())
        await store.journal.append([entry(PID, index + 1, { event: parseJson(text) as JsonObject })]);
      const found = await collect(store.journal.read(PID, 0));
      assert.deepEqual(
        found.map(({ event }) => stringifyJson(event)),
        texts.map((text) => stringifyJson(parseJson(text))),
      );
    },
  },
  {
    name: 'takes a payload of 1 MB and refuses one that is too large without harm',
    async run({ store }) {
      const large = { text: 'x'.repeat(1_000_000) };
      await store.journal.append([entry(PID, 1, { event: large })]);
      await refused('tooLarge', () =>
        store.journal.append([entry(PID, 2, { event: { text: 'y'.repeat(16_500_000) } })]),
      );
      await store.journal.append([entry(PID, 2)]);
      const found = await collect(store.journal.read(PID, 0));
      assert.deepEqual(
        found.map(({ event }) => event),
        [large, entry(PID, 2).event],
      );
    },
  },
  {
    name: 'streams to a slow reader in bounded memory, while others write',
    async run({ store, heapIsShared }) {
      const text = 'z'.repeat(20_000);
      for (let sn = 1; sn <= 2_000; sn += 50)
        await store.journal.append(
          entries(PID, sn, sn + 49).map((one) => ({ ...one, event: { text: `${one.sn}${text}` } })),
        );
      let read = 0;
      let peak = 0;
      collectGarbage();
      const before = process.memoryUsage().heapUsed;
      for await (const { sn } of store.journal.read(PID, 0)) {
        read++;
        assert.equal(sn, read);
        if (sn % 200 !== 0) continue;
        await store.journal.append([entry('connection:busy', sn / 200)]);
        collectGarbage();
        peak = Math.max(peak, process.memoryUsage().heapUsed - before);
      }
      assert.equal(read, 2_000);
      if (!heapIsShared) assert.ok(peak < 40_000_000, `heap grew by ${peak} bytes for 40 MB of entries`);
    },
  },
  {
    name: 'survives being closed and opened again',
    needs: 'reopen',
    async run({ store, reopen }) {
      await store.journal.append(entries(PID, 1, 5));
      await store.journal.append(entries('connection:gone', 1, 2));
      await store.journal.deleteTo(PID, 2);
      await store.journal.deleteTo('connection:gone', 2);
      const again = await reopen?.();
      assert.ok(again);
      assert.deepEqual(await collect(again.journal.read(PID, 0)), entries(PID, 3, 5));
      assert.equal(await again.journal.highestSn('connection:gone'), 2);
      await refused('duplicate', () => again.journal.append([entry(PID, 5)]));
      await refused('gap', () => again.journal.append([entry('connection:gone', 4)]));
      await again.journal.append([entry(PID, 6)]);
    },
  },
  {
    name: 'ends a stream with a refusal when it is closed in the middle, and refuses everything afterwards',
    async run({ store }) {
      for (let sn = 1; sn <= 1_000; sn += 50) await store.journal.append(entries(PID, sn, sn + 49));
      await refused('closed', async () => {
        for await (const { sn } of store.journal.read(PID, 0)) if (sn === 2) await store.close();
      });
      await refused('closed', () => store.journal.append([entry(PID, 1_001)]));
      await refused('closed', () => store.journal.highestSn(PID));
      await refused('closed', () => collect(store.journal.newest('connection:')));
      await store.close();
    },
  },
];
