import {
  type ClientEvents,
  type ClientSession,
  type Connection,
  type ConnectionClient,
  ConnectionFailure,
  type DittoError,
  type JsonObject,
  MisconfiguredError,
  type ProtocolAdapter,
  parseAdaptable,
  type SessionStatus,
  signalFromAdaptable,
  type Tunnel,
  type TunnelEnd,
  TunnelError,
  type TunnelEvents,
} from '@hawser/core';
import {
  fakeCompile,
  sampleConnection,
  sampleSource,
  sampleTarget,
  silentLog,
  turns,
  VirtualClock,
} from '@hawser/testkit';
import { describe, expect, test } from '@jest/globals';
import { SignalRouter } from '../twin/signalRouter.ts';
import { createClientSessions, type ObservedSessions } from './clientSessions.ts';
import { defaultLineConfig } from './config.ts';

const liveMessage = signalFromAdaptable(
  parseAdaptable({
    topic: 'ns/t/things/live/messages/m',
    headers: { 'content-type': 'text/plain' },
    path: '/inbox/messages/m',
    value: 'x',
  }),
);

/** A tunnel that a test opens, breaks and sees closed. */
interface FakeTunnel {
  readonly events: TunnelEvents;
  readonly opened: () => void;
  readonly failed: (error: Error) => void;
  isClosed: boolean;
}

interface FakeClient {
  /** Where it was told to connect, where that is not the URI. */
  readonly tunnel: TunnelEnd | undefined;
  readonly events: ClientEvents;
  readonly opened: () => void;
  readonly failed: (error: Error) => void;
  isClosed: boolean;
}

interface World {
  readonly clock: VirtualClock;
  readonly clients: FakeClient[];
  readonly tunnels: FakeTunnel[];
  /** `host:port` */
  readonly probed: string[];
  readonly statuses: SessionStatus[];
  readonly session: ClientSession;
  readonly logs: () => string[];
  readonly client: () => JsonObject;
  readonly all: ObservedSessions;
  readonly twin: SignalRouter;
  /** Texts that the clients were given. */
  readonly published: string[];
  /** What the probe does. */
  reachable: boolean;
}

const base: Connection = sampleConnection({
  id: 'c1',
  uri: 'tcp://broker:1883',
  failoverEnabled: false,
  sources: [sampleSource({ addresses: ['a', 'b'] })],
  targets: [sampleTarget({ address: 'out' })],
});

function start(
  parts: Partial<Connection> = {},
  reconnectDelayMs?: ProtocolAdapter['reconnectDelayMs'],
  probe?: ProtocolAdapter['probe'],
): World {
  const clock = new VirtualClock(Date.UTC(2026, 0, 1, 12));
  const clients: FakeClient[] = [];
  const tunnels: FakeTunnel[] = [];
  const probed: string[] = [];
  const statuses: SessionStatus[] = [];
  const published: string[] = [];
  const twin = new SignalRouter();
  const adapter: ProtocolAdapter = {
    connectionTypes: ['mqtt'],
    createClient: (_connection, events, { tunnel }) => fakeClient(events, clients, published, tunnel),
    test: async () => {},
    ...(reconnectDelayMs === undefined ? {} : { reconnectDelayMs }),
    ...(probe === undefined ? {} : { probe }),
  };
  const all = createClientSessions({
    adapters: [adapter],
    compile: fakeCompile,
    dispatcher: twin,
    clock,
    log: silentLog,
    config: { ...defaultLineConfig, instanceId: 'host-1' },
    createId: () => 'id',
    random: () => 0.5,
    openTunnel: (_connection, events) => fakeTunnel(events, tunnels),
    probe: async (host, port) => {
      probed.push(`${host}:${port}`);
      if (!world.reachable) throw new Error('Connection refused');
    },
  });
  const session = all.create({ ...base, ...parts }, 0, (status) => statuses.push(status));
  session.monitor.enableLogs(clock.now() + 24 * 3_600_000);
  const world: World = {
    clock,
    clients,
    tunnels,
    probed,
    statuses,
    session,
    all,
    twin,
    published,
    reachable: true,
    logs: () =>
      (session.monitor.logs()['connectionLogs'] as JsonObject[]).map(
        ({ level, message }) => `${level}: ${message}`,
      ),
    client: () => session.status()[0] ?? {},
  };
  return world;
}

