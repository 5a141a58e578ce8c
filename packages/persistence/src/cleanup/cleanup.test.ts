import { entries, RecordingLog, snapshot, turns, VirtualClock } from '@hawser/testkit';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { MemoryStore } from '../memory/memoryStore.ts';
import { BackgroundCleanup, type CleanupConfig } from './backgroundCleanup.ts';
import { planCleanup } from './planCleanup.ts';
import { timedStore } from './timedStore.ts';

const PID = 'connection:a';
const limits = { writesPerCredit: 100, deleteFinalDeletedSnapshot: false };
const base = (sn: number, lifecycle = 'ACTIVE') => ({ pid: PID, sn, lifecycle });

describe('the plan', () => {
  test('removes entries before those snapshots that they could be needed for, and keeps the entry of the base', () => {
    expect(planCleanup({ base: base(20), lowestEntrySn: 1, lowestSnapshotSn: 10 }, limits)).toEqual([
      { remove: 'entries', pid: PID, toSn: 19 },
      { remove: 'snapshots', pid: PID, belowSn: 20 },
    ]);
  });

  test('splits what is more than one credit', () => {
    const steps = planCleanup({ base: base(251), lowestEntrySn: 1, lowestSnapshotSn: 251 }, limits);
    expect(steps).toEqual([100, 200, 250].map((toSn) => ({ remove: 'entries', pid: PID, toSn })));
  });

  test.each([
    ['nothing is before the base', { base: base(20), lowestEntrySn: 20, lowestSnapshotSn: 20 }],
    ['all entries are gone', { base: base(20), lowestEntrySn: undefined, lowestSnapshotSn: 20 }],
    ['all entries are later', { base: base(20), lowestEntrySn: 21, lowestSnapshotSn: 20 }],
  ])('is empty when %s', (_, history) => {
    expect(planCleanup(history, limits)).toEqual([]);
  });

  test('keeps the final snapshot of a deleted connection unless that is configured otherwise', () => {
    const history = { base: base(20, 'DELETED'), lowestEntrySn: undefined, lowestSnapshotSn: 20 };
    expect(planCleanup(history, limits)).toEqual([]);
    const all = { ...limits, deleteFinalDeletedSnapshot: true };
    expect(planCleanup({ ...history, lowestEntrySn: 20 }, all)).toEqual([
      { remove: 'entries', pid: PID, toSn: 20 },
      { remove: 'snapshots', pid: PID, belowSn: 21 },
    ]);
  });
});

