import {
  type BrokerConnection,
  sampleConnection,
  sampleSource,
  sampleTarget,
  startTcpProxy,
  type TcpProxy,
  type TestBroker,
} from '@hawser/testkit';
import rhea, {
  type Connection,
  type Delivery,
  type EventContext,
  type Message,
  type Receiver,
  type Sender,
} from 'rhea';
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

  const senders = new Map<string, Promise<Sender>>();
  const send = async (address: string, message: Message): Promise<void> => {
    const known = senders.get(address) ?? openSender(connection, address);
    senders.set(address, known);
    const sender = await known;
    if (!sender.sendable()) await once(sender, 'sendable');
    await settled(sender.send(message));
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
      senders.set(source, openSender(connection, source));
      await senders.get(source);
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
        send: (text) => send(source, { body: text }),
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

async function openSender(connection: Connection, address: string): Promise<Sender> {
  const sender = connection.open_sender({ target: { address } });
  for (const outcome of ['accepted', 'rejected', 'released', 'modified']) {
    sender.on(outcome, ({ delivery }: EventContext) => {
      if (delivery !== undefined) waiting.get(delivery)?.(outcome);
    });
  }
  await once(sender, 'sendable');
  return sender;
}

const waiting = new WeakMap<Delivery, (outcome: string) => void>();

async function settled(delivery: Delivery): Promise<void> {
  const outcome = await new Promise<string>((resolve) => waiting.set(delivery, resolve));
  if (outcome !== 'accepted') throw new Error(`The broker said ${outcome}.`);
}
