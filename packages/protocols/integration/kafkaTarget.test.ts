import { type Connection, PublishError } from '@hawser/core';
import { describeWithServers, makeTopics } from '@hawser/testkit';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { KafkaMessage } from 'kafkajs';
import { uniqueName } from './inbox.ts';
import { eventually, type TestClient, testClient } from './kafkaClients.ts';
import { type KafkaPeer, startKafkaPeer } from './kafkaPeer.ts';

describeWithServers('Kafka targets on a real broker', ['kafka'], ({ kafka: url }) => {
  let peer: KafkaPeer;
  let connection: Connection;
  let topic: string;
  const open: TestClient[] = [];

  beforeEach(async () => {
    peer = await startKafkaPeer(url);
    const made = await peer.connection();
    connection = { ...made.connection, sources: [] };
    topic = made.targetAddress;
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map(({ client }) => client.close()));
    await peer.close();
  });

  async function start(subject = connection, config: Record<string, unknown> = {}): Promise<TestClient> {
    const client = testClient(subject, config);
    open.push(client);
    await client.client.open();
    return client;
  }

  /** What is in a topic, by partition. */
  async function recordsOf(
    name: string,
    count: number,
  ): Promise<readonly { partition: number; message: KafkaMessage }[]> {
    const consumer = peer.kafka.consumer({ groupId: uniqueName(), maxWaitTimeInMs: 100 });
    const records: { partition: number; message: KafkaMessage }[] = [];
    await consumer.subscribe({ topics: [name], fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ partition, message }) => void records.push({ partition, message }),
    });
    await eventually(`${count} records`, () => records.length >= count);
    await consumer.disconnect();
    return records;
  }

  test('an address names topic, key or partition; headers are the message’s and the connection’s', async () => {
    const wide = await peer.createTopic(4);
    const { publish, client } = await start();
    const began = Date.now();
    await publish(`${wide}#2`, 'a', { device: 'd1' });
    const keyed = await publish(`${wide}/the/key`, 'grün');
    await client.publish(
      { address: `${wide}#0`, qos: undefined, targetIndex: 0 },
      { headers: {}, bytes: new Uint8Array([0, 255]) },
    );
    await client.publish({ address: `${wide}#0`, qos: undefined, targetIndex: 0 }, { headers: {} });
    const records = await recordsOf(wide, 4);
    const first = records.find(({ partition }) => partition === 2 && true);
    expect(first?.message.value?.toString()).toBe('a');
    expect(first?.message.key).toBeNull();
    expect(
      Object.entries(first?.message.headers ?? {}).map(([name, value]) => [name, String(value)]),
    ).toEqual([
      ['device', 'd1'],
      ['ditto-connection-id', connection.id],
    ]);
    const second = records.find(({ message }) => message.key !== null);
    expect(second?.message.key?.toString()).toBe('the/key');
    expect(
      records.filter(({ partition }) => partition === 0).map(({ message }) => message.value?.toString('hex')),
    ).toEqual(expect.arrayContaining(['00ff', '']));
    expect(keyed).toEqual({
      status: 200,
      payload: {
        timestamp: expect.any(Number),
        serializedKeySize: 7,
        serializedValueSize: 5,
        topic: wide,
        partition: second?.partition,
        offset: Number(second?.message.offset),
      },
    });
    expect((keyed.payload as { timestamp: number }).timestamp).toBeGreaterThanOrEqual(began);
  });

  test('without debugging, an acknowledgement is 204 and empty', async () => {
    const { publish } = await start({
      ...connection,
      specificConfig: { ...connection.specificConfig, debugEnabled: 'false' },
    });
    expect(await publish(topic)).toEqual({ status: 204 });
  });

  test('many publishes at once arrive whole, in order, and each knows its offset', async () => {
    const { publish } = await start();
    const results = await Promise.all(Array.from({ length: 900 }, (_, i) => publish(topic, `n${i}`)));
    const records = await recordsOf(topic, 900);
    expect(records.map(({ message }) => message.value?.toString())).toEqual(records.map((_, i) => `n${i}`));
    expect(results.map(({ payload }) => (payload as { offset: number }).offset)).toEqual(
      results.map((_, i) => i),
    );
  });

  test('a full queue refuses', async () => {
    const { publish } = await start(connection, { queueSize: 10 });
    const ends = await Promise.allSettled(Array.from({ length: 12 }, () => publish(topic)));
    expect(ends.map(({ status }) => status)).toEqual([
      ...Array(10).fill('fulfilled'),
      'rejected',
      'rejected',
    ]);
    expect((ends[10] as PromiseRejectedResult).reason).toMatchObject({
      name: 'PublishError',
      status: 503,
      message: 'Outgoing Kafka message dropped: There are too many uncommitted messages.',
      description:
        'This can have the following reasons:\na) The Kafka consumer does not consume the messages fast enough.\nb) The client count of this connection is not configured high enough.',
    });
    expect((await publish(topic)).status).toBe(200);
  });

  test('what a broker refuses is refused alone: 400 for good, 500 when it may pass', async () => {
    const { publish, lost } = await start();
    const [large, unknown, elsewhere, ...others] = await Promise.allSettled([
      publish(topic, 'x'.repeat(2_000_000)),
      publish(uniqueName()),
      publish(`${topic}#77`),
      ...Array.from({ length: 20 }, (_, i) => publish(topic, `${i}`)),
    ]);
    expect(large).toMatchObject({
      status: 'rejected',
      reason: { status: 400, message: 'Encountered <KafkaJSProtocolError>.' },
    });
    expect(unknown).toMatchObject({
      status: 'rejected',
      reason: { status: 500, description: 'This server does not host this topic-partition' },
    });
    expect(elsewhere).toMatchObject({ status: 'rejected', reason: { status: 500 } });
    expect(others.map(({ status }) => status)).toEqual(others.map(() => 'fulfilled'));
    await expect(publish('no topic!')).rejects.toMatchObject({
      code: 'connectivity:connection.configuration.invalid',
    });
    expect((await publish(topic)).status).toBe(200);
    expect(lost.isEmpty).toBe(true);
  });

  test('a topic that is deleted takes no other with it, and can come back', async () => {
    const doomed = await peer.createTopic();
    const { publish } = await start(connection, { producerMetadataMaxAgeMs: 200 });
    expect((await publish(doomed)).status).toBe(200);
    expect((await publish(topic)).status).toBe(200);
    await peer.admin.deleteTopics({ topics: [doomed] });
    await eventually('the topic is missed', async () =>
      publish(doomed).then(
        () => false,
        (error) => error instanceof PublishError && error.status === 500,
      ),
    );
    await eventually('the other takes', async () =>
      publish(topic).then(
        () => true,
        () => false,
      ),
    );
    await makeTopics(peer.admin, { topic: doomed });
    await eventually('the topic takes again', async () =>
      publish(doomed).then(
        () => true,
        () => false,
      ),
    );
  });

  test('a client whose broker is gone fails at the first publish; what was under way has no outcome', async () => {
    const { publish, lost } = await start();
    await publish(topic);
    await peer.proxy.refuse();
    const failure = await publish(topic).catch((error: unknown) => error);
    expect(failure).not.toBeInstanceOf(PublishError);
    expect(await lost.take()).toBe('Broker may not be available. <KafkaJSConnectionError>');
    await expect(publish(topic)).rejects.toThrow('Kafka client is not open.');
  });

  test('a broker that says nothing any more fails what was under way within the time limit', async () => {
    const { client, publish, lost } = await start(connection, { requestTimeoutMs: 500 });
    await publish(topic);
    peer.proxy.freeze();
    await expect(publish(topic)).rejects.toThrow('timed out');
    expect(await lost.take()).toMatch(/^Broker may not be available\. </);
    const began = Date.now();
    await client.close();
    expect(Date.now() - began).toBeLessThan(5_000);
    peer.proxy.thaw();
  });

  test('targets have a status', async () => {
    const targets = [
      ...connection.targets,
      ...connection.targets.map((target) => ({ ...target, address: 'x/{{thing:id}}' })),
    ];
    const { client } = await start({ ...connection, targets });
    expect(client.resources().map(({ status, detail }) => `${status}: ${detail}`)).toEqual([
      'open: Producer started.',
      'unknown: Producers for targets with placeholders are started on-demand.',
    ]);
  });
});
