import type { JsonObject, Reply } from '@hawser/core';
import { FakeSessions, FakeStore, RecordingLog, turns, VirtualClock } from '@hawser/testkit';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type ActorSystem, startActorSystem } from '../actorSystem.ts';
import type { ActorsConfig } from '../config.ts';

const connection = (name: string): JsonObject => ({
  id: 'c1',
  name,
  connectionType: 'mqtt',
  connectionStatus: 'closed',
  uri: 'tcp://user:secret@localhost:1883',
  sources: [{ addresses: ['in'], consumerCount: 1, qos: 1, authorizationContext: ['a:b'] }],
});

const systems: ActorSystem[] = [];
afterEach(async () => {
  for (const system of systems.splice(0)) await system.stop();
});

const clock = new VirtualClock();
const store = () => new FakeStore();
function start(over: FakeStore, config: Partial<ActorsConfig> = {}) {
  const sessions = new FakeSessions();
  const system = startActorSystem({
    store: over,
    sessions,
    clock,
    log: new RecordingLog(),
    config,
    instance: '1',
    random: () => 0,
  });
  systems.push(system);
  const send = (name: string, more: JsonObject, id: string, headers: Record<string, string> = {}) =>
    system.commands.ask(
      '/system/sharding/connection',
      { type: `connectivity.commands:${name}`, ...more },
      { 'correlation-id': id, ...headers },
      60_000,
    );
  const create = (name: string, id: string, headers = {}): Promise<Reply> =>
    send('createConnection', { connection: connection(name) }, id, headers);
  return { system, sessions, send, create };
}
const idempotent = { 'hawser-idempotent': 'true' };
const journal = (over: FakeStore) => (over.entries.get('connection:c1') ?? []).map(({ type }) => type);

describe('a command that is sent again', () => {
  test('is refused as Ditto refuses it, unless header or configuration ask otherwise', async () => {
    const { create } = start(store());
    expect((await create('one', 'x')).status).toBe(201);
    expect((await create('one', 'x')).status).toBe(409);
    const byConfig = start(store(), { idempotentCommands: true });
    expect((await byConfig.create('one', 'x')).status).toBe(201);
    expect((await byConfig.create('one', 'x')).status).toBe(201);
    expect((await byConfig.create('one', 'x', { 'hawser-idempotent': 'false' })).status).toBe(409);
  });

  test('is answered as before and writes nothing', async () => {
    const over = store();
    const { create, send } = start(over);
    const first = await create('one', 'x', idempotent);
    expect(await create('one', 'x', idempotent)).toEqual(first);
    const opened = await send('openConnection', { connectionId: 'c1' }, 'y', idempotent);
    expect(await send('openConnection', { connectionId: 'c1' }, 'y', idempotent)).toEqual(opened);
    const deleted = await send('deleteConnection', { connectionId: 'c1' }, 'z', idempotent);
    expect(await send('deleteConnection', { connectionId: 'c1' }, 'z', idempotent)).toEqual(deleted);
    expect(journal(over)).toHaveLength(3);
  });

  test('is another command with another id, other content or another type', async () => {
    const { create, send } = start(store());
    await create('one', 'x', idempotent);
    expect((await create('one', 'y', idempotent)).status).toBe(409);
    expect((await create('two', 'x', idempotent)).status).toBe(409);
    const modify = { connection: connection('one') };
    expect((await send('modifyConnection', modify, 'x', idempotent)).json['status']).toBe(204);
  });

  test('is answered as before by the process that comes after, from the journal', async () => {
    const over = store();
    const { create, send } = start(over, { snapshotThreshold: 2 });
    const created = await create('one', 'x', idempotent);
    const modify = { connection: connection('two') };
    const modified = await send('modifyConnection', modify, 'y', idempotent);
    const next = start(over);
    expect(await next.create('one', 'x', idempotent)).toEqual(created);
    expect(await next.send('modifyConnection', modify, 'y', idempotent)).toEqual(modified);
    expect(journal(over)).toHaveLength(2);
  });

  test('is answered with success when the journal has it although its sender was told of a failure', async () => {
    const over = store();
    const { create } = start(over);
    over.fault = (operation) => (operation === 'append' ? 'ambiguous' : undefined);
    expect((await create('one', 'x', idempotent)).status).toBe(503);
    over.fault = () => undefined;
    await turns();
    clock.advance(10_000);
    await turns();
    expect((await create('one', 'x', idempotent)).status).toBe(201);
    expect(journal(over)).toHaveLength(1);
  });

  test('waits for the answer to the first when that is still under way', async () => {
    const over = store();
    const { create, send, sessions } = start(over);
    await create('one', 'x');
    let connect = () => {};
    sessions.opening = () =>
      new Promise((resolve) => {
        connect = resolve;
      });
    const headers = { ...idempotent, 'ditto-sudo': 'true' };
    const sent = [1, 2].map(() => send('openConnection', { connectionId: 'c1' }, 'y', headers));
    await turns();
    connect();
    const [first, second] = await Promise.all(sent);
    expect(first?.status).toBe(200);
    expect(second).toEqual(first);
    expect(journal(over)).toHaveLength(2);
  });

  test('is forgotten after ten minutes, here and in the journal', async () => {
    const over = store();
    const { create } = start(over);
    await create('one', 'x', idempotent);
    clock.advance(601_000);
    expect((await create('one', 'x', idempotent)).status).toBe(409);
    expect((await start(over).create('one', 'x', idempotent)).status).toBe(409);
  });
});

test('headers that are kept with events come back with the past', async () => {
  const { create, send } = start(store(), { historicalHeaders: ['correlation-id', 'who'] });
  await create('one', 'x', { who: 'me' });
  await send('modifyConnection', { connection: connection('two') }, 'y');
  const past = await send('retrieveConnection', { connectionId: 'c1' }, 'z', {
    'at-historical-revision': '1',
  });
  expect(past.json).toMatchObject({ connection: { name: 'one' } });
  expect(JSON.parse(past.headers['historical-headers'] ?? '')).toEqual({ 'correlation-id': 'x', who: 'me' });
});