function fakeTunnel(events: TunnelEvents, tunnels: FakeTunnel[]): Promise<Tunnel> {
  return new Promise((resolve, failed) => {
    const fake: FakeTunnel = {
      events,
      failed,
      opened: () =>
        resolve({
          end: { host: '127.0.0.1', port: 40_000 + tunnels.length },
          close: async () => {
            fake.isClosed = true;
          },
        }),
      isClosed: false,
    };
    tunnels.push(fake);
  });
}

function fakeClient(
  events: ClientEvents,
  clients: FakeClient[],
  published: string[],
  tunnel: TunnelEnd | undefined,
): ConnectionClient {
  let opened = (): void => {};
  let failed: (error: Error) => void = () => {};
  const open = new Promise<void>((resolve, reject) => {
    opened = resolve;
    failed = reject;
  });
  const fake: FakeClient = { events, opened, failed, isClosed: false, tunnel };
  clients.push(fake);
  return {
    open: () => open,
    publish: async (_target, { text = '' }) => {
      published.push(text);
      return { status: 200 };
    },
    resources: () => [
      { type: 'source', address: 'a;b', status: 'open', detail: 'Consumer started.', sinceMs: 0 },
    ],
    stopConsuming: async () => {},
    close: async () => {
      fake.isClosed = true;
    },
  };
}

/** An open whose outcome is kept instead of thrown. */
function openLater(session: ClientSession): { result: string; error: DittoError | undefined } {
  const kept: { result: string; error: DittoError | undefined } = { result: 'waiting', error: undefined };
  session.open().then(
    () => {
      kept.result = 'opened';
    },
    (error: DittoError) => {
      kept.result = 'failed';
      kept.error = error;
    },
  );
  return kept;
}

async function connected(world: World): Promise<World> {
  const open = openLater(world.session);
  await turns();
  world.clients[0]?.opened();
  await turns();
  expect(open.result).toBe('opened');
  return world;
}

describe('opening', () => {
  test('resolves when the client is open, and shows it', async () => {
    const world = await connected(start());
    expect(world.session.status()).toEqual([
      {
        type: 'client',
        client: 'host-1',
        status: 'open',
        recoveryStatus: 'succeeded',
        statusDetails: 'CONNECTED',
        inStateSince: '2026-01-01T12:00:00Z',
      },
      {
        type: 'source',
        client: 'host-1',
        address: 'a;b',
        status: 'open',
        statusDetails: 'Consumer started.',
        inStateSince: '1970-01-01T00:00:00Z',
      },
    ]);
    expect(world.logs()).toEqual(['success: Connection successful']);
    expect(world.statuses.map(({ state }) => state)).toEqual(['connecting', 'connected']);
    await world.session.open();
    expect(world.clients).toHaveLength(1);
  });

  test('a place that cannot be reached fails the asker with 504 and is tried again', async () => {
    const world = start();
    world.reachable = false;
    const open = openLater(world.session);
    await turns();
    expect(open.error?.toJson()).toEqual({
      status: 504,
      error: 'connectivity:connection.failed',
      message: "The Connection with ID 'c1' failed to connect.",
      description:
        "Could not establish a connection on 'broker:1883'. Make sure the endpoint is reachable and that no firewall prevents the connection.",
    });
    expect(world.client()).toMatchObject({
      status: 'misconfigured',
      recoveryStatus: 'ongoing',
      statusDetails:
        "<ConnectionFailedException>: The Connection with ID 'c1' failed to connect. Could not establish a connection on 'broker:1883'. Make sure the endpoint is reachable and that no firewall prevents the connection. At 2026-01-01T12:00:00Z",
    });
    expect(world.session.status().slice(1)).toEqual([
      {
        type: 'source',
        client: 'host-1',
        address: 'a;b',
        status: 'closed',
        statusDetails: 'Closed because of misconfiguration status in client.',
      },
      {
        type: 'target',
        client: 'host-1',
        address: 'out',
        status: 'closed',
        statusDetails: 'Closed because of misconfiguration status in client.',
      },
    ]);
    expect(world.logs()[0]).toBe(
      'failure: Socket could not be opened for broker:1883 due to Connection refused',
    );
    world.reachable = true;
    world.clock.advance(5_000);
    await turns();
    world.clients[0]?.opened();
    await turns();
    expect(world.client()).toMatchObject({ status: 'open' });
  });

  test('a failure is told to the asker, and the client tries again after a growing pause', async () => {
    const world = start();
    const open = openLater(world.session);
    await turns();
    world.clients[0]?.failed(new MisconfiguredError('Connection refused: Not authorized'));
    await turns();
    expect(open.error).toMatchObject({ status: 504, code: 'connectivity:connection.failed' });
    expect(world.client()).toMatchObject({
      status: 'misconfigured',
      statusDetails: '<MisconfiguredError>: Connection refused: Not authorized. At 2026-01-01T12:00:00Z',
    });
    expect(world.logs()).toEqual([
      'failure: Connection failed due to: <MisconfiguredError>: Connection refused: Not authorized. At 2026-01-01T12:00:00Z. Will reconnect after PT5S',
    ]);
    world.clock.advance(5_000);
    await turns();
    expect(world.clients).toHaveLength(2);
    expect(world.clients[0]?.isClosed).toBe(true);
    world.clients[1]?.failed(new Error('again'));
    await turns();
    expect(world.client()).toMatchObject({ status: 'failed' });
    world.clock.advance(9_999);
    await turns();
    expect(world.clients).toHaveLength(2);
    world.clock.advance(1);
    await turns();
    expect(world.clients).toHaveLength(3);
  });

  test('an attempt that takes too long fails its askers and is begun again with twice the time', async () => {
    const world = start();
    const open = openLater(world.session);
    await turns();
    world.clock.advance(50_000);
    await turns();
    expect(open.error?.description).toBe('Connection attempt timed out.');
    expect(world.client()).toMatchObject({
      statusDetails: 'Connection timed out at 2026-01-01T12:00:50Z while CONNECTING. Will try to reconnect.',
    });
    expect(world.logs()).toEqual(['success: Trying to reconnect']);
    expect(world.clients).toHaveLength(2);
    world.clients[0]?.opened();
    await turns();
    expect(world.client()['status']).toBe('unknown');
    world.clock.advance(99_999);
    await turns();
    expect(world.clients).toHaveLength(2);
    world.clock.advance(1);
    await turns();
    expect(world.clients).toHaveLength(3);
  });
});

