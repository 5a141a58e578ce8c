import type { JsonObject } from '@hawser/core';
import { FakeSessions, FakeStore, RecordingLog, turns, VirtualClock } from '@hawser/testkit';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type ActorSystem, startActorSystem } from '../actorSystem.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const PID = 'connection:c1';

const systems: ActorSystem[] = [];
afterEach(async () => {
  for (const system of systems.splice(0)) await system.stop();
});

function start(store = new FakeStore(), clock = new VirtualClock()) {
  const sessions = new FakeSessions();
  const system = startActorSystem({
    store,
    sessions,
    clock,
    log: new RecordingLog(),
    instance: '1',
    random: () => 0,
  });
  systems.push(system);
  const send = (name: string, more: JsonObject = { connectionId: 'c1' }) =>
    system.commands.ask(
      '/system/sharding/connection',
      { type: `connectivity.commands:${name}`, ...more },
      {},
      MINUTE,
    );
  const write = (name: string, connectionStatus: string) =>
    send(name, {
      connection: {
        id: 'c1',
        connectionType: 'mqtt',
        connectionStatus,
        uri: 'tcp://localhost:1883',
        sources: [{ addresses: ['in'], qos: 1, authorizationContext: ['a:b'] }],
        tags: ['t'],
      },
    });
  const pass = async (ms: number) => {
    clock.advance(ms);
    await turns();
  };
  return { system, store, clock, sessions, send, write, pass };
}
const newest = (store: FakeStore) => store.entries.get(PID)?.at(-1);

describe('how busy a connection is', () => {
  test('is stored with an empty event once a day, and only when it has changed', async () => {
    const { store, sessions, write, pass } = start();
    await write('createConnection', 'open');
    await turns();
    sessions.monitor('c1').consumed = 42;
    await pass(23 * HOUR);
    expect(newest(store)).toMatchObject({
      sn: 2,
      event: { type: 'persistence-actor-internal:empty-event', effect: 'priorityUpdate' },
      tags: ['always-alive', 'priority-42', 't'],
    });
    await pass(23 * HOUR);
    expect(newest(store)?.sn).toBe(2);
  });

  test('is stored of a connection that was opened later', async () => {
    const { store, sessions, write, send, pass } = start();
    await write('createConnection', 'closed');
    await send('openConnection');
    sessions.monitor('c1').consumed = 42;
    await pass(23 * HOUR);
    expect(newest(store)).toMatchObject({ sn: 3, tags: ['always-alive', 'priority-42', 't'] });
  });

  test('is not asked of a deleted connection', async () => {
    const { store, write, send, pass } = start();
    await write('createConnection', 'open');
    await send('deleteConnection');
    await pass(48 * HOUR);
    expect(newest(store)).toMatchObject({ type: 'connectivity.events:connectionDeleted', tags: [] });
  });
});

test('an open connection from a time before tags is tagged by the sweep that finds it', async () => {
  const before = start();
  await before.write('createConnection', 'closed');
  await before.send('openConnection');
  await before.system.stop();
  const [created, opened] = before.store.entries.get(PID) ?? [];
  if (created === undefined || opened === undefined) throw new Error('not stored');
  before.store.entries.set(PID, [created, { ...opened, tags: [] }]);
  const after = start(before.store, before.clock);
  await turns();
  await after.pass(5_000);
  await turns();
  expect(newest(after.store)).toMatchObject({
    sn: 3,
    event: { effect: 'alwaysAlive' },
    tags: ['always-alive', 'priority-0', 't'],
  });
});

describe('a connection that should be open', () => {
  test('reports its live status time after time, not when it has just been recovered', async () => {
    const { sessions, write, pass } = start();
    await write('createConnection', 'open');
    await pass(5_000);
    expect(sessions.monitor('c1').reportedStatuses).toEqual([]);
    for (let i = 0; i < 4; i++) await pass(5 * MINUTE);
    expect(new Set(sessions.monitor('c1').reportedStatuses)).toEqual(new Set(['open']));
    await write('modifyConnection', 'closed');
    const { length } = sessions.monitor('c1').reportedStatuses;
    for (let i = 0; i < 4; i++) await pass(5 * MINUTE);
    expect(sessions.monitor('c1').reportedStatuses).toHaveLength(length);
  });
});

describe('the log of a connection', () => {
  test('is on when the connection opens, and off after its time unless somebody reads it', async () => {
    const { sessions, write, send, pass, clock } = start();
    await write('createConnection', 'open');
    await turns();
    expect(sessions.monitor('c1').logsUntilMs).toBe(clock.now() + 24 * HOUR);
    await pass(20 * HOUR);
    await send('retrieveConnectionLogs');
    expect(sessions.monitor('c1').logsUntilMs).toBe(clock.now() + 24 * HOUR);
    await pass(24 * HOUR + 5 * MINUTE);
    expect(sessions.monitor('c1').logsUntilMs).toBeUndefined();
    await send('retrieveConnectionLogs');
    expect(sessions.monitor('c1').logsUntilMs).toBeUndefined();
  });

  test('takes entries of others by sudo command, which has no answer', async () => {
    const { system, sessions, write } = start();
    await write('createConnection', 'open');
    const entry = {
      correlationId: 'x',
      timestamp: '2024-01-02T03:04:05Z',
      category: 'source',
      type: 'consumed',
      level: 'success',
      message: 'hello',
    };
    const add = {
      type: 'connectivity.sudo.commands:sudoAddConnectionLogEntry',
      connectionId: 'c1',
      logEntry: entry,
    };
    void system.commands.ask('/system/sharding/connection', add, {}, 10).catch(() => undefined);
    await turns();
    expect(sessions.monitor('c1').entries).toMatchObject([{ message: 'hello' }]);
  });
});

describe('a snapshot', () => {
  test('is taken after ten changes, and recovery starts from it', async () => {
    const { store, write, send, clock } = start();
    await write('createConnection', 'closed');
    for (let i = 0; i < 9; i++) await write('modifyConnection', 'closed');
    await turns();
    expect(store.saved.get(PID)?.map(({ sn }) => sn)).toEqual([10]);
    store.entries.set(PID, (store.entries.get(PID) ?? []).slice(9));
    const after = start(store, clock);
    expect((await after.send('retrieveConnection')).headers['entity-revision']).toBe('10');
    expect((await send('retrieveConnection')).json).toEqual((await after.send('retrieveConnection')).json);
  });

  test('is taken of a deletion, and after a quarter of an hour of fewer changes', async () => {
    const { store, write, send, pass } = start();
    await write('createConnection', 'closed');
    await pass(15 * MINUTE);
    await send('deleteConnection');
    await turns();
    expect(store.saved.get(PID)?.map(({ sn, state }) => [sn, state['__lifecycle']])).toEqual([
      [1, 'ACTIVE'],
      [2, 'DELETED'],
    ]);
  });
});
