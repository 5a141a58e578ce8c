import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithServers } from '@hawser/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Channel, type ChannelModel, connect } from 'amqplib';
import mqtt, { type MqttClient } from 'mqtt';
import { HawserProcess, until } from './hawserProcess.ts';

interface Arrived {
  readonly address: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Record<string, unknown>;
}

const message = (device: string, subject: string, headers: object = {}): string =>
  JSON.stringify({
    topic: `org.hawser/${device}/things/live/messages/${subject}`,
    headers: { 'content-type': 'application/json', 'response-required': false, ...headers },
    path: `/outbox/messages/${subject}`,
    value: { temperature: 21 },
  });

/** Header mapping, enforcement, placeholders and filters on both brokers, in both directions. */
describeWithServers('the whole line between MQTT 5 and AMQP 0.9.1', ['mosquitto', 'rabbitmq'], (urls) => {
  const run = `${process.pid}-${Math.random().toString(36).slice(2, 8)}`;
  const queues = { up: `up-${run}`, down: `down-${run}`, replies: `replies-${run}` };
  const atQueue: Arrived[] = [];
  const atTopic: Arrived[] = [];
  let data: string;
  let hawser: HawserProcess;
  let device: MqttClient;
  let broker: ChannelModel;
  let channel: Channel;

  const field = {
    id: `field-${run}`,
    name: 'devices',
    connectionType: 'mqtt-5',
    connectionStatus: 'open',
    uri: urls.mosquitto,
    sources: [
      {
        addresses: [`up/${run}/+`],
        qos: 1,
        authorizationContext: ['integration:{{ header:tenant }}', 'integration:crossing'],
        enforcement: { input: '{{ source:address }}', filters: [`up/${run}/{{ thing:name }}`] },
        headerMapping: {
          'correlation-id': '{{ header:correlation-id }}',
          tenant: '{{ header:tenant | fn:upper() }}',
          origin: '{{ connection:id }}',
        },
        replyTarget: {
          address: `answers/${run}/{{ thing:name }}`,
          headerMapping: { 'correlation-id': '{{ header:correlation-id }}' },
          expectedResponseTypes: ['response', 'error', 'nack'],
          enabled: true,
        },
      },
    ],
    targets: [
      {
        address: `down/${run}/{{ thing:name }}`,
        qos: 1,
        topics: ['_/_/things/live/messages?filter=eq(topic:subject,"command")'],
        authorizationContext: ['integration:crossing'],
        headerMapping: { device: '{{ thing:id }}', subject: '{{ topic:subject }}' },
      },
    ],
  };
  const office = {
    id: `office-${run}`,
    name: 'back office',
    connectionType: 'amqp-091',
    connectionStatus: 'open',
    uri: `${urls.rabbitmq}/%2F`,
    sources: [
      {
        addresses: [queues.down],
        authorizationContext: ['integration:crossing'],
        enforcement: { input: '{{ header:device_id }}', filters: ['{{ entity:id }}'] },
        headerMapping: {
          'correlation-id': '{{ header:correlation-id }}',
          'reply-to': '{{ header:reply-to }}',
        },
        replyTarget: {
          address: `/${queues.replies}`,
          headerMapping: { 'correlation-id': '{{ header:correlation-id }}' },
          expectedResponseTypes: ['response', 'error'],
          enabled: true,
        },
      },
    ],
    targets: [
      {
        address: `/up-{{ fn:default('${run}') }}`,
        topics: [
          '_/_/things/live/messages?filter=and(eq(topic:subject,"telemetry"),like(thing:name,"pump-*"))',
        ],
        authorizationContext: ['integration:crossing'],
        headerMapping: {
          tenant: '{{ header:tenant }}',
          via: '{{ header:origin }}',
          thing: '{{ thing:namespace }}/{{ thing:name }}',
        },
      },
    ],
  };

  beforeAll(async () => {
    data = mkdtempSync(join(tmpdir(), 'hawser-crossing-'));
    broker = await connect(urls.rabbitmq);
    channel = await broker.createChannel();
    for (const queue of Object.values(queues)) await channel.assertQueue(queue, { expires: 120_000 });
    for (const queue of [queues.up, queues.replies]) {
      await channel.consume(
        queue,
        (delivery) => {
          if (delivery === null) return;
          const { headers = {}, correlationId } = delivery.properties;
          atQueue.push({
            address: queue,
            headers: { ...headers, ...(correlationId === undefined ? {} : { correlationId }) },
            body: JSON.parse(delivery.content.toString()),
          });
        },
        { noAck: true },
      );
    }
    device = await mqtt.connectAsync(urls.mosquitto.replace('tcp:', 'mqtt:'), { protocolVersion: 5 });
    device.on('message', (address, payload, { properties = {} }) => {
      const { userProperties = {}, correlationData } = properties;
      atTopic.push({
        address,
        headers: { ...userProperties, correlationId: correlationData?.toString() },
        body: JSON.parse(payload.toString()),
      });
    });
    await device.subscribeAsync([`down/${run}/#`, `answers/${run}/#`], { qos: 1 });
    hawser = await HawserProcess.start({ env: { HAWSER_DATA: data } });
    for (const connection of [field, office]) {
      const answer = await hawser.piggyback({ type: 'connectivity.commands:createConnection', connection });
      expect(answer).toMatchObject({ status: 201 });
      await hawser.piggyback({ type: 'connectivity.commands:openConnection', connectionId: connection.id });
    }
  });

  afterAll(async () => {
    await hawser?.stop();
    await device?.endAsync(true);
    for (const queue of Object.values(queues)) await channel?.deleteQueue(queue);
    await broker?.close();
    rmSync(data, { recursive: true, force: true });
  });

  const publish = (thing: string, text: string, correlationId = 'c-1') =>
    device.publishAsync(`up/${run}/${thing}`, text, {
      qos: 1,
      properties: { correlationData: Buffer.from(correlationId), userProperties: { tenant: 'acme' } },
    });

  test('what a device sends arrives with mapped headers, filtered by what it is', async () => {
    await publish('valve-1', message('valve-1', 'telemetry'));
    await publish('pump-1', message('pump-1', 'other'));
    await publish('pump-1', message('pump-1', 'telemetry'));
    await until('telemetry', () => atQueue.length === 1);
    expect(atQueue.splice(0)).toEqual([
      {
        address: queues.up,
        headers: expect.objectContaining({
          tenant: 'ACME',
          via: field.id,
          thing: 'org.hawser/pump-1',
          correlationId: 'c-1',
        }),
        body: expect.objectContaining({
          topic: 'org.hawser/pump-1/things/live/messages/telemetry',
          value: { temperature: 21 },
        }),
      },
    ]);
  });

  test('a device cannot speak for another: it gets the error, and nothing crosses', async () => {
    await publish('pump-1', message('pump-2', 'telemetry'), 'c-2');
    await until('the error', () => atTopic.length === 1);
    expect(atTopic.splice(0)).toEqual([
      {
        address: `answers/${run}/pump-2`,
        headers: expect.objectContaining({ correlationId: 'c-2' }),
        body: expect.objectContaining({
          topic: 'org.hawser/pump-2/things/live/errors',
          status: 400,
          value: expect.objectContaining({ error: 'connectivity:connection.id.enforcement.failed' }),
        }),
      },
    ]);
    expect(atQueue).toEqual([]);
  });

  test('a command goes down, and its answer comes back to who asked', async () => {
    const asked = message('pump-1', 'command', { 'response-required': true, timeout: '20s' });
    channel.sendToQueue(queues.down, Buffer.from(asked), {
      correlationId: 'c-3',
      headers: { device_id: 'org.hawser:pump-1' },
    });
    await until('the command', () => atTopic.length === 1);
    const [command] = atTopic.splice(0);
    expect(command).toMatchObject({
      address: `down/${run}/pump-1`,
      headers: { device: 'org.hawser:pump-1', subject: 'command', correlationId: 'c-3' },
    });
    const { topic, path } = command?.body ?? {};
    const answer = { topic, path, headers: { 'correlation-id': 'c-3' }, status: 200, value: 'done' };
    await publish('pump-1', JSON.stringify(answer), 'c-3');
    await until('the answer', () => atQueue.length === 1);
    expect(atQueue.splice(0)).toEqual([
      {
        address: queues.replies,
        headers: expect.objectContaining({ correlationId: 'c-3' }),
        body: expect.objectContaining({ status: 200, value: 'done' }),
      },
    ]);
  });

  test('a queue message for another thing than its header names is refused', async () => {
    channel.sendToQueue(queues.down, Buffer.from(message('pump-1', 'command')), {
      correlationId: 'c-4',
      headers: { device_id: 'org.hawser:pump-9' },
    });
    await until('the refusal', () => atQueue.length === 1);
    const [refusal] = atQueue.splice(0);
    expect(refusal).toMatchObject({ address: queues.replies, body: { status: 400 } });
    expect(atTopic).toEqual([]);
  });

  test('a modified connection takes every message with its old table or its new one', async () => {
    let total = 0;
    let isModified = false;
    const load = (async () => {
      for (let rest = 20; rest > 0; rest -= isModified ? 1 : 0) {
        await publish('pump-1', message('pump-1', 'telemetry'), `m-${total++}`);
      }
    })();
    const [target] = office.targets;
    const connection = {
      ...office,
      targets: [{ ...target, headerMapping: { ...target?.headerMapping, table: 'new' } }],
    };
    await until('the flow', () => atQueue.length > 20);
    const answer = await hawser.piggyback({ type: 'connectivity.commands:modifyConnection', connection });
    isModified = true;
    expect(answer).toMatchObject({ status: 204 });
    await load;
    const ids = () => new Set(atQueue.map(({ headers }) => headers['correlationId']));
    await until('all', () => ids().size === total, 10_000).catch(() => {});
    expect(ids().size).toBe(total);
    expect(atQueue.at(-1)?.headers).toMatchObject({ table: 'new', tenant: 'ACME' });
    process.stderr.write(`modified under load: ${atQueue.length - total} duplicates of ${total}\n`);
  });
});
