import type { ClientEvents, Connection, JsonObject, ProtocolAdapter } from '@hawser/core';
import { MemoryStore } from '@hawser/persistence';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type Hawser, type HawserOptions, startHawser } from './startHawser.ts';

const REGION = '/system/sharding/connection';
const running: Hawser[] = [];
afterEach(async () => {
  for (const hawser of running.splice(0)) await hawser.stop();
});

/** A transport in memory. */
function loopback() {
  const events = new Map<string, ClientEvents>();
  const published: string[] = [];
  const adapter: ProtocolAdapter = {
    connectionTypes: ['mqtt'],
    createClient: ({ id }: Connection, given) => ({
      open: async () => void events.set(id, given),
      publish: async (_target, message) => {
        published.push(message.text ?? '');
        return { status: 200 };
      },
      resources: () => [],
      stopConsuming: async () => undefined,
      close: async () => void events.delete(id),
    }),
    test: async () => undefined,
  };
  const deliver = (id: string, message: JsonObject) =>
    new Promise<string>((settle) =>
      events
        .get(id)
        ?.message(
          { headers: {}, text: JSON.stringify(message) },
          { sourceIndex: 0, configuredAddress: 'in', address: 'in' },
          settle,
        ),
    );
  return { adapter, published, deliver, events };
}

async function start(options: HawserOptions = {}) {
  const broker = loopback();
  const hawser = await startHawser({
    store: 'memory',
    adapters: [broker.adapter],
    probe: () => Promise.resolve(),
    ...options,
  });
  running.push(hawser);
  const open = async (id: string) => {
    const authorizationContext = ['a:b'];
    const connection = {
      id,
      connectionType: 'mqtt',
      connectionStatus: 'closed',
      uri: 'tcp://in.process:1883',
      sources: [{ addresses: ['in'], qos: 1, authorizationContext }],
      targets: [{ address: 'out', qos: 1, topics: ['_/_/things/live/messages'], authorizationContext }],
    };
    await hawser.ask(REGION, { type: 'connectivity.commands:createConnection', connection });
    return hawser.ask(REGION, { type: 'connectivity.commands:openConnection', connectionId: id });
  };
  return { hawser, open, ...broker };
}

const message = (value: string): JsonObject => ({
  topic: 'org.acme/pump-1/things/live/messages/alarm',
  headers: { 'response-required': false, 'content-type': 'text/plain' },
  path: '/inbox/messages/alarm',
  value,
});
const ids = async (hawser: Hawser) => {
  const command = { type: 'connectivity.commands:retrieveAllConnectionIds' };
  return (await hawser.ask('/user/connectivityRoot/connectionIdsRetrieval', command)).json['connectionIds'];
};

