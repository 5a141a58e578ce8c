import { connectionFailed, type JsonObject, type Reply } from '@hawser/core';
import { FakeSessions, FakeStore, RecordingLog, turns, VirtualClock } from '@hawser/testkit';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type ActorSystem, startActorSystem } from './actorSystem.ts';
import type { ActorsConfig } from './config.ts';

const REGION = '/system/sharding/connection';
const MEDIATOR = '/system/distributedPubSubMediator';

const purge: JsonObject = {
  type: 'common.commands:shutdown',
  reason: { type: 'purge-entities', details: ['c1'] },
};

const connectionJson = (overrides: JsonObject = {}): JsonObject => ({
  id: 'c1',
  name: 'one',
  connectionType: 'mqtt',
  connectionStatus: 'closed',
  uri: 'tcp://localhost:1883',
  sources: [{ addresses: ['in'], consumerCount: 1, qos: 1, authorizationContext: ['a:b'] }],
  targets: [],
  tags: ['t'],
  ...overrides,
});

interface World {
  readonly system: ActorSystem;
  readonly store: FakeStore;
  readonly sessions: FakeSessions;
  readonly clock: VirtualClock;
  readonly log: RecordingLog;
  send(name: string, more?: JsonObject, headers?: Record<string, string>): Promise<Reply>;
  at(
    selection: string,
    command: JsonObject,
    headers?: Record<string, string>,
    timeoutMs?: number,
  ): Promise<Reply>;
  /** A new system over the same store, as after a restart of the process. */
  restart(): World;
}

const worlds: World[] = [];
afterEach(async () => {
  for (const { system, clock } of worlds.splice(0)) {
    const stopped = system.stop();
    await turns();
    clock.advance(60_000);
    await stopped;
  }
});

function world(
  config: Partial<ActorsConfig> = {},
  store = new FakeStore(),
  clock = new VirtualClock(),
): World {
  const sessions = new FakeSessions();
  const log = new RecordingLog();
  const system = startActorSystem({
    store,
    sessions,
    clock,
    log,
    config,
    instance: '1',
    random: () => 0,
  });
  const at: World['at'] = (selection, command, headers = {}, timeoutMs = 60_000) =>
    system.commands.ask(selection, command, headers, timeoutMs);
  const send: World['send'] = (name, more = { connectionId: 'c1' }, headers) =>
    at(REGION, { type: `connectivity.commands:${name}`, ...more }, headers);
  const made: World = {
    system,
    store,
    sessions,
    clock,
    log,
    send,
    at,
    restart: () => world(config, store, clock),
  };
  worlds.push(made);
  return made;
}

/** Clients wait until the result is called. */
function holdOpening(sessions: FakeSessions): () => void {
  let release = () => {};
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  sessions.opening = () => held;
  return () => release();
}

const types = (store: FakeStore, id = 'c1') =>
  (store.entries.get(`connection:${id}`) ?? []).map((entry) => entry.type.split(':')[1]);

