import {
  type BrokerConnection,
  sampleConnection,
  sampleSource,
  sampleTarget,
  startTcpProxy,
  type TcpProxy,
  type TestBroker,
} from '@hawser/testkit';
import rhea, { type Connection, type EventContext, type Message, type Receiver, type Sender } from 'rhea';
import { Inbox, uniqueName } from './inbox.ts';

export interface Amqp10Peer extends TestBroker {
  /** Before the broker; the adapter under test comes through it. */
  readonly proxy: TcpProxy;
  /** Sends to any address; resolves when the broker has accepted it. */
  send(address: string, message: Message): Promise<void>;
  /** The messages that arrive at an address, as the library decodes them. */
  collect(address: string): Promise<Message[]>;
}

export interface AddressForm {
  /** The address of a fresh queue. */
  queue(name: string): string;
}

/** A peer at a real broker with the library used directly, never through the adapter. */
export async function startAmqp10Peer(url: string, form: AddressForm): Promise<Amqp10Peer> {
  const { hostname, port, username, password } = new URL(url);
  const proxy = await startTcpProxy({ host: hostname, port: Number(port) });
  const connection = rhea.create_container({ id: uniqueName() }).connect({
    host: hostname,
    port: Number(port),
    reconnect: false,
    ...(username === '' ? { username: 'anonymous' } : { username, password }),
  });
  await once(connection, 'connection_open');
  const receivers: Receiver[] = [];

  const send = async (address: string, message: Message): Promise<void> => {
    const sender = connection.open_sender({ target: { address } });
    await once(sender, 'sendable');
    const settled = outcome(sender);
    sender.send(message);
    await settled;
    sender.close();
  };
  const collect = async (
    address: string,
    onMessage: (message: Message) => void = () => {},
  ): Promise<Message[]> => {
    const collected: Message[] = [];
    const receiver = connection.open_receiver({ source: { address } });
    receiver.on('message', ({ message }: EventContext) => {
      if (message === undefined) return;
      collected.push(message);
      onMessage(message);
    });
    receivers.push(receiver);
    await once(receiver, 'receiver_open');
    return collected;
  };

  return {
    proxy,
    send,
    collect,
    async connection(): Promise<BrokerConnection> {
      const id = uniqueName();
      const [source, target] = [form.queue(`${id}-in`), form.queue(`${id}-out`)];
      const inbox = new Inbox();
      await collect(target, (message) => inbox.put(String(message.body)));
      // declares the queue
      const sender = connection.open_sender({ target: { address: source } });
      await once(sender, 'sendable');
      const user = username === '' ? '' : `${username}:${password}@`;
      return {
        connection: sampleConnection({
          id,
          connectionType: 'amqp-10',
          uri: `amqp://${user}127.0.0.1:${proxy.port}`,
          sources: [sampleSource({ addresses: [source] })],
          targets: [sampleTarget({ address: target })],
        }),
        targetAddress: target,
        async send(text) {
          const settled = outcome(sender);
          sender.send({ body: text });
          await settled;
        },
        receive: () => inbox.take(),
        disconnect: async () => proxy.reset(),
      };
    },
    async close() {
      connection.on('disconnected', () => {});
      const closed = once(connection, 'connection_close');
      connection.close();
      await closed;
      await proxy.close();
    },
  };
}

const once = (emitter: Connection | Receiver | Sender, event: string): Promise<void> =>
  new Promise((resolve) => {
    emitter.once(event, () => resolve());
  });

function outcome(sender: Sender): Promise<void> {
  return new Promise((resolve, reject) => {
    sender.once('accepted', () => resolve());
    sender.once('rejected', () => reject(new Error('The broker rejected the message.')));
  });
}
