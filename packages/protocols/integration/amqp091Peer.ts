import {
  type BrokerConnection,
  sampleConnection,
  sampleSource,
  sampleTarget,
  startTcpProxy,
  type TestBroker,
} from '@hawser/testkit';
import { type Channel, connect } from 'amqplib';
import { Inbox, uniqueName } from './inbox.ts';

export interface Amqp091Peer extends TestBroker {
  readonly channel: Channel;
  /** Port of the proxy before the broker. */
  readonly port: number;
}

/** A peer at a real broker with its own AMQP client; the adapter under test comes through a proxy. */
export async function startAmqp091Peer(url: string): Promise<Amqp091Peer> {
  const { hostname, port } = new URL(url);
  const proxy = await startTcpProxy({ host: hostname, port: Number(port) });
  const model = await connect(url);
  const channel = await model.createConfirmChannel();
  return {
    channel,
    port: proxy.port,
    async connection(): Promise<BrokerConnection> {
      const id = uniqueName();
      const [source, target] = [`${id}-in`, `${id}-out`];
      await channel.assertQueue(source, { durable: false, expires: 60_000 });
      await channel.assertQueue(target, { durable: false, expires: 60_000 });
      const inbox = new Inbox();
      await channel.consume(target, (delivery) => delivery && inbox.put(delivery.content.toString()), {
        noAck: true,
      });
      return {
        connection: sampleConnection({
          id,
          connectionType: 'amqp-091',
          uri: `amqp://guest:guest@127.0.0.1:${proxy.port}/%2F`,
          sources: [sampleSource({ addresses: [source] })],
          targets: [sampleTarget({ address: `/${target}` })],
        }),
        targetAddress: `/${target}`,
        async send(text) {
          channel.sendToQueue(source, Buffer.from(text));
          await channel.waitForConfirms();
        },
        receive: () => inbox.take(),
        disconnect: async () => proxy.reset(),
      };
    },
    async close() {
      await model.close();
      await proxy.close();
    },
  };
}