describe('Hawser inside of another program', () => {
  test('runs twice in one process, each with its own connections, signals and end', async () => {
    const one = await start();
    const two = await start();
    expect((await one.open('same')).status).toBe(200);
    expect(await ids(two.hawser)).toEqual([]);
    expect((await two.open('same')).status).toBe(200);
    const seen: string[] = [];
    one.hawser.onSignal(() => seen.push('one'));
    two.hawser.onSignal(() => seen.push('two'));
    await two.hawser.publish(message('hello'));
    expect(seen).toEqual(['two']);
    expect([one.published.length, two.published.length]).toEqual([0, 1]);
    await two.hawser.stop();
    expect(two.events.size).toBe(0);
    expect(await ids(one.hawser)).toEqual(['same']);
  });

  test('settles a source message when its listeners have ended', async () => {
    const { hawser, open, deliver, published } = await start();
    await open('in');
    await open('out');
    let finish = () => {};
    const seen: unknown[] = [];
    const end = hawser.onSignal(({ message: { value }, connectionId }) => {
      seen.push([connectionId, value]);
      return new Promise<void>((resolve) => {
        finish = resolve;
      });
    });
    let settled: string | undefined;
    const delivered = deliver('in', message('hot')).then((outcome) => {
      settled = outcome;
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(settled).toBeUndefined();
    finish();
    await delivered;
    expect(settled).toBe('accepted');
    expect(seen).toEqual([['in', 'hot']]);
    expect(published).toHaveLength(1);
    end();
    await deliver('in', message('cold'));
    expect(seen).toHaveLength(1);
  });

  test('a listener that fails settles too', async () => {
    const { hawser, open, deliver } = await start();
    await open('in');
    hawser.onSignal(() => {
      throw new Error('no');
    });
    hawser.onSignal(() => Promise.reject(new Error('no')));
    expect(await deliver('in', message('hot'))).toBe('accepted');
  });

  test('a listener answers in place of the built-in twin', async () => {
    const { hawser } = await start();
    const command = {
      topic: 'org.acme/pump-1/things/twin/commands/retrieve',
      headers: {},
      path: '/attributes/x',
    };
    expect(await hawser.publish(command)).toMatchObject([{ status: 404 }]);
    hawser.onSignal(({ message: { topic, path }, answer }) =>
      answer({ topic: String(topic), headers: {}, path: String(path), value: 5, status: 200 }),
    );
    expect(await hawser.publish(command)).toMatchObject([{ status: 200, value: 5 }]);
  });

  test('what a listener has answered is not done by the twin as well', async () => {
    const { hawser } = await start();
    const message = (action: string) => ({
      topic: `org.acme/pump-1/things/twin/commands/${action}`,
      headers: {},
      path: '/',
    });
    const create = { ...message('create'), value: { attributes: { n: 1 } } };
    const end = hawser.onSignal(({ message: { topic, path }, answer }) =>
      answer({ topic: String(topic), headers: {}, path: String(path), value: {}, status: 201 }),
    );
    expect(await hawser.publish(create)).toMatchObject([{ status: 201, value: {} }]);
    end();
    expect(await hawser.publish(message('retrieve'))).toMatchObject([{ status: 404 }]);
    hawser.onSignal(() => undefined);
    const headers = { 'requested-acks': ['twin-persisted', 'search-persisted'], 'correlation-id': 'c' };
    expect(await hawser.publish({ ...create, headers })).toMatchObject([
      { status: 201, value: { attributes: { n: 1 } } },
    ]);
    expect(await hawser.publish(message('retrieve'))).toMatchObject([{ status: 200 }]);
  });

  test('refusals are answers, nobody there is an error, and what is no signal is refused', async () => {
    const { hawser } = await start();
    const missing = { type: 'connectivity.commands:retrieveConnection', connectionId: 'x' };
    expect(await hawser.ask(REGION, missing)).toMatchObject({ status: 404, isError: true });
    await expect(hawser.ask('/nowhere', missing)).rejects.toMatchObject({ code: 'ask.error' });
    await expect(hawser.publish({ topic: 'x' })).rejects.toMatchObject({ status: 400 });
  });

  test('an answer is its own: to change it changes no connection', async () => {
    const { hawser, open } = await start();
    const retrieved = async (connectionId: string) => {
      const command = { type: 'connectivity.commands:retrieveConnection', connectionId };
      return (await hawser.ask(REGION, command)).json['connection'] as unknown as {
        sources: { addresses: string[] }[];
      };
    };
    for (const id of ['c1', 'c2', 'c3']) await open(id);
    const before = await retrieved('c1');
    for (const id of ['c1', 'c2', 'c3']) (await retrieved(id)).sources[0]?.addresses.push('more');
    expect(await retrieved('c1')).toEqual(before);
  });

  test('connections are there again for the next instance on the same store', async () => {
    const store = new MemoryStore();
    const first = await start({ store });
    await first.open('c1');
    await first.hawser.stop();
    const second = await start({ store });
    await second.hawser.whenReopened;
    await second.hawser.publish(message('hello'));
    expect(second.published).toHaveLength(1);
  });

  test.each<[string, HawserOptions['settings'] & object]>([
    ['hawser.settle', { 'hawser.settle': 'sometimes' }],
    [
      'additional-log-context',
      {
        'ditto.connectivity.monitoring.logger.publisher.enabled': true,
        'ditto.connectivity.monitoring.logger.publisher.additional-log-context': 'no JSON',
      },
    ],
  ])('a refused %s leaves the store closed', async (key, settings) => {
    const store = new MemoryStore();
    await expect(startHawser({ store, settings })).rejects.toThrow(key);
    expect((await store.health()).status).toBe('DOWN');
  });

  test('tells its configuration by command, secrets masked', async () => {
    const { hawser } = await start();
    const asked = (path: string) =>
      hawser.ask('/user/devOpsCommandsActor', { type: 'common.commands:retrieveConfig', path });
    expect((await asked('hawser.settle')).json).toEqual({
      type: 'common.responses:retrieveConfig',
      status: 200,
      config: 'finished',
    });
    expect((await asked('ditto.gateway.authentication.devops.password')).json['config']).toBe('***');
    expect((await asked('nothing')).json['config']).toEqual({
      error: "No configuration setting found for key 'nothing'",
    });
  });

  test('says which settings it does not know, and reads no environment', async () => {
    const { hawser } = await start({
      settings: { 'hawser.dta': './x' } as HawserOptions['settings'] & object,
    });
    expect(hawser.warnings).toEqual([
      'unknown key hawser.dta (configuration file); did you mean hawser.data?',
    ]);
  });
});
