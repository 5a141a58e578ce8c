import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithServers, makeTopics, startTcpProxy } from '@hawser/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import kafkajs, { type Admin, type Kafka, type Producer } from 'kafkajs';
import mqtt, { type MqttClient } from 'mqtt';
import { liveMessage } from './bridge.ts';
import { HawserProcess, until } from './hawserProcess.ts';

describeWithServers('Kafka through the line', ['mosquitto', 'kafka'], (urls) => {
  let kafka: Kafka;
  let admin: Admin;
  let producer: Producer;
  let device: MqttClient;
  let data: string;
  let run: string;
  let hawser: HawserProcess;
  const received: string[] = [];
  const host = new URL(urls.kafka).host;

  beforeAll(async () => {
    kafka = new kafkajs.Kafka({ brokers: [host], clientId: 'peer', logLevel: kafkajs.logLevel.NOTHING });
    admin = kafka.admin();
    producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
    await Promise.all([admin.connect(), producer.connect()]);
    device = await mqtt.connectAsync(urls.mosquitto.replace('tcp:', 'mqtt:'));
    device.on('message', (_topic, payload) => received.push(payload.toString()));
  });
  afterAll(async () => {
    await Promise.all([admin.disconnect(), producer.disconnect(), device.endAsync(true)]);
  });
  beforeEach(() => {
    data = mkdtempSync(join(tmpdir(), 'hawser-kafka-'));
    run = `${process.pid}-${Math.random().toString(36).slice(2, 8)}`;
    received.length = 0;
  });
  afterEach(async () => {
    await hawser.stop();
    rmSync(data, { recursive: true, force: true });
  });

  const start = async (env: Record<string, string> = {}): Promise<void> => {
    hawser = await HawserProcess.start({
      env: {
        HAWSER_DATA: data,
        KAFKA_CONSUMER_FETCH_MAX_WAIT_MS: '100',
        KAFKA_COMMITTER_MAX_INTERVAL: '300ms',
        ...env,
      },
    });
  };
  const open = async (connection: Record<string, unknown>): Promise<Record<string, unknown>> => {
    await hawser.piggyback({ type: 'connectivity.commands:createConnection', connection });
    return hawser.piggyback({ type: 'connectivity.commands:openConnection', connectionId: connection['id'] });
  };
  const committed = async (groupId: string, topic: string): Promise<number> =>
    Number((await admin.fetchOffsets({ groupId, topics: [topic] }))[0]?.partitions[0]?.offset);
  const rowsOf = async (connectionId: string): Promise<readonly Record<string, unknown>[]> => {
    const status = await hawser.piggyback({
      type: 'connectivity.commands:retrieveConnectionStatus',
      connectionId,
    });
    return ['sourceStatus', 'targetStatus'].flatMap((key) => (status[key] as [] | undefined) ?? []);
  };
  const authorizationContext = ['integration:bridge'];
  const liveTopics = ['_/_/things/live/messages'];

  const kafkaIn = (topic: string) => ({
    id: `in-${run}`,
    connectionType: 'kafka',
    connectionStatus: 'open',
    uri: urls.kafka,
    specificConfig: { bootstrapServers: host },
    sources: [{ addresses: [topic], qos: 1, authorizationContext }],
  });
  const mqttOut = (address: string, uri = urls.mosquitto) => ({
    id: `out-${run}`,
    connectionType: 'mqtt',
    connectionStatus: 'open',
    uri,
    targets: [{ address, topics: liveTopics, qos: 1, authorizationContext }],
  });

  test('records cross to MQTT, and are committed when they have been published', async () => {
    const topic = `source-${run}`;
    await makeTopics(admin, { topic });
    await device.subscribeAsync(`out/${run}`, { qos: 1 });
    await start();
    const { hostname, port } = new URL(urls.mosquitto);
    const proxy = await startTcpProxy({ host: hostname, port: Number(port) });
    expect(await open(mqttOut(`out/${run}`, `tcp://127.0.0.1:${proxy.port}`))).toMatchObject({ status: 200 });
    expect(await open(kafkaIn(topic))).toMatchObject({ status: 200 });
    const send = (from: number, count: number) =>
      producer.send({
        topic,
        messages: Array.from({ length: count }, (_, i) => ({ value: liveMessage(from + i) })),
      });
    await send(0, 300);
    await until('all are published', () => received.length === 300);
    await until('all are committed', async () => (await committed(`in-${run}`, topic)) === 300);
    proxy.freeze();
    await send(300, 10);
    // five times as long as a commit takes
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(await committed(`in-${run}`, topic)).toBe(300);
    proxy.thaw();
    await until('the others are committed', async () => (await committed(`in-${run}`, topic)) === 310);
    expect(received).toHaveLength(310);
    expect(await rowsOf(`in-${run}`)).toMatchObject([
      { type: 'source', address: topic, status: 'open', statusDetails: 'Consumer started.' },
    ]);
    await proxy.close();
  });

  test('nothing is lost when the service is killed with records under way', async () => {
    const topic = `killed-${run}`;
    await makeTopics(admin, { topic });
    await device.subscribeAsync(`out/${run}`, { qos: 1 });
    await start({ KAFKA_SESSION_TIMEOUT_MS: '1500', KAFKA_HEARTBEAT_INTERVAL_MS: '300' });
    await open(mqttOut(`out/${run}`));
    await open(kafkaIn(topic));
    const sending = (async () => {
      for (let from = 0; from < 3_000; from += 500) {
        const messages = Array.from({ length: 500 }, (_, i) => ({ value: liveMessage(from + i, 500) }));
        await producer.send({ topic, messages });
      }
    })();
    await until('some are published', () => received.length > 500);
    await hawser.kill();
    await sending;
    await start({ KAFKA_SESSION_TIMEOUT_MS: '1500', KAFKA_HEARTBEAT_INTERVAL_MS: '300' });
    const numbers = (): Set<number> =>
      new Set(received.map((text) => (JSON.parse(text) as { value: { number: number } }).value.number));
    await until('all are published', () => numbers().size === 3_000, 60_000);
  });

  test('a connection to Hono is one to the Kafka of the configuration, at its test and open', async () => {
    const [telemetry, command] = [`hono.telemetry.${run}`, `hono.command.${run}`];
    await makeTopics(admin, { topic: telemetry }, { topic: command });
    const sasl = new URL(process.env['HAWSER_TEST_KAFKA_SASL_URL']?.replace('tcp:', 'http:') ?? '');
    await start({
      HONO_CONNECTION_URI: `tcp://${sasl.host}`,
      HONO_CONNECTION_BOOTSTRAP_SERVERS: sasl.host,
      HONO_CONNECTION_HONO_USERNAME: 'alice',
      HONO_CONNECTION_HONO_PASSWORD: 's3cret',
      HONO_CONNECTION_SASL_MECHANISM: 'SCRAM-SHA-256',
    });
    const connection = {
      id: `hono-${run}`,
      connectionType: 'hono',
      connectionStatus: 'open',
      uri: '',
      specificConfig: { honoTenantId: run },
      sources: [
        {
          addresses: ['telemetry'],
          qos: 1,
          authorizationContext,
          replyTarget: { address: 'command', enabled: true },
        },
      ],
      targets: [{ address: 'command', topics: liveTopics, authorizationContext }],
    };
    const tested = await hawser.piggyback({ type: 'connectivity.commands:testConnection', connection });
    expect(tested).toMatchObject({ status: 200 });
    expect(await open(connection)).toMatchObject({ status: 200 });
    expect(await rowsOf(connection.id)).toMatchObject([
      { address: telemetry, status: 'open' },
      { address: `${command}/{{thing:id}}`, status: 'unknown' },
    ]);
    await open(kafkaIn(await aTopic()));
    const commands: { key: string; headers: Record<string, string> }[] = [];
    const consumer = kafka.consumer({ groupId: `watch-${run}`, maxWaitTimeInMs: 100 });
    await consumer.subscribe({ topics: [command], fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ message }) =>
        void commands.push({
          key: String(message.key),
          headers: Object.fromEntries(Object.entries(message.headers ?? {}).map(([k, v]) => [k, String(v)])),
        }),
    });
    // a live message from elsewhere becomes a command of Hono's
    await producer.send({ topic: `other-${run}`, messages: [{ value: liveMessage(1) }] });
    await until('the command', () => commands.length === 1);
    expect(commands[0]).toMatchObject({
      key: 'org.hawser:device-1',
      headers: {
        device_id: 'org.hawser:device-1',
        subject: 'telemetry',
        'ditto-connection-id': connection.id,
      },
    });
    await consumer.disconnect();
    // telemetry comes in, and is committed under the group of the connection
    await producer.send({ topic: telemetry, messages: [{ value: liveMessage(2) }] });
    await until('telemetry is committed', async () => (await committed(connection.id, telemetry)) === 1);
    const wrong = { ...connection, id: `wrong-${run}` };
    await hawser.stop();
    await start({
      HONO_CONNECTION_URI: `tcp://${sasl.host}`,
      HONO_CONNECTION_BOOTSTRAP_SERVERS: sasl.host,
      HONO_CONNECTION_HONO_USERNAME: 'alice',
      HONO_CONNECTION_HONO_PASSWORD: 'wr0ng',
    });
    const refused = await hawser.piggyback({
      type: 'connectivity.commands:testConnection',
      connection: wrong,
    });
    expect(refused).toMatchObject({ status: 504, error: 'connectivity:connection.failed' });
    expect(JSON.stringify(refused)).not.toContain('wr0ng');

    async function aTopic(): Promise<string> {
      const topic = `other-${run}`;
      await makeTopics(admin, { topic });
      return topic;
    }
  });
});
