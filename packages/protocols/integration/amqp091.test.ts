import {
  type ClientContext,
  type Connection,
  type ConnectionClient,
  MisconfiguredError,
  PublishError,
} from '@hawser/core';
import { describeAdapter, describeWithServers, realClock, sampleTarget, silentLog } from '@hawser/testkit';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { amqp091Adapter } from '../src/amqp091/adapter.ts';
import { type Amqp091Peer, startAmqp091Peer } from './amqp091Peer.ts';
import { Inbox, uniqueName } from './inbox.ts';

const context = (clientId: string): ClientContext => ({
  clock: realClock,
  log: silentLog,
  clientId,
  maxInboundBytes: 65_536,
  maxInFlight: 100,
  config: {},
  carry: new Map(),
});

describeWithServers('AMQP 0.9.1 on a real broker', ['rabbitmq'], ({ rabbitmq: url }) => {
  describeAdapter('amqp-091', amqp091Adapter, { redelivers: true }, () => startAmqp091Peer(url));

  let peer: Amqp091Peer;
  let connection: Connection;
  const notes: string[] = [];
  const lost = new Inbox();
  const open: ConnectionClient[] = [];

  beforeEach(async () => {
    peer = await startAmqp091Peer(url);
    ({ connection } = await peer.connection());
    notes.length = 0;
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map((client) => client.close()));
    await peer.close();
  });

  function clientFor(subject: Connection): ConnectionClient {
    const client = amqp091Adapter.createClient(
      subject,
      {
        message: (_message, _origin, settle) => settle('accepted'),
        lost: (reason) => lost.put(reason.message),
        note: (level, text) => notes.push(`${level}: ${text}`),
      },
      context(subject.id),
    );
    open.push(client);
    return client;
  }

  const publish = (client: ConnectionClient, address: string, text = 'x', headers = {}) =>
    client.publish({ address, qos: undefined, targetIndex: 0 }, { headers, text });

  test('missing queues fail the opening with their names', async () => {
    const [source] = connection.sources;
    if (source === undefined) throw new Error('no source');
    const addresses = [...source.addresses, 'missing-1', 'missing-2'];
    const client = clientFor({ ...connection, sources: [{ ...source, addresses }] });
    const failure: MisconfiguredError = await client.open().then(
      () => Promise.reject(new Error('opened')),
      (error) => error,
    );
    expect(failure).toBeInstanceOf(MisconfiguredError);
    expect(failure.cause).toMatchObject({
      code: 'connectivity:connection.failed',
      description: 'The queues [missing-1, missing-2] to connect to are missing.',
    });
    expect(notes).toEqual([
      'failure: Can not connect to RabbitMQ as queues are missing: [missing-1, missing-2]',
    ]);
  });

  test('a wrong password is the fault of the configuration', async () => {
    const client = clientFor({ ...connection, uri: connection.uri.replace('guest:guest', 'guest:wrong') });
    await expect(client.open()).rejects.toBeInstanceOf(MisconfiguredError);
  });

  test('a message that no queue takes is refused', async () => {
    const client = clientFor(connection);
    await client.open();
    await expect(publish(client, `/${uniqueName()}`)).rejects.toThrow(
      'Received basic.return from the external broker: 312 NO_ROUTE',
    );
  });

  test('a missing exchange refuses its own messages, spoils its target, and nothing else', async () => {
    const exchange = uniqueName();
    const missing = sampleTarget({ address: `${exchange}/key` });
    const client = clientFor({ ...connection, targets: [...connection.targets, missing] });
    await client.open();
    expect(client.resources().map(({ status }) => status)).toEqual(['open', 'open', 'misconfigured']);
    const [refused, ...others] = await Promise.allSettled([
      publish(client, missing.address),
      ...Array.from({ length: 20 }, () => publish(client, connection.targets[0]?.address ?? '')),
    ]);
    expect(refused).toMatchObject({ status: 'rejected' });
    if (refused?.status === 'rejected') expect(refused.reason).toBeInstanceOf(PublishError);
    // The channel died under them: confirmed, or unknown and to be sent again, but not refused.
    for (const other of others) {
      if (other.status === 'rejected') expect(other.reason).not.toBeInstanceOf(PublishError);
    }
    await expect(publish(client, missing.address)).rejects.toBeInstanceOf(PublishError);
    expect((await publish(client, connection.targets[0]?.address ?? '')).status).toBe(200);
  });

  test('what does not fit into a frame is refused, and the channel lives on', async () => {
    const client = clientFor(connection);
    await client.open();
    await expect(publish(client, `/${'k'.repeat(300)}`)).rejects.toBeInstanceOf(PublishError);
    expect((await publish(client, connection.targets[0]?.address ?? '')).status).toBe(200);
  });

  test('a message over the limit ends the session before it is held', async () => {
    const client = clientFor(connection);
    await client.open();
    peer.channel.sendToQueue(connection.sources[0]?.addresses[0] ?? '', Buffer.alloc(100_000));
    expect(await lost.take()).toBe('AMQP message of more than 65536 bytes refused');
  });

  test('a deleted queue ends its consumer alone; it comes back with the queue', async () => {
    const queue = connection.sources[0]?.addresses[0] ?? '';
    const client = clientFor(connection);
    await client.open();
    await peer.channel.deleteQueue(queue);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(client.resources()[0]).toMatchObject({ status: 'misconfigured' });
    expect((await publish(client, connection.targets[0]?.address ?? '')).status).toBe(200);
    await peer.channel.assertQueue(queue, { durable: false, expires: 60_000 });
    await new Promise((resolve) => setTimeout(resolve, 5_300));
    expect(client.resources()[0]).toMatchObject({ status: 'open' });
  });

  test('a large body and many publishes at once arrive whole', async () => {
    const client = clientFor(connection);
    await client.open();
    const target = connection.targets[0]?.address ?? '';
    const body = 'é'.repeat(500_000);
    const results = await Promise.all([
      publish(client, target, body),
      ...Array.from({ length: 2_000 }, (_, n) => publish(client, target, String(n))),
    ]);
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set([200]));
  });
});
