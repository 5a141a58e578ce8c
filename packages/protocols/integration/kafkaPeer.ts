import {
  type BrokerConnection,
  makeTopics,
  sampleConnection,
  sampleSource,
  sampleTarget,
  startTcpProxy,
  type TcpProxy,
  type TestBroker,
} from '@hawser/testkit';
import kafkajs, { type Admin, type Kafka, type Message, type Producer } from 'kafkajs';
import { Inbox, uniqueName } from './inbox.ts';

export interface KafkaPeer extends TestBroker {
  readonly kafka: Kafka;
  readonly admin: Admin;
  readonly producer: Producer;
  /** Between the adapter and the broker, which advertises it. */
  readonly proxy: TcpProxy;
  createTopic(partitions?: number): Promise<string>;
  /** To partition 0. */
  send(topic: string, ...messages: readonly (string | Message)[]): Promise<void>;
  /** What is written to partition 0 of a topic from now on, and what the test has not taken yet. */
  consume(topic: string): Promise<Inbox>;
  /** By partition; -1 for none. */
  committed(groupId: string, topic: string): Promise<readonly number[]>;
}

/** A peer at a real broker with a driver of its own; the adapter under test comes through a proxy. */
export async function startKafkaPeer(url: string): Promise<KafkaPeer> {
  const proxied = new URL(process.env['HAWSER_TEST_KAFKA_PROXIED_URL'] ?? '');
  const proxy = await startTcpProxy(
    { host: proxied.hostname, port: Number(proxied.port) },
    Number(process.env['HAWSER_TEST_KAFKA_PROXY_PORT']),
  );
  const kafka = new kafkajs.Kafka({
    brokers: [new URL(url).host],
    clientId: 'peer',
    logLevel: kafkajs.logLevel.NOTHING,
  });
  const admin = kafka.admin();
  const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
  await Promise.all([admin.connect(), producer.connect()]);
  const closing: (() => Promise<void>)[] = [() => admin.disconnect(), () => producer.disconnect()];

  const createTopic = async (partitions = 1): Promise<string> => {
    const topic = uniqueName();
    await makeTopics(admin, { topic, numPartitions: partitions });
    return topic;
  };
  const send = async (topic: string, ...messages: readonly (string | Message)[]): Promise<void> => {
    await producer.send({
      topic,
      messages: messages.map((message) =>
        typeof message === 'string' ? { value: message, partition: 0 } : message,
      ),
    });
  };
  const consume = async (topic: string): Promise<Inbox> => {
    const inbox = new Inbox();
    const consumer = kafka.consumer({ groupId: uniqueName(), maxWaitTimeInMs: 100 });
    closing.push(() => consumer.disconnect());
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({ eachMessage: async ({ message }) => inbox.put(String(message.value)) });
    return inbox;
  };
  return {
    kafka,
    admin,
    producer,
    proxy,
    createTopic,
    send,
    consume,
    async committed(groupId, topic) {
      const [found] = await admin.fetchOffsets({ groupId, topics: [topic] });
      const partitions = [...(found?.partitions ?? [])].sort((a, b) => a.partition - b.partition);
      return partitions.map(({ offset }) => Number(offset));
    },
    async connection(): Promise<BrokerConnection> {
      const [source, target] = [await createTopic(), await createTopic()];
      let inbox: Promise<Inbox> | undefined;
      return {
        connection: sampleConnection({
          id: uniqueName(),
          connectionType: 'kafka',
          uri: `tcp://127.0.0.1:${proxy.port}`,
          specificConfig: { bootstrapServers: `127.0.0.1:${proxy.port}`, debugEnabled: 'true' },
          sources: [sampleSource({ addresses: [source], qos: 1 })],
          targets: [sampleTarget({ address: target })],
        }),
        targetAddress: target,
        send: (text) => send(source, text),
        async receive() {
          inbox ??= consume(target);
          return (await inbox).take();
        },
        disconnect: () => proxy.refuse(),
      };
    },
    async close() {
      await Promise.all(closing.map((close) => close()));
      await proxy.close();
    },
  };
}