test("a transport with a way of its own to the host is asked in the socket's place", async () => {
  const world = start({}, undefined, () => Promise.reject(new Error('the proxy says no')));
  const open = openLater(world.session);
  await turns();
  expect(open.error).toMatchObject({ status: 504 });
  expect(world.logs()[0]).toBe(
    'failure: Socket could not be opened for broker:1883 due to the proxy says no',
  );
  await expect(world.all.test(base)).rejects.toMatchObject({ status: 504 });
});

test('a transport that leaves the way to the host to the socket is not in its way', async () => {
  const world = await connected(start({}, undefined, () => undefined));
  world.reachable = false;
  await expect(world.all.test(base)).rejects.toMatchObject({ status: 504 });
});

describe('losing the broker', () => {
  test("a failure in Ditto's words is told with its cause", async () => {
    const world = await connected(start());
    const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    world.clients[0]?.events.lost(new ConnectionFailure('Failed to send HTTP request to <http://h>.', cause));
    expect(world.client()).toMatchObject({
      status: 'misconfigured',
      statusDetails:
        'Failed to send HTTP request to <http://h>. - cause <Error>: connect ECONNREFUSED. At 2026-01-01T12:00:00Z',
    });
  });

  test('without failover the general back-off brings the client back', async () => {
    const world = await connected(start());
    world.clients[0]?.events.lost(new Error('gone'));
    expect(world.client()).toMatchObject({
      status: 'failed',
      recoveryStatus: 'ongoing',
      statusDetails: '<Error>: gone. At 2026-01-01T12:00:00Z',
    });
    world.clock.advance(5_000);
    await turns();
    world.clients[1]?.opened();
    await turns();
    expect(world.client()).toMatchObject({ status: 'open', recoveryStatus: 'succeeded' });
  });

  test("with failover the protocol's own pace is followed, without end", async () => {
    const world = await connected(
      start({ failoverEnabled: true }, (_connection, attempt) => attempt * 1_000),
    );
    world.clients[0]?.events.lost(new Error('gone'));
    for (const [attempt, pause] of [1_000, 2_000, 3_000].entries()) {
      world.clock.advance(pause - 1);
      await turns();
      expect(world.clients).toHaveLength(attempt + 1);
      world.clock.advance(1);
      await turns();
      expect(world.clients).toHaveLength(attempt + 2);
      world.clients.at(-1)?.failed(new Error('still gone'));
      await turns();
    }
  });

  test('a client of an earlier attempt is not listened to any more', async () => {
    const world = await connected(start());
    world.clients[0]?.events.lost(new Error('gone'));
    world.clock.advance(5_000);
    await turns();
    world.clients[1]?.opened();
    await turns();
    world.clients[0]?.events.lost(new Error('late'));
    expect(world.client()).toMatchObject({ status: 'open' });
  });
});

