// A journal of many connections for the benches of recovery and memory.
import { journalPayload, parseConnection, snapshotOfState } from '@hawser/core';
import { LmdbStore } from '@hawser/persistence';
import { RecordingLog, realClock } from '@hawser/testkit/without-jest';
import { typicalConnection } from './typicalConnection.mjs';

export const EVENTS = 10;
const BATCH = 500;

export const openStore = async (folder) => {
  const store = new LmdbStore({ folder, clock: realClock, log: new RecordingLog(), minFreeBytes: 0 });
  await store.open();
  return store;
};

export const idOf = (number) => `bench-${number}`;

/** Closed connections of 3 kB: created, then closed and opened by turns, closed at last; the snapshot covers all of it. */
export async function fillStore(folder, count) {
  const store = await openStore(folder);
  for (let from = 0; from < count; from += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, count - from) }, (_, i) => from + i);
    await Promise.all(numbers.map((number) => writeOne(store, idOf(number))));
  }
  await store.close();
}

async function writeOne(store, id) {
  const given = parseConnection({ ...typicalConnection(), id, connectionStatus: 'closed' });
  const connection = { ...given, lifecycle: 'ACTIVE', revision: 1 };
  const timestamp = new Date().toISOString();
  const event = (sn) => {
    const name = sn === 1 ? 'connectionCreated' : sn % 2 === 0 ? 'connectionClosed' : 'connectionOpened';
    const type = `connectivity.events:${name}`;
    const whole = sn === 1 ? { connection } : {};
    return { type, connectionId: id, revision: sn, timestamp, metadata: undefined, ...whole };
  };
  const pid = `connection:${id}`;
  const entries = Array.from({ length: EVENTS }, (_, i) => {
    const { type } = event(i + 1);
    const entry = { pid, sn: i + 1, type, tags: [], timestamp: Date.now(), writer: 'bench', epoch: 1 };
    return { ...entry, event: journalPayload(event(i + 1)) };
  });
  await store.journal.append(entries);
  const state = snapshotOfState({ lifecycle: 'active', revision: EVENTS, connection });
  await store.snapshots.save({ pid, sn: EVENTS, timestamp: Date.now(), state });
}

/** Runs a task for each number below `count`, at most `parallel` at a time. */
export async function forEachOf(count, parallel, task) {
  let next = 0;
  const work = async () => {
    while (next < count) await task(next++);
  };
  await Promise.all(Array.from({ length: parallel }, work));
}
