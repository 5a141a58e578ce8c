import type { ClientEvents, ProtocolAdapter, Settlement } from '@hawser/core';
import { afterEach, describe, expect, test } from '@jest/globals';
import { ConfigError } from './config/config.ts';
import type { DittoProtocolMessage } from './signalListener.ts';
import { type Hawser, type HawserOptions, startHawser } from './startHawser.ts';

const REGION = '/system/sharding/connection';
const IDS = '/user/connectivityRoot/connectionIdsRetrieval/singleton';

const running: Hawser[] = [];

async function start(options: HawserOptions = {}): Promise<Hawser> {
  const hawser = await startHawser({ store: 'memory', ...options });
  running.push(hawser);
  return hawser;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((hawser) => hawser.stop()));
});

/** A transport whose broker is the test. */
function testTransport() {
  const clients = new Set<ClientEvents>();
  const published: string[] = [];
  let confirm = Promise.resolve();
  const adapter: ProtocolAdapter = {
    connectionTypes: ['mqtt'],
    probesSocket: false,
    createClient: (_connection, events) => ({
      open: async () => void clients.add(events),
      publish: async ({ address }) => {
        await confirm;
        published.push(address);
        return { status: 200 };
      },
      resources: () => [],
      stopConsuming: async () => {},
      close: async () => void clients.delete(events),
    }),
    test: async () => {},
  };
  return {
    adapter,
    published,
    confirmLater(): () => void {
      let now = (): void => {};
      confirm = new Promise((resolve) => {
        now = resolve;
      });
      return now;
    },
    receive(message: DittoProtocolMessage): Promise<Settlement> {
      const [events] = clients;
      return new Promise((resolve) =>
        events?.message(
          { headers: {}, text: JSON.stringify(message) },
          { sourceIndex: 0, configuredAddress: 'in', address: 'in' },
          resolve,
        ),
      );
    },
  };
}

const event = {
  topic: 'org.example/t1/things/live/events/modified',
  headers: { 'response-required': false },
  path: '/attributes/a',
  value: 1,
  revision: 1,
};

const connection = (parts: object) => ({
  connectionType: 'mqtt',
  connectionStatus: 'open',
  uri: 'tcp://127.0.0.1:1883',
  ...parts,
});
const withSource = (id: string) =>
  connection({ id, sources: [{ addresses: ['in'], qos: 1, authorizationContext: ['a:b'] }] });
const withTarget = (id: string) =>
  connection({
    id,
    targets: [{ address: 'out', qos: 1, topics: ['_/_/things/live/events'], authorizationContext: ['a:b'] }],
  });

async function create(hawser: Hawser, json: object) {
  const { status } = await hawser.ask(REGION, {
    type: 'connectivity.commands:createConnection',
    connection: json as never,
  });
  expect(status).toBe(201);
  // opening is answered when the client is open; creating is answered before
  const { id } = json as { id: string };
  await hawser.ask(REGION, { type: 'connectivity.commands:openConnection', connectionId: id });
}

describe('an embedded instance', () => {
  test('answers commands, refusals included', async () => {
    const hawser = await start({ transports: [testTransport().adapter] });
    await create(hawser, withTarget('c1'));
    const { json } = await hawser.ask(IDS, { type: 'connectivity.commands:retrieveAllConnectionIds' });
    expect(json).toMatchObject({ status: 200, connectionIds: ['c1'] });
    const refusal = await hawser.ask(REGION, {
      type: 'connectivity.commands:retrieveConnection',
      connectionId: 'nobody',
    });
    expect(refusal).toMatchObject({ isError: true, status: 404 });
    await expect(
      hawser.ask(
        '/nowhere',
        { type: 'connectivity.commands:retrieveAllConnectionIds' },
        {},
        { timeoutMs: 50 },
      ),
    ).rejects.toMatchObject({
      code: 'ask.error',
    });
  });

  test('shares nothing with another one', async () => {
    const instances = await Promise.all([1, 2].map(() => start({ transports: [testTransport().adapter] })));
    const [first, second] = instances as [Hawser, Hawser];
    const heard: unknown[] = [];
    second.onSignal((message) => void heard.push(message));
    await create(first, withTarget('c1'));
    await first.publish(event);
    const { json } = await second.ask(IDS, { type: 'connectivity.commands:retrieveAllConnectionIds' });
    expect(json).toMatchObject({ connectionIds: [] });
    expect(heard).toEqual([]);
  });

  test('settles a source message only when the listener has finished', async () => {
    const transport = testTransport();
    const hawser = await start({ transports: [transport.adapter] });
    await create(hawser, withSource('in'));
    let finish = (): void => {};
    const heard = new Promise<DittoProtocolMessage>((resolve) => {
      hawser.onSignal((message) => {
        resolve(message);
        return new Promise((done) => {
          finish = done;
        });
      });
    });
    let settled: Settlement | undefined;
    const settling = transport.receive(event).then((outcome) => {
      settled = outcome;
    });
    expect(await heard).toMatchObject({ topic: event.topic, path: event.path, value: 1 });
    await new Promise((resolve) => setImmediate(resolve));
    expect(settled).toBeUndefined();
    finish();
    await settling;
    expect(settled).toBe('accepted');
  });

  test('a listener that throws loses nothing, and one that has ended hears nothing', async () => {
    const transport = testTransport();
    const hawser = await start({ transports: [transport.adapter] });
    await create(hawser, withSource('in'));
    let heard = 0;
    const end = hawser.onSignal(() => {
      heard++;
      throw new Error('of the listener');
    });
    expect(await transport.receive(event)).toBe('accepted');
    end();
    expect(await transport.receive(event)).toBe('accepted');
    expect(heard).toBe(1);
  });

  test('publishing resolves when the broker has confirmed', async () => {
    const transport = testTransport();
    const hawser = await start({ transports: [transport.adapter] });
    await create(hawser, withTarget('out'));
    const confirm = transport.confirmLater();
    let isPublished = false;
    const publishing = hawser.publish(event).then(() => {
      isPublished = true;
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(isPublished).toBe(false);
    confirm();
    await publishing;
    expect(transport.published).toEqual(['out']);
  });

  test('what is no message of the Ditto Protocol is refused, and so is a setting that cannot be', async () => {
    const hawser = await start();
    await expect(hawser.publish({ topic: 'x' })).rejects.toMatchObject({
      code: 'protocoladapter:unknown.topicpath',
    });
    await expect(
      startHawser({ store: 'memory', config: { 'hawser.max-in-flight': 'many' } }),
    ).rejects.toThrow(ConfigError);
  });
});
