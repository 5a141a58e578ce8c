import type {
  ClientContext,
  ClientEvents,
  ConnectionClient,
  ExternalMessage,
  Settlement,
} from '@hawser/core';
import {
  describeAdapter,
  describeWithServers,
  realClock,
  sampleConnection,
  sampleSource,
  sampleTarget,
  silentLog,
  startTcpProxy,
} from '@hawser/testkit';
import { describe, expect, test } from '@jest/globals';
import { connectAsync } from 'mqtt';
import { mqttAdapter } from '../src/mqtt/adapter.ts';
import { Inbox, uniqueName } from './inbox.ts';
import { startMqttPeer } from './mqttPeer.ts';

const context = (clientId: string, parts: Partial<ClientContext> = {}): ClientContext => ({
  clock: realClock,
  log: silentLog,
  clientId,
  maxInboundBytes: 1_048_576,
  maxInFlight: 100,
  config: {},
  carry: new Map(),
  ...parts,
});

describeWithServers('MQTT on a real broker', ['mosquitto'], ({ mosquitto: url }) => {
  for (const connectionType of ['mqtt', 'mqtt-5'] as const) {
    for (const qos of [1, 2] as const) {
      describeAdapter(`${connectionType}, QoS ${qos}`, mqttAdapter, { redelivers: true }, () =>
        startMqttPeer(url, connectionType, qos),
      );
    }
  }

  const uri = url.replace(/^mqtt:/, 'tcp:');

  async function withClient(
    connection: ReturnType<typeof sampleConnection>,
    events: ClientEvents,
    parts: Partial<ClientContext>,
    use: (client: ConnectionClient) => Promise<void>,
  ): Promise<void> {
    const client = mqttAdapter.createClient(connection, events, context(connection.id, parts));
    try {
      await client.open();
      await use(client);
    } finally {
      await client.close();
    }
  }

  describe('a persistent session', () => {
    test.each([1, 2] as const)(
      'delivers what came while we were away, from the first packet on, QoS %i',
      async (qos) => {
        const id = uniqueName();
        const connection = sampleConnection({
          id,
          connectionType: 'mqtt-5',
          uri,
          sources: [sampleSource({ addresses: [`${id}/in`], qos })],
        });
        const ignore: ClientEvents = { message: () => {}, lost: () => {} };
        await withClient(connection, ignore, {}, async () => {});
        const device = await connectAsync(url, { clientId: uniqueName() });
        for (let n = 0; n < 100; n++) await device.publishAsync(`${id}/in`, String(n), { qos });
        await device.endAsync();
        const inbox = new Inbox();
        await withClient(
          connection,
          {
            message: (message, _origin, settle) => {
              inbox.put(message.text ?? '');
              settle('accepted');
            },
            lost: () => {},
          },
          {},
          async () => {
            for (let n = 0; n < 100; n++) expect(await inbox.take()).toBe(String(n));
          },
        );
      },
    );
  });

  test('messages of QoS 0 wait in the network while too many are under way, and none is lost', async () => {
    const id = uniqueName();
    const connection = sampleConnection({
      id,
      uri,
      sources: [sampleSource({ addresses: [`${id}/in`], qos: 0 })],
    });
    const held: ((outcome: Settlement) => void)[] = [];
    let count = 0;
    let most = 0;
    let all: () => void = () => {};
    const done = new Promise<void>((resolve) => {
      all = resolve;
    });
    const events: ClientEvents = {
      message: (_message, _origin, settle) => {
        count++;
        held.push(settle);
        most = Math.max(most, held.length);
        setImmediate(() => held.shift()?.('accepted'));
        if (count === 2_000) all();
      },
      lost: () => {},
    };
    await withClient(connection, events, { maxInFlight: 10 }, async () => {
      const device = await connectAsync(url, { clientId: uniqueName() });
      for (let n = 0; n < 2_000; n++) await device.publishAsync(`${id}/in`, 'x');
      await done;
      await device.endAsync();
    });
    expect(most).toBeLessThanOrEqual(12);
  });

  test('properties of MQTT 5 travel as headers, both ways', async () => {
    const id = uniqueName();
    const connection = sampleConnection({
      id,
      connectionType: 'mqtt-5',
      uri,
      sources: [sampleSource({ addresses: [`${id}/+`], qos: 1 })],
      targets: [sampleTarget({ address: `${id}/out` })],
    });
    let received: (message: ExternalMessage) => void = () => {};
    const message = new Promise<ExternalMessage>((resolve) => {
      received = resolve;
    });
    const events: ClientEvents = {
      message: (arrived, _origin, settle) => {
        settle('accepted');
        received(arrived);
      },
      lost: () => {},
    };
    await withClient(connection, events, {}, async (client) => {
      await client.publish(
        { address: `${id}/out`, qos: 1, targetIndex: 0 },
        { headers: { 'correlation-id': 'c', 'reply-to': 'r', 'content-type': 'a/b', x: '1' }, text: 'y' },
      );
      expect((await message).headers).toMatchObject({
        'mqtt.topic': `${id}/out`,
        'mqtt.qos': '1',
        'correlation-id': 'c',
        'reply-to': 'r',
        'content-type': 'a/b',
        x: '1',
      });
    });
  });

  test('a last will is sent when the client vanishes, and not when it leaves', async () => {
    const id = uniqueName();
    const inbox = new Inbox();
    const device = await connectAsync(url, { clientId: uniqueName() });
    device.on('message', (_topic, payload) => inbox.put(payload.toString()));
    await device.subscribeAsync(`${id}/will`, { qos: 1 });
    const { hostname, port } = new URL(url);
    const proxy = await startTcpProxy({ host: hostname, port: Number(port) });
    const connection = sampleConnection({
      id,
      uri: `tcp://127.0.0.1:${proxy.port}`,
      specificConfig: { lastWillTopic: `${id}/will`, lastWillMessage: 'gone', lastWillQos: '1' },
    });
    const ignore: ClientEvents = { message: () => {}, lost: () => {} };
    await withClient(connection, ignore, {}, async () => {});
    await withClient(connection, ignore, {}, async () => {
      proxy.reset();
      expect(await inbox.take()).toBe('gone');
    });
    await proxy.close();
    await device.endAsync();
  });

  test('a subscription that the broker refuses fails the opening', async () => {
    const connection = sampleConnection({
      id: uniqueName(),
      uri,
      sources: [sampleSource({ addresses: ['a/#/b'], qos: 1 })],
    });
    const client = mqttAdapter.createClient(
      connection,
      { message: () => {}, lost: () => {} },
      context(connection.id),
    );
    await expect(client.open()).rejects.toThrow();
    await client.close();
  });
});
