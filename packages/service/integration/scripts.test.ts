import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithServers } from '@hawser/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type ChannelModel, connect } from 'amqplib';
import mqtt, { type MqttClient } from 'mqtt';
import { HawserProcess, until } from './hawserProcess.ts';

const INCOMING = `
  let seen = 0;
  function mapToDittoProtocolMsg(headers, text, bytes) {
    const [device, reading] = (text ?? Ditto.arrayBufferToString(bytes)).split(';');
    if (reading === 'throw') throw new Error('no reading');
    if (reading === 'loop') for (;;) {}
    if (reading === 'hang') new Array(2 ** 28).join('abc');
    return Ditto.buildDittoProtocolMsg('org.hawser', device, 'things', 'live', 'messages', 'reading',
      '/outbox/messages/reading', { 'content-type': 'application/json', 'response-required': false },
      { reading: Number(reading), seen: ++seen });
  }`;
const OUTGOING = `
  function mapFromDittoProtocolMsg(namespace, name, group, channel, criterion, action, path, headers, value) {
    if (value.reading < 0) return null;
    return Ditto.buildExternalMsg({ device: name }, name + '=' + value.reading + '#' + value.seen, null, 'text/plain');
  }`;

describeWithServers('scripts on both sides of the line', ['mosquitto', 'rabbitmq'], (urls) => {
  const run = `${process.pid}-${Math.random().toString(36).slice(2, 8)}`;
  const topic = `scripts/${run}`;
  const queue = `scripts-${run}`;
  const received: string[] = [];
  let data: string;
  let hawser: HawserProcess;
  let device: MqttClient;
  let broker: ChannelModel;

  const connections = [
    {
      id: `in-${run}`,
      connectionType: 'mqtt',
      connectionStatus: 'open',
      uri: urls.mosquitto,
      mappingDefinitions: { js: { mappingEngine: 'JavaScript', options: { incomingScript: INCOMING } } },
      sources: [
        { addresses: [topic], qos: 1, authorizationContext: ['integration:scripts'], payloadMapping: ['js'] },
      ],
    },
    {
      id: `out-${run}`,
      connectionType: 'amqp-091',
      connectionStatus: 'open',
      uri: `${urls.rabbitmq}/%2F`,
      mappingDefinitions: { js: { mappingEngine: 'JavaScript', options: { outgoingScript: OUTGOING } } },
      targets: [
        {
          address: `/${queue}`,
          topics: ['_/_/things/live/messages?filter=eq(topic:subject,"reading")'],
          authorizationContext: ['integration:scripts'],
          payloadMapping: ['js'],
          headerMapping: {},
        },
      ],
    },
  ];

  beforeAll(async () => {
    data = mkdtempSync(join(tmpdir(), 'hawser-scripts-'));
    broker = await connect(urls.rabbitmq);
    const channel = await broker.createChannel();
    await channel.assertQueue(queue, { expires: 120_000 });
    await channel.consume(
      queue,
      (message) => {
        if (message !== null) received.push(message.content.toString());
      },
      { noAck: true },
    );
    device = await mqtt.connectAsync(urls.mosquitto.replace('tcp:', 'mqtt:'));
    hawser = await HawserProcess.start({ env: { HAWSER_DATA: data } });
    for (const connection of connections) {
      expect(
        await hawser.piggyback({ type: 'connectivity.commands:createConnection', connection }),
      ).toMatchObject({ status: 201 });
      await hawser.piggyback({ type: 'connectivity.commands:openConnection', connectionId: connection.id });
    }
    const connectionId = `in-${run}`;
    await hawser.piggyback({ type: 'connectivity.commands:enableConnectionLogs', connectionId });
  });

  afterAll(async () => {
    await hawser?.stop();
    await device?.endAsync(true);
    await (await broker?.createChannel())?.deleteQueue(queue);
    await broker?.close();
    rmSync(data, { recursive: true, force: true });
  });

  const publish = (payload: string | Buffer) => device.publishAsync(topic, payload, { qos: 1 });

  test('messages are mapped in order, and variables live on', async () => {
    await Promise.all(Array.from({ length: 300 }, (_, i) => publish(`pump-1;${i}`)));
    await until('all arrive', () => received.length === 300);
    expect(received.splice(0)).toEqual(Array.from({ length: 300 }, (_, i) => `pump-1=${i}#${i + 1}`));
  });

  test('a message that the script drops, or fails at, is settled, and the next one comes through', async () => {
    for (const reading of ['-1', 'throw', 'loop', '7']) await publish(`pump-1;${reading}`);
    await until('the next one arrives', () => received.length === 1);
    expect(received.splice(0)).toEqual(['pump-1=7#302']);
    const { connectionLogs } = (await hawser.piggyback({
      type: 'connectivity.commands:retrieveConnectionLogs',
      connectionId: `in-${run}`,
    })) as unknown as { connectionLogs: { level: string; message: string }[] };
    const failures = connectionLogs.filter(({ level }) => level === 'failure').map(({ message }) => message);
    expect(failures).toEqual(
      expect.arrayContaining([
        expect.stringContaining('Got exception <connectivity:message.mapping.failed>'),
        expect.stringContaining('Error: no reading - in line/column #5/'),
        expect.stringContaining('Maximum execution time of <500>ms was exceeded.'),
      ]),
    );
  });

  test('a script that has to be ended from outside begins anew', async () => {
    await publish('pump-1;hang');
    await publish('pump-1;8');
    await until('the next one arrives', () => received.length === 1);
    expect(received.splice(0)).toEqual(['pump-1=8#1']);
  });
});
