import {
  type ClientContext,
  type Connection,
  type ConnectionClient,
  type ExternalMessage,
  type ProtocolAdapter,
  type Settlement,
  type SourceOrigin,
  silentLog,
} from '@hawser/core';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { realClock } from '../fakes/realClock.ts';

/** A real broker as the contract sees it: it speaks through a client of its own, never through the adapter under test. */
export interface TestBroker {
  /** A connection with one source and one target, both on fresh addresses of this broker. */
  connection(): Promise<BrokerConnection>;
  close(): Promise<void>;
}

export interface BrokerConnection {
  readonly connection: Connection;
  /** Sends to the source's address, to be settled. */
  send(text: string): Promise<void>;
  /** The next message that arrived at the target's address. */
  receive(): Promise<string>;
  /** A published address of the target. */
  readonly targetAddress: string;
  /** Makes the broker end the adapter's connection. */
  disconnect(): Promise<void>;
}

export interface AdapterTraits {
  /** Whether a message settled with `redeliver` comes again to the same client. */
  readonly redelivers: boolean;
  /** Connections of the type have no sources; a client has nothing to lose before it publishes. */
  readonly isTargetOnly?: boolean;
}

interface Received {
  readonly message: ExternalMessage;
  readonly origin: SourceOrigin;
  readonly settle: (outcome: Settlement) => void;
}

/** What every adapter must do, against a real broker: open, receive, settle three ways, publish, be lost, close twice. */
export function describeAdapter(
  name: string,
  adapter: ProtocolAdapter,
  traits: AdapterTraits,
  startBroker: () => Promise<TestBroker>,
): void {
  describe(name, () => {
    let broker: TestBroker;
    let peer: BrokerConnection;
    let harness: ReturnType<typeof openClient>;
    let client: ConnectionClient;

    beforeEach(async () => {
      broker = await startBroker();
      peer = await broker.connection();
      harness = openClient(adapter, peer.connection);
      client = harness.client;
    });
    afterEach(async () => {
      await client.close();
      await broker.close();
    });

    if (traits.isTargetOnly !== true) {
      test('an open client receives, and knows source and address of each message', async () => {
        await client.open();
        await peer.send('hello');
        const { message, origin, settle } = await harness.next();
        expect(textOf(message)).toBe('hello');
        expect(origin).toMatchObject({ sourceIndex: 0, address: peer.connection.sources[0]?.addresses[0] });
        settle('accepted');
      });

      test('a message may be settled late and out of order', async () => {
        await client.open();
        for (let i = 0; i < 20; i++) await peer.send(`m${i}`);
        const received: Received[] = [];
        while (received.length < 20) received.push(await harness.next());
        expect(received.map(({ message }) => textOf(message))).toEqual(received.map((_, i) => `m${i}`));
        for (const { settle } of received.reverse()) settle('accepted');
        await client.close();
        expect(await firstMessage(adapter, peer.connection)).toBe(marker);
      });

      test('what was not settled comes again to the next client', async () => {
        await client.open();
        await peer.send('unsettled');
        await harness.next();
        await client.close();
        const second = openClient(adapter, peer.connection);
        await second.client.open();
        const { message, settle } = await second.next();
        expect(textOf(message)).toBe('unsettled');
        settle('accepted');
        await second.client.close();
      });

      test('a rejected message does not come again', async () => {
        await client.open();
        await peer.send('rejected');
        (await harness.next()).settle('rejected');
        await client.close();
        expect(await firstMessage(adapter, peer.connection)).toBe(marker);
      });

      if (traits.redelivers) {
        test('a message to be redelivered comes again', async () => {
          await client.open();
          await peer.send('again');
          (await harness.next()).settle('redeliver');
          const { message, settle } = await harness.next();
          expect(textOf(message)).toBe('again');
          settle('accepted');
        });
      }
    }

    test('a publish resolves when the broker has taken the message', async () => {
      await client.open();
      const result = await client.publish(
        { address: peer.targetAddress, qos: peer.connection.targets[0]?.qos, targetIndex: 0 },
        { headers: { 'content-type': 'text/plain' }, text: 'grün' },
      );
      expect(result.status).toBe(200);
      expect(await peer.receive()).toBe('grün');
    });

    test('a client that loses its broker says so once and publishes no more', async () => {
      await client.open();
      await peer.disconnect();
      const publish = (): Promise<unknown> =>
        client.publish({ address: peer.targetAddress, qos: 1, targetIndex: 0 }, { headers: {}, text: 'x' });
      if (traits.isTargetOnly === true) await expect(publish()).rejects.toThrow();
      expect((await harness.lost).message).not.toBe('');
      await expect(publish()).rejects.toThrow();
      expect(harness.lostCount()).toBe(1);
    });

    test('closing twice is fine, and a closed client is silent', async () => {
      await client.open();
      await Promise.all([client.close(), client.close()]);
      await client.close();
      expect(harness.lostCount()).toBe(0);
    });

    test('every source and target has a status', async () => {
      await client.open();
      const expected = traits.isTargetOnly === true ? ['target open'] : ['source open', 'target open'];
      expect(client.resources().map(({ type, status }) => `${type} ${status}`)).toEqual(expected);
    });

    test('a test connection succeeds and leaves no client behind', async () => {
      await adapter.test(peer.connection, contextFor(peer.connection));
    });
  });
}

function openClient(adapter: ProtocolAdapter, connection: Connection) {
  const queue: Received[] = [];
  const waiting: ((received: Received) => void)[] = [];
  let lostCount = 0;
  let reportLost: (reason: Error) => void = () => {};
  const lost = new Promise<Error>((resolve) => {
    reportLost = resolve;
  });
  const client = adapter.createClient(
    connection,
    {
      message(message, origin, settle) {
        const received = { message, origin, settle };
        const next = waiting.shift();
        if (next === undefined) queue.push(received);
        else next(received);
      },
      lost(reason) {
        lostCount++;
        reportLost(reason);
      },
    },
    contextFor(connection),
  );
  return {
    client,
    lost,
    lostCount: () => lostCount,
    next: (): Promise<Received> => {
      const received = queue.shift();
      return received === undefined
        ? new Promise((resolve) => waiting.push(resolve))
        : Promise.resolve(received);
    },
  };
}

const marker = 'marker';

/** What a fresh client gets first after a marker was sent to it: the marker itself, unless something older was waiting. */
async function firstMessage(adapter: ProtocolAdapter, connection: Connection): Promise<string> {
  const { client, next } = openClient(adapter, connection);
  await client.open();
  await client.publish(
    { address: loopback(connection), qos: connection.sources[0]?.qos, targetIndex: -1 },
    { headers: {}, text: marker },
  );
  const { message, settle } = await next();
  settle('accepted');
  await client.close();
  return textOf(message);
}

/** The source's own address in the form of a target address. */
function loopback(connection: Connection): string {
  const address = connection.sources[0]?.addresses[0] ?? '';
  return connection.connectionType === 'amqp-091' ? `/${address}` : address;
}

function contextFor(connection: Connection): ClientContext {
  return {
    clock: realClock,
    log: silentLog,
    clientId: connection.id,
    maxInboundBytes: 1_048_576,
    maxInFlight: 100,
    config: {},
    carry: new Map(),
  };
}

function textOf(message: ExternalMessage): string {
  return message.text ?? Buffer.from(message.bytes ?? []).toString();
}