describe('closing', () => {
  test('ends the client and says so', async () => {
    const world = await connected(start());
    await Promise.all([world.session.close(), world.session.close()]);
    expect(world.clients[0]?.isClosed).toBe(true);
    expect(world.client()).toMatchObject({
      status: 'closed',
      recoveryStatus: 'unknown',
      statusDetails: 'Disconnected at 2026-01-01T12:00:00Z',
    });
    expect(world.statuses.map(({ state }) => state)).toEqual([
      'connecting',
      'connected',
      'disconnecting',
      'disconnecting',
      'disconnected',
    ]);
    expect(world.logs().at(-1)).toBe('success: Disconnected successfully');
  });

  test('while connecting the askers are told, and nothing connects afterwards', async () => {
    const world = start();
    const open = openLater(world.session);
    await turns();
    await world.session.close();
    expect(open.result).toBe('failed');
    world.clients[0]?.opened();
    world.clock.advance(600_000);
    await turns();
    expect(world.clients).toHaveLength(1);
    expect(world.client()).toMatchObject({ status: 'closed' });
  });

  test('a closed session opens again', async () => {
    const world = await connected(start());
    await world.session.close();
    const open = openLater(world.session);
    await turns();
    world.clients[1]?.opened();
    await turns();
    expect(open.result).toBe('opened');
  });

  test('an aborted session is silent and leaves no timer', async () => {
    const world = await connected(start());
    world.session.abort();
    expect(world.clients[0]?.isClosed).toBe(true);
    expect(world.clock.pendingTimers).toBe(0);
    world.clients[0]?.events.lost(new Error('late'));
    expect(world.clients).toHaveLength(1);
  });
});

test('targets that ask for announcements are told that the connection was opened, and that it closes', async () => {
  const topics = [
    { topic: '_/_/connections/announcements', namespaces: [], filter: undefined, extraFields: undefined },
  ] as const;
  const { session, clients, published } = start({ sources: [], targets: [sampleTarget({ topics })] });
  const opened = session.open();
  await turns();
  clients[0]?.opened();
  await opened;
  await session.close();
  expect(published).toEqual(['{"openedAt":"2026-01-01T12:00:00Z"}', '{"closedAt":"2026-01-01T12:00:00Z"}']);
});

test('a client that is replaced goes on taking signals for its targets, for its successor', async () => {
  const { all, clients, published, session, twin } = start({ sources: [] });
  const opened = session.open();
  await turns();
  clients[0]?.opened();
  await opened;
  await session.close(true);
  twin.submit(liveMessage, { voyage: undefined });
  await turns();
  expect(published).toEqual([]);
  const next = all.create({ ...base, sources: [] }, 0, () => {});
  const reopened = next.open();
  session.abort();
  await turns();
  clients[1]?.opened();
  await reopened;
  await turns();
  expect(published).toEqual(['"x"']);
});

describe('the states that can be observed', () => {
  const statesOf = (all: ObservedSessions) => [...all.observed()].map(({ clients }) => clients);

  test('are those of the successor, whatever a replaced client still tells', async () => {
    const { all, session } = await connected(start());
    const next = all.create(base, 0, () => {});
    openLater(next);
    session.abort();
    expect(statesOf(all)).toEqual([['connecting']]);
    next.abort();
  });

  test('do not come back with a late status of a connection that was forgotten', async () => {
    const { all, session } = await connected(start());
    all.forget(base.id);
    session.abort();
    all.monitor(base.id);
    expect(statesOf(all)).toEqual([[]]);
  });
});

