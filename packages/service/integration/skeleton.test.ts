import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithServers } from '@hawser/testkit';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { type ChannelModel, connect } from 'amqplib';
import mqtt, { type MqttClient } from 'mqtt';
import { bridgeSource, bridgeTarget, liveMessage } from './bridge.ts';
import { HawserProcess, until } from './hawserProcess.ts';

const IDS = 'connectivity.commands:retrieveAllConnectionIds';

for (const store of ['lmdb', 'mongodb'] as const) {
  const servers =
    store === 'lmdb' ? (['mosquitto', 'rabbitmq'] as const) : (['mosquitto', 'rabbitmq', 'mongodb'] as const);

  describeWithServers(`the line on ${store}`, servers, (urls: Readonly<Record<string, string>>) => {
    const run = `${store}-${process.pid}`;
    const topic = `hawser/${run}`;
    const queue = `hawser-${run}`;
    let data: string;
    let hawser: HawserProcess;
    let device: MqttClient;
    let broker: ChannelModel;
    const received: Record<string, unknown>[] = [];

    const start = () =>
      HawserProcess.start({
        env: {
          HAWSER_DATA: data,
          ...(store === 'mongodb'
            ? { MONGO_DB_URI: urls['mongodb'] ?? '', MONGO_DB_DATABASE: `hawser_test_${process.pid}` }
            : {}),
        },
      });

    beforeAll(async () => {
      data = mkdtempSync(join(tmpdir(), 'hawser-e2e-'));
      broker = await connect(urls['rabbitmq'] ?? '');
      const channel = await broker.createChannel();
      await channel.assertQueue(queue, { durable: true });
      await channel.consume(
        queue,
        (message) => {
          if (message !== null) received.push(JSON.parse(message.content.toString()));
        },
        { noAck: true },
      );
      device = await mqtt.connectAsync((urls['mosquitto'] ?? '').replace('tcp:', 'mqtt:'));
      hawser = await start();
    });

    afterAll(async () => {
      await hawser.stop();
      await device.endAsync();
      const channel = await broker.createChannel();
      await channel.deleteQueue(queue);
      await broker.close();
      rmSync(data, { recursive: true, force: true });
    });

    afterEach(() => {
      received.length = 0;
    });

    test('both connections are created and answered as Ditto answers', async () => {
      for (const connection of [
        bridgeTarget(urls['rabbitmq'] ?? '', queue, 'out'),
        bridgeSource(urls['mosquitto'] ?? '', topic, 'in'),
      ]) {
        const answer = await hawser.piggyback({ type: 'connectivity.commands:createConnection', connection });
        expect(answer).toMatchObject({
          type: 'connectivity.responses:createConnection',
          status: 201,
          connection: { id: connection.id },
        });
      }
      expect(await hawser.piggyback({ type: IDS })).toEqual({
        type: 'connectivity.responses:retrieveAllConnectionIds',
        status: 200,
        connectionIds: ['in', 'out'],
      });
      const again = await hawser.piggyback({
        type: 'connectivity.commands:createConnection',
        connection: bridgeSource(urls['mosquitto'] ?? '', topic, 'in'),
      });
      expect(again).toMatchObject({ status: 409, error: 'connectivity:connection.conflict' });
    });

    test('a device message crosses from MQTT to RabbitMQ', async () => {
      await openStatus(hawser, 'in', 'out');
      await device.publishAsync(topic, liveMessage(1), { qos: 1 });
      await until('the message arrives', () => received.length > 0);
      expect(received[0]).toMatchObject({
        topic: 'org.hawser/device-1/things/live/messages/telemetry',
        value: { number: 1 },
      });
    });

    test('after SIGKILL the open connections open again and messages flow on', async () => {
      await hawser.kill();
      await device.publishAsync(topic, liveMessage(2), { qos: 1 });
      hawser = await start();
      await until('the message that waited at the broker arrives', () => received.length > 0);
      expect(received[0]).toMatchObject({ value: { number: 2 } });
      expect(await hawser.piggyback({ type: IDS })).toMatchObject({ connectionIds: ['in', 'out'] });
    });

    test('close stops the flow, open starts it again, and what waited arrives', async () => {
      expect(
        await hawser.piggyback({ type: 'connectivity.commands:closeConnection', connectionId: 'in' }),
      ).toEqual({
        type: 'connectivity.responses:closeConnection',
        status: 200,
        connectionId: 'in',
      });
      expect(
        await hawser.piggyback({
          type: 'connectivity.commands:retrieveConnectionStatus',
          connectionId: 'in',
        }),
      ).toMatchObject({
        status: 200,
        connectionStatus: 'closed',
        liveStatus: 'closed',
      });
      await device.publishAsync(topic, liveMessage(3), { qos: 1 });
      expect(received).toEqual([]);
      expect(
        await hawser.piggyback({ type: 'connectivity.commands:openConnection', connectionId: 'in' }),
      ).toMatchObject({ status: 200 });
      await until('the message arrives', () => received.length > 0);
      expect(received[0]).toMatchObject({ value: { number: 3 } });
    });

    test('a connection can be tested, modified and deleted', async () => {
      const connection = bridgeSource(urls['mosquitto'] ?? '', topic, 'tested');
      expect(await hawser.piggyback({ type: 'connectivity.commands:testConnection', connection })).toEqual({
        type: 'connectivity.responses:testConnection',
        status: 200,
        connectionId: 'tested',
        testResult: 'Success(successfully connected + initialized mapper)',
      });
      const modified = bridgeSource(urls['mosquitto'] ?? '', topic, 'in', { name: 'renamed' });
      expect(
        await hawser.piggyback({ type: 'connectivity.commands:modifyConnection', connection: modified }),
      ).toEqual({
        type: 'connectivity.responses:modifyConnection',
        status: 204,
        connectionId: 'in',
      });
      expect(
        await hawser.piggyback({ type: 'connectivity.commands:retrieveConnection', connectionId: 'in' }),
      ).toMatchObject({
        status: 200,
        connection: { name: 'renamed' },
      });
      expect(
        await hawser.piggyback({ type: 'connectivity.commands:deleteConnection', connectionId: 'in' }),
      ).toMatchObject({ status: 204 });
      expect(await hawser.piggyback({ type: IDS })).toMatchObject({ connectionIds: ['out'] });
      expect(
        await hawser.piggyback({ type: 'connectivity.commands:openConnection', connectionId: 'in' }),
      ).toMatchObject({
        status: 404,
        error: 'connectivity:connection.notfound',
      });
    });

    test('SIGTERM ends it with exit code 0', async () => {
      const begun = Date.now();
      expect(await hawser.stop()).toBe(0);
      expect(Date.now() - begun).toBeLessThan(10_000);
      hawser = await start();
      expect(await hawser.piggyback({ type: IDS })).toMatchObject({ connectionIds: ['out'] });
    });
  });
}

async function openStatus(hawser: HawserProcess, ...ids: readonly string[]): Promise<void> {
  for (const connectionId of ids) {
    await until(`${connectionId} is open`, async () => {
      const status = await hawser.piggyback({
        type: 'connectivity.commands:retrieveConnectionStatus',
        connectionId,
      });
      return status['liveStatus'] === 'open';
    });
  }
}