describe('a connection', () => {
  test('is created closed, retrieved, modified, opened, closed and deleted', async () => {
    const { send, store, sessions } = world();
    const created = await send('createConnection', { connection: connectionJson() });
    expect(created.json).toMatchObject({
      type: 'connectivity.responses:createConnection',
      status: 201,
      connection: { id: 'c1', connectionStatus: 'closed' },
    });
    expect(created.headers['entity-revision']).toBe('1');
    const retrieved = await send('retrieveConnection');
    expect(retrieved.json['connection']).toEqual(created.json['connection']);
    expect(retrieved.headers['etag']).toBe('"rev:1"');
    const modified = await send('modifyConnection', { connection: connectionJson({ name: 'two' }) });
    expect(modified.json).toEqual({
      type: 'connectivity.responses:modifyConnection',
      status: 204,
      connectionId: 'c1',
    });
    expect((await send('openConnection')).json['status']).toBe(200);
    expect(sessions.live('c1').map((session) => session.state)).toEqual(['connected']);
    expect((await send('closeConnection')).json['status']).toBe(200);
    expect(sessions.live()).toEqual([]);
    expect((await send('deleteConnection')).json['status']).toBe(204);
    expect((await send('retrieveConnection')).json).toMatchObject({
      status: 404,
      error: 'connectivity:connection.notfound',
    });
    expect(types(store)).toEqual([
      'connectionCreated',
      'connectionModified',
      'connectionOpened',
      'connectionClosed',
      'connectionDeleted',
    ]);
  });

  test('that is created open is answered before its clients connect', async () => {
    const { send, sessions, system } = world();
    const connect = holdOpening(sessions);
    const created = await send('createConnection', {
      connection: connectionJson({ connectionStatus: 'open' }),
    });
    expect(created.status).toBe(201);
    await turns();
    expect(sessions.live('c1')[0]?.state).toBe('connecting');
    connect();
    await turns();
    expect((await send('retrieveConnectionStatus')).json).toMatchObject({
      connectionStatus: 'open',
      liveStatus: 'open',
    });
    expect(system.stats().kernel.pendingAsks).toBe(0);
  });

  test('is answered after it has connected when it is opened, and its actor goes on meanwhile', async () => {
    const { send, sessions } = world();
    await send('createConnection', { connection: connectionJson() });
    const connect = holdOpening(sessions);
    let isAnswered = false;
    const opened = send('openConnection').then((reply) => {
      isAnswered = true;
      return reply;
    });
    await turns();
    const sudo = await send('retrieveConnection', undefined, { 'ditto-sudo': 'true' });
    expect(sudo.json).toMatchObject({ connection: { connectionStatus: 'open' } });
    expect(isAnswered).toBe(false);
    connect();
    expect((await opened).status).toBe(200);
  });

  test('stays meant to be open when its clients do not connect', async () => {
    const { send, sessions, store } = world();
    await send('createConnection', { connection: connectionJson() });
    sessions.opening = () => Promise.reject(new Error('no broker'));
    const opened = await send('openConnection');
    expect(opened).toMatchObject({
      isError: true,
      status: 504,
      json: { error: 'connectivity:connection.failed', description: 'no broker' },
    });
    expect(types(store)).toEqual(['connectionCreated', 'connectionOpened']);
    expect(sessions.monitor('c1').failures).toEqual([
      "Operation open-connection failed due to The Connection with ID 'c1' failed to connect.",
    ]);
    expect((await send('retrieveConnection')).json).toMatchObject({
      connection: { connectionStatus: 'open' },
    });
  });

  test('that is open is closed and opened anew when it is modified', async () => {
    const { send, sessions } = world();
    const open = (clientCount: number) =>
      connectionJson({
        connectionStatus: 'open',
        connectionType: 'amqp-091',
        uri: 'amqp://localhost:5672/v',
        clientCount,
      });
    await send('createConnection', { connection: open(1) });
    await turns();
    expect((await send('modifyConnection', { connection: open(2) })).status).toBe(204);
    expect(sessions.created.map((session) => session.state)).toEqual([
      'disconnected',
      'connected',
      'connected',
    ]);
    expect(sessions.doubles).toEqual([]);
  });

  test('that does not exist is created by a modify', async () => {
    const { send } = world();
    const reply = await send('modifyConnection', { connection: connectionJson() });
    expect(reply.json).toMatchObject({ type: 'connectivity.responses:createConnection', status: 201 });
  });

  test('is tested without being stored, and forgotten after the answer', async () => {
    const { send, store, clock, system } = world();
    const tested = await send('testConnection', { connection: connectionJson() });
    expect(tested.json).toEqual({
      type: 'connectivity.responses:testConnection',
      status: 200,
      connectionId: 'c1',
      testResult: 'Success(successfully connected + initialized mapper)',
    });
    const again = await send('testConnection', { connection: connectionJson() });
    expect(again.json['status']).toBe(409);
    expect(store.appends).toBe(0);
    clock.advance(200);
    await turns();
    expect(system.stats().connections.awake).toBe(0);
    expect((await send('testConnection', { connection: connectionJson() })).json['status']).toBe(200);
  });

  test('that is deleted leaves memory after the interval of deleted ones, not after that of closed ones', async () => {
    const { send, system, clock } = world();
    await send('createConnection', { connection: connectionJson() });
    clock.advance(5 * 60_000);
    await turns();
    await send('deleteConnection');
    // deleted while the last check was long: it is looked at anew, and once more without access
    for (let check = 0; check < 2; check++) {
      expect(system.stats().connections.awake).toBe(1);
      clock.advance(5 * 60_000);
      await turns();
    }
    expect(system.stats().connections.awake).toBe(0);
  });

  test('whose test fails answers with the failure', async () => {
    const { send, sessions } = world();
    sessions.testing = () => Promise.reject(connectionFailed('c1', 'nobody there'));
    const tested = await send('testConnection', { connection: connectionJson() });
    expect(tested.json).toMatchObject({ status: 504, description: 'nobody there' });
  });
});