describe('the run', () => {
  const DAY = 86_400_000;
  const config: CleanupConfig = {
    ...limits,
    enabled: true,
    historyRetentionMs: 30 * DAY,
    quietPeriodMs: 300_000,
    intervalMs: 60_000,
    timerThresholdMs: 150,
    creditsPerBatch: 1,
    readsPerQuery: 2,
  };
  let clock = new VirtualClock();
  let store = new MemoryStore();
  let log = new RecordingLog();

  beforeEach(async () => {
    clock = new VirtualClock();
    store = new MemoryStore();
    log = new RecordingLog();
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      const pid = `connection:${name}`;
      await store.journal.append(entries(pid, 1, 30));
      for (const [sn, days] of [
        [10, 50],
        [20, 40],
        [30, 1],
      ] as const)
        await store.snapshots.save({ ...snapshot(pid, sn), timestamp: clock.now() - days * DAY });
    }
  });

  const start = (parts: Partial<CleanupConfig> = {}, latencyMs?: () => number): BackgroundCleanup => {
    const cleanup = new BackgroundCleanup({
      store,
      config: { ...config, ...parts },
      clock,
      log,
      pidPrefix: 'connection:',
      random: () => 0,
      ...(latencyMs && { latencyMs }),
    });
    cleanup.start();
    return cleanup;
  };

  const advance = async (ms: number): Promise<void> => {
    clock.advance(ms);
    await turns(40);
  };

  const lowest = async (name: string) => [
    await store.journal.lowestSn(`connection:${name}`),
    await store.snapshots.lowestSn(`connection:${name}`),
  ];

  test('begins after the quiet period, spends one credit an interval, and keeps the history of the retention', async () => {
    const cleanup = start();
    expect(cleanup.health()).toEqual({ state: 'IN_QUIET_PERIOD', pid: '' });
    await advance(config.quietPeriodMs);
    expect(cleanup.health().state).toBe('RUNNING');
    expect(await lowest('a')).toEqual([1, 10]);
    await advance(config.intervalMs);
    expect(await lowest('a')).toEqual([20, 10]);
    await advance(config.intervalMs);
    expect(await lowest('a')).toEqual([20, 20]);
    expect(await lowest('b')).toEqual([1, 10]);
    for (let i = 0; i < 8; i++) await advance(config.intervalMs);
    for (const name of ['a', 'b', 'c', 'd', 'e']) expect(await lowest(name)).toEqual([20, 20]);
    expect(cleanup.health()).toEqual({ state: 'IN_QUIET_PERIOD', pid: '' });
    cleanup.stop();
  });

  test('gives no credit while the store is slow', async () => {
    let slow = 151;
    const cleanup = start({}, () => slow);
    await advance(config.quietPeriodMs);
    for (let i = 0; i < 5; i++) await advance(config.intervalMs);
    expect(await lowest('a')).toEqual([1, 10]);
    slow = 150;
    await advance(config.intervalMs);
    expect(await lowest('a')).toEqual([20, 10]);
    cleanup.stop();
  });

  test('goes on behind the last pid after a failure', async () => {
    let isBroken = true;
    const { journal } = store;
    store = Object.assign(Object.create(store) as MemoryStore, {
      journal: {
        ...journal,
        deleteTo: (pid: string, sn: number) =>
          isBroken && pid === 'connection:b' ? Promise.reject(new Error('down')) : journal.deleteTo(pid, sn),
      },
      snapshots: store.snapshots,
    });
    const cleanup = start();
    await advance(config.quietPeriodMs);
    for (let i = 0; i < 4; i++) await advance(config.intervalMs);
    expect(cleanup.health()).toEqual({ state: 'IN_QUIET_PERIOD', pid: 'connection:a' });
    expect(log.lines).toHaveLength(1);
    isBroken = false;
    await advance(config.quietPeriodMs);
    for (let i = 0; i < 8; i++) await advance(config.intervalMs);
    expect(await lowest('e')).toEqual([20, 20]);
    cleanup.stop();
  });

  test('can be ended by hand, and goes on behind the last pid after the quiet period', async () => {
    const cleanup = start();
    await advance(config.quietPeriodMs);
    for (let i = 0; i < 3; i++) await advance(config.intervalMs);
    cleanup.interrupt();
    await advance(0);
    expect(cleanup.health()).toEqual({ state: 'IN_QUIET_PERIOD', pid: 'connection:a' });
    await advance(config.quietPeriodMs);
    expect(cleanup.health().state).toBe('RUNNING');
    for (let i = 0; i < 8; i++) await advance(config.intervalMs);
    expect(await lowest('e')).toEqual([20, 20]);
    cleanup.stop();
  });

  test('is switched off and on while it runs, and begins where it is told to', async () => {
    const cleanup = start();
    await advance(config.quietPeriodMs);
    cleanup.modify({ ...config, enabled: false });
    await advance(config.quietPeriodMs * 10);
    expect(cleanup.health()).toEqual({ state: 'IN_QUIET_PERIOD', pid: '' });
    expect(clock.pendingTimers).toBe(0);
    cleanup.modify({ ...config, creditsPerBatch: 100, quietPeriodMs: 1_000 }, 'connection:d');
    await advance(1_000);
    await advance(config.intervalMs);
    expect(await lowest('a')).toEqual([1, 10]);
    expect(await lowest('e')).toEqual([20, 20]);
    cleanup.stop();
    expect(clock.pendingTimers).toBe(0);
  });

  test('begins where it is told to, also when it is told while its walk comes to an end', async () => {
    const cleanup = start({ creditsPerBatch: 100 });
    await advance(config.quietPeriodMs);
    const { snapshots } = store;
    Object.assign(store, {
      snapshots: {
        ...snapshots,
        newest: async function* (...args: Parameters<typeof snapshots.newest>) {
          if (args[1]?.afterPid === 'connection:e') cleanup.modify(cleanup.config, 'connection:d');
          yield* snapshots.newest(...args);
        },
      },
    });
    await advance(config.intervalMs);
    await turns(100);
    expect(cleanup.health()).toEqual({ state: 'IN_QUIET_PERIOD', pid: 'connection:d' });
    cleanup.stop();
  });

  test('does nothing when it is off, and nothing more when it is stopped', async () => {
    start({ enabled: false });
    const cleanup = start();
    await advance(config.quietPeriodMs);
    cleanup.stop();
    for (let i = 0; i < 5; i++) await advance(config.intervalMs);
    expect(await lowest('a')).toEqual([1, 10]);
    expect(clock.pendingTimers).toBe(0);
  });
});

test('a timed store tells the time of each append, and its slowest write since it was asked last', async () => {
  const clock = new VirtualClock();
  const inner = new MemoryStore();
  const appends: number[] = [];
  const { store, slowestMs } = timedStore(inner, clock, (ms) => appends.push(ms));
  inner.journal.append = async () => clock.advance(70);
  await store.journal.append([]);
  await store.snapshots.save(snapshot(PID, 1));
  expect(appends).toEqual([70]);
  expect(slowestMs()).toBe(70);
  expect(slowestMs()).toBe(0);
  expect((await store.snapshots.latest(PID))?.sn).toBe(1);
});