describe('through an SSH tunnel', () => {
  const sshTunnel: Connection['sshTunnel'] = {
    enabled: true,
    credentials: { type: 'plain', username: 'alice', password: 's3cret' },
    validateHost: false,
    knownHosts: [],
    uri: 'ssh://gate:22',
  };

  async function through(): Promise<World> {
    const world = start({ sshTunnel });
    const open = openLater(world.session);
    await turns();
    world.tunnels[0]?.opened();
    await turns();
    world.clients[0]?.opened();
    await turns();
    expect(open.result).toBe('opened');
    return world;
  }

  test('the client connects to its end, and its status is shown', async () => {
    const world = await through();
    expect(world.probed).toEqual(['gate:22']);
    expect(world.clients[0]?.tunnel).toEqual({ host: '127.0.0.1', port: 40_001 });
    expect(world.session.status().at(-1)).toEqual({
      type: 'ssh',
      client: 'host-1',
      status: 'open',
      statusDetails: 'ssh tunnel established.',
      inStateSince: '2026-01-01T12:00:00Z',
    });
  });

  test('a tunnel that is switched off is not opened', async () => {
    const world = await connected(start({ sshTunnel: { ...sshTunnel, enabled: false } }));
    expect(world.tunnels).toHaveLength(0);
    expect(world.probed).toEqual(['broker:1883']);
    expect(world.clients[0]?.tunnel).toBeUndefined();
  });

  test('a tunnel that cannot be opened fails the client, which never goes without', async () => {
    const world = start({ sshTunnel });
    const open = openLater(world.session);
    await turns();
    world.tunnels[0]?.failed(new TunnelError('Failed to connect to ssh server', new Error('no route')));
    await turns();
    expect(open.error).toMatchObject({
      status: 504,
      description: 'Failed to connect to ssh server - cause <Error>: no route.',
    });
    expect(world.client()).toMatchObject({
      status: 'misconfigured',
      statusDetails: 'Failed to connect to ssh server - cause <Error>: no route. At 2026-01-01T12:00:00Z',
    });
    expect(world.session.status().at(-1)).toMatchObject({ type: 'ssh', status: 'closed' });
    expect(world.clients).toHaveLength(0);
    world.clock.advance(5_000);
    await turns();
    expect(world.tunnels).toHaveLength(2);
  });

  test('a lost tunnel takes the client with it, and both come back', async () => {
    const world = await through();
    world.tunnels[0]?.events.lost(new TunnelError('SSH Tunnel failed.', new Error('reset')));
    await turns();
    expect(world.clients[0]?.isClosed).toBe(true);
    expect(world.tunnels[0]?.isClosed).toBe(true);
    expect(world.client()).toMatchObject({ status: 'misconfigured' });
    world.clock.advance(5_000);
    await turns();
    world.tunnels[1]?.opened();
    await turns();
    world.clients[1]?.opened();
    await turns();
    expect(world.client()).toMatchObject({ status: 'open' });
    expect(world.clients[1]?.tunnel?.port).toBe(40_002);
  });

  test('closing closes the tunnel after the client', async () => {
    const world = await through();
    await world.session.close();
    expect(world.clients[0]?.isClosed).toBe(true);
    expect(world.tunnels[0]?.isClosed).toBe(true);
  });

  test('a tunnel that opens after the session was closed is closed at once', async () => {
    const world = start({ sshTunnel });
    openLater(world.session);
    await turns();
    await world.session.close();
    world.tunnels[0]?.opened();
    await turns();
    expect(world.tunnels[0]?.isClosed).toBe(true);
    expect(world.clients).toHaveLength(0);
  });

  test('a test connection goes through one of its own', async () => {
    const world = start({ sshTunnel });
    const tested = world.all.test({ ...base, sshTunnel });
    await turns();
    world.tunnels[0]?.opened();
    expect(await tested).toMatch(/^Success/);
    expect(world.tunnels[0]?.isClosed).toBe(true);
  });

  test('a test whose tunnel fails says why', async () => {
    const world = start({ sshTunnel });
    const tested = world.all.test({ ...base, sshTunnel });
    await turns();
    world.tunnels[0]?.failed(new TunnelError('Failed to connect to ssh server', new Error('no route')));
    await expect(tested).rejects.toMatchObject({ status: 504, description: 'Cause: no route' });
  });
});