describe('commands to one connection', () => {
  test('wait for the answer of the one before, unless they come with sudo', async () => {
    const { send, sessions } = world();
    await send('createConnection', { connection: connectionJson() });
    const connect = holdOpening(sessions);
    const order: string[] = [];
    const opened = send('openConnection').then(() => order.push('open'));
    const closed = send('closeConnection').then(() => order.push('close'));
    await turns();
    expect(order).toEqual([]);
    connect();
    await Promise.all([opened, closed]);
    expect(order).toEqual(['open', 'close']);
  });

  test('that take longer than the local ask timeout are answered with 503', async () => {
    const { send, sessions, clock } = world();
    await send('createConnection', { connection: connectionJson() });
    sessions.opening = () => new Promise(() => undefined);
    const opened = send('openConnection');
    await turns();
    clock.advance(50_000);
    expect((await opened).json).toMatchObject({ status: 503, error: 'connectivity:connection.unavailable' });
  });

  test('whose asker waits for less time end for it alone', async () => {
    const { at, send, sessions, clock } = world();
    await send('createConnection', { connection: connectionJson() });
    sessions.opening = () => new Promise(() => undefined);
    const command = { type: 'connectivity.commands:openConnection', connectionId: 'c1' };
    const opened = at(REGION, command, {}, 10_000).catch((error) => error);
    await turns();
    clock.advance(10_000);
    expect(await opened).toMatchObject({ code: 'ask.error', status: 503 });
  });
});

describe('selections', () => {
  test('the ids of all connections come from both paths', async () => {
    const { send, at } = world();
    await send('createConnection', { connection: connectionJson({ id: 'b' }) });
    await send('createConnection', { connection: connectionJson({ id: 'a:1' }) });
    await send('createConnection', { connection: connectionJson({ id: 'gone' }) });
    await send('deleteConnection', { connectionId: 'gone' });
    for (const path of ['connectionIdsRetrieval', 'connectionIdsRetrieval/singleton']) {
      const reply = await at(`/user/connectivityRoot/${path}`, {
        type: 'connectivity.commands:retrieveAllConnectionIds',
      });
      expect(reply.json).toEqual({
        type: 'connectivity.responses:retrieveAllConnectionIds',
        status: 200,
        connectionIds: ['a:1', 'b'],
      });
    }
  });

  test('ids by tag are those whose newest event has the tag', async () => {
    const { send, at } = world();
    await send('createConnection', { connection: connectionJson() });
    const reply = await at('/user/connectivityRoot/connectionIdsRetrieval', {
      type: 'connectivity.sudo.commands:sudoRetrieveConnectionIdsByTag',
      tag: 't',
    });
    expect(reply.json['connectionIds']).toEqual(['c1']);
  });

  test.each([
    ['/user/nobody', { type: 'connectivity.commands:retrieveAllConnectionIds' }],
    [REGION, { type: 'connectivity.commands:retrieveAllConnectionIds' }],
    ['/user/connectivityRoot/connectionIdsRetrieval', { type: 'poison-pill' }],
  ])('%s does not answer %j', async (selection, command) => {
    const { at } = world();
    await expect(at(selection, command)).rejects.toMatchObject({ code: 'ask.error' });
  });

  test('what is no command is refused before it is sent', async () => {
    const { at } = world();
    await expect(at(REGION, { type: 'connectivity.commands:openConnection' })).rejects.toMatchObject({
      code: 'json.field.missing',
    });
    await expect(at(REGION, { type: 'x' })).rejects.toMatchObject({ code: 'json.type.notparsable' });
  });

  test('a purge through the mediator stops the actor, not the connection', async () => {
    const { send, at, system } = world();
    await send('createConnection', { connection: connectionJson() });
    await expect(at(MEDIATOR, purge)).rejects.toMatchObject({ code: 'ask.error' });
    await turns();
    expect(system.stats().connections.awake).toBe(0);
    expect((await send('retrieveConnection')).status).toBe(200);
  });

  test('a command that waits behind one that was refused during a purge starts no second actor', async () => {
    const config = { stopTimeoutMs: 10_000, localAskTimeoutMs: 10_000 };
    const { send, at, system, sessions, clock } = world(config);
    await send('createConnection', { connection: connectionJson({ connectionStatus: 'open' }) });
    await turns();
    sessions.closing = () => new Promise(() => undefined);
    await expect(at(MEDIATOR, purge)).rejects.toMatchObject({ code: 'ask.error' });
    const waiting = [send('retrieveConnectionStatus'), send('retrieveConnectionStatus')];
    await turns();
    // the stop ends and the first command is refused in the same moment
    clock.advance(20_000);
    await turns();
    sessions.closing = () => Promise.resolve();
    expect((await send('closeConnection')).status).toBe(200);
    clock.advance(60_000);
    await Promise.all(waiting);
    expect(system.stats().connections.awake).toBe(1);
    expect((await send('retrieveConnection')).status).toBe(200);
  });

  test('created and deleted connections are published, other changes are not', async () => {
    const { send, system } = world();
    const seen: unknown[] = [];
    for (const name of ['Created', 'Opened', 'Closed', 'Deleted'])
      system.subscribe(`connectivity.events:connection${name}`, (event) => seen.push(event['type']));
    await send('createConnection', { connection: connectionJson() });
    await send('openConnection');
    await send('closeConnection');
    await send('deleteConnection');
    expect(seen).toEqual(['connectivity.events:connectionCreated', 'connectivity.events:connectionDeleted']);
  });
});

describe('after a restart', () => {
  test('connections that were open are opened again, the most used first, and closed ones stay asleep', async () => {
    const config = { recovery: { enabled: true, parallel: 16, opensPerInterval: 2, openIntervalMs: 100 } };
    const first = world(config);
    for (const id of ['a', 'b', 'c', 'd'])
      await first.send('createConnection', {
        connection: connectionJson({ id, connectionStatus: id === 'd' ? 'closed' : 'open' }),
      });
    await turns();
    const stopped = first.system.stop();
    await turns();
    await stopped;
    const entry = first.store.entries.get('connection:c')?.at(-1);
    Object.assign(entry ?? {}, { tags: ['always-alive', 'priority-7'] });
    const second = first.restart();
    await second.system.whenListLoaded;
    let isReopened = false;
    void second.system.whenReopened.then(() => {
      isReopened = true;
    });
    await turns(20);
    expect(second.sessions.live().map((session) => session.connectionId)).toEqual(['c', 'a']);
    expect(isReopened).toBe(false);
    second.clock.advance(100);
    await turns();
    expect(second.sessions.live().map((session) => session.connectionId)).toEqual(['c', 'a', 'b']);
    expect(isReopened).toBe(true);
    expect(second.system.stats().connections.awake).toBe(3);
    expect(second.system.isReady()).toBe(true);
  });
});

test('a connection that was deleted, created again and cleaned up to its second creation is recovered', async () => {
  const { send, store, restart } = world();
  await send('createConnection', { connection: connectionJson() });
  await send('deleteConnection');
  await turns();
  await send('createConnection', { connection: connectionJson({ name: 'again' }) });
  await store.journal.deleteTo('connection:c1', 2);
  await store.snapshots.deleteBelow('connection:c1', 3);
  const { send: sendNext } = restart();
  const { json } = await sendNext('retrieveConnection');
  expect(json).toMatchObject({ status: 200, connection: { name: 'again' } });
});
