import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Connection, MisconfiguredError } from '@hawser/core';
import { describeWithServers, sampleConnection, sampleSource, sampleTarget } from '@hawser/testkit';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { kafkaAdapter } from '../src/kafka/adapter.ts';
import { uniqueName } from './inbox.ts';
import { eventually, kafkaContext, type TestClient, testClient } from './kafkaClients.ts';
import { type KafkaPeer, startKafkaPeer } from './kafkaPeer.ts';

const run = promisify(execFile);
const servers = (verb: string) =>
  run(process.execPath, [join(process.cwd(), 'scripts/servers.mjs'), verb, 'kafka']);

describeWithServers('Kafka on bad days', ['kafka'], ({ kafka: url }) => {
  let peer: KafkaPeer;
  let connection: Connection;
  let topic: string;
  let target: string;
  const open: TestClient[] = [];

  beforeEach(async () => {
    peer = await startKafkaPeer(url);
    ({ connection, targetAddress: target } = await peer.connection());
    topic = connection.sources[0]?.addresses[0] ?? '';
  });
  afterEach(async () => {
    await Promise.all(open.splice(0).map(({ client }) => client.close()));
    await peer.close();
  });

  function clientFor(subject: Connection, config: Record<string, unknown> = {}): TestClient {
    const client = testClient(subject, config);
    open.push(client);
    return client;
  }

  async function start(subject = connection, config: Record<string, unknown> = {}): Promise<TestClient> {
    const client = clientFor(subject, config);
    await client.client.open();
    return client;
  }

  /** The same connection through another door of the broker. */
  function at(door: string, parts: Partial<Connection> = {}): Connection {
    return {
      ...connection,
      uri: door,
      ...parts,
      specificConfig: {
        bootstrapServers: new URL(door.replace(/^\w+:/, 'http:')).host,
        ...parts.specificConfig,
      },
    };
  }

  const refusalOf = async (subject: Connection): Promise<unknown> =>
    clientFor(subject)
      .client.open()
      .then(
        () => 'opened',
        (error: unknown) => error,
      );

  describe('who may come in', () => {
    const sasl = process.env['HAWSER_TEST_KAFKA_SASL_URL'] ?? '';
    const tls = process.env['HAWSER_TEST_KAFKA_TLS_URL'] ?? '';
    const authority = (): string => readFileSync(process.env['HAWSER_TEST_KAFKA_CA'] ?? '', 'utf8');

    test.each(['PLAIN', 'plain', 'SCRAM-SHA-256', 'SCRAM-SHA-512'])(
      'the right password with %s',
      async (saslMechanism) => {
        const { until, publish } = await start(at(sasl, { specificConfig: { saslMechanism } }));
        await publish(topic, 'hello');
        expect((await until(1))[0]?.text).toBe('hello');
      },
    );

    test.each(['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'])(
      'not the wrong password with %s',
      async (saslMechanism) => {
        const subject = at(sasl.replace('s3cret', 'wr0ng'), { specificConfig: { saslMechanism } });
        const failure = await refusalOf(subject);
        expect(failure).toBeInstanceOf(MisconfiguredError);
        expect(String(failure)).toContain('uthentication failed');
        expect(`${failure}${(failure as Error).stack}`).not.toContain('wr0ng');
        await expect(kafkaAdapter.test(subject, kafkaContext('test'))).rejects.toBeInstanceOf(
          MisconfiguredError,
        );
      },
    );

    test('nobody without a password', async () => {
      expect(await refusalOf(at(sasl.replace('alice:s3cret@', '')))).toBeInstanceOf(Error);
    });

    test('TLS with the authority of the connection, whatever the name', async () => {
      const { until, publish } = await start(at(tls, { ca: authority() }));
      await publish(topic, 'hello');
      expect((await until(1))[0]?.text).toBe('hello');
    });

    test.each([true, false])(
      'TLS with an unknown authority not, validateCertificates %s',
      async (validateCertificates) => {
        const failure = await refusalOf(
          at(tls, { validateCertificates, ...(validateCertificates ? {} : { ca: authority() }) }),
        );
        expect(failure).toMatchObject({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
      },
    );
  });

  test('an unknown source topic is the fault of the configuration', async () => {
    const subject = { ...connection, sources: [sampleSource({ addresses: [topic, uniqueName()], qos: 1 })] };
    const failure = await refusalOf(subject);
    expect(failure).toBeInstanceOf(MisconfiguredError);
    expect((failure as Error).message).toBe('This server does not host this topic-partition');
    await expect(kafkaAdapter.test(subject, kafkaContext('test'))).rejects.toBeInstanceOf(MisconfiguredError);
  });

  test('one of several bootstrap servers is enough', async () => {
    const specificConfig = { bootstrapServers: `127.0.0.1:1, localhost:2,127.0.0.1:${peer.proxy.port}` };
    const { until, publish } = await start({ ...connection, uri: 'tcp://127.0.0.1:1', specificConfig });
    await publish(topic, 'hello');
    await until(1);
  });

  test('a test takes no partition from a group that consumes', async () => {
    const { until, received } = await start();
    await kafkaAdapter.test(connection, kafkaContext(`${connection.id}_test`));
    await peer.send(topic, 'still here');
    await until(1);
    expect(received[0]?.text).toBe('still here');
    const { groups } = await peer.admin.describeGroups([connection.id]);
    expect(groups[0]?.members).toHaveLength(1);
  });

  test('connections that a broker resets are opened again, without a word to anybody', async () => {
    const { until, received, lost, publish } = await start();
    await peer.send(topic, 'a');
    (await until(1))[0]?.settle('accepted');
    peer.proxy.reset();
    await peer.send(topic, 'b');
    await eventually('b', () => received.some(({ text }) => text === 'b'));
    await eventually('a publish', () =>
      publish(target).then(
        () => true,
        () => false,
      ),
    );
    expect(lost.isEmpty).toBe(true);
  });

  test('a broker that is stopped and started again: clients say so, and lose nothing', async () => {
    const { received, until, client, lost } = await start(connection, {
      sessionTimeoutMs: 1_500,
      heartbeatIntervalMs: 300,
    });
    await peer.send(topic, 'm0', 'm1', 'm2');
    await until(3);
    received[0]?.settle('accepted');
    await servers('stop');
    expect(await lost.take()).toMatch(/^Unexpected consumer failure\. </);
    await client.close();
    const failure = await refusalOf(connection);
    expect(failure).toBeInstanceOf(Error);
    await servers('up');
    let next = clientFor(connection);
    // its coordinator needs a moment to know its groups
    await eventually('opened again', () =>
      next.client.open().then(
        () => true,
        async () => {
          next = clientFor(connection);
          return false;
        },
      ),
    );
    await peer.send(topic, 'm3');
    await eventually('all', () =>
      ['m1', 'm2', 'm3'].every((text) => next.received.some((found) => found.text === text)),
    );
  });

  test('a broker that says nothing any more is noticed by those who consume', async () => {
    const { client, lost, received, until } = await start(connection, { requestTimeoutMs: 500 });
    await peer.send(topic, 'a');
    await until(1);
    peer.proxy.freeze();
    expect(await lost.take()).toMatch(/^Unexpected consumer failure\. </);
    received[0]?.settle('accepted');
    const began = Date.now();
    await client.close();
    expect(Date.now() - began).toBeLessThan(4_500);
    peer.proxy.thaw();
  });

  test('closing while it opens leaves no member behind', async () => {
    for (const delayMs of [0, 30, 150]) {
      const { client } = clientFor(connection);
      const opening = client.open().catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      await client.close();
      await opening;
    }
    await eventually('no members', async () => {
      const { groups } = await peer.admin.describeGroups([connection.id]);
      return (groups[0]?.members.length ?? 0) === 0;
    });
  });

  describe('a server that is no broker', () => {
    const frame = (length: number, ...bytes: number[]): Buffer => {
      const head = Buffer.alloc(4);
      head.writeInt32BE(length);
      return Buffer.concat([head, Buffer.from(bytes)]);
    };
    const manners: Record<string, (socket: Socket) => void> = {
      'closes at once': (socket) => socket.end(),
      'resets at once': (socket) => socket.resetAndDestroy(),
      'speaks HTTP': (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
      'answers with a negative length': (socket) => socket.write(frame(-5, 1, 2, 3)),
      'answers with less than a frame': (socket) => socket.write(frame(0)),
      'announces two gigabytes': (socket) => socket.write(frame(0x7fff_ffff)),
      'answers garbage': (socket) => socket.write(frame(40, ...Array(40).fill(0))),
      'answers what nobody asked': (socket) => socket.write(frame(8, 0, 0, 9, 9, 1, 2, 3, 4)),
      'answers with more elements than bytes': (socket) =>
        socket.write(frame(10, 0, 0, 0, 0, 0, 0, 0x7f, 0xff, 0xff, 0xff)),
      'says nothing': () => {},
    };

    test.each(Object.keys(manners))('%s', async (manner) => {
      const sockets = new Set<Socket>();
      const server = createServer((socket) => {
        sockets.add(socket);
        socket.on('error', () => {});
        socket.once('data', () => manners[manner]?.(socket));
      }).listen(0, '127.0.0.1');
      await new Promise((resolve) => server.once('listening', resolve));
      const { port } = server.address() as AddressInfo;
      const subject = sampleConnection({
        id: uniqueName(),
        connectionType: 'kafka',
        uri: `tcp://127.0.0.1:${port}`,
        specificConfig: { bootstrapServers: `127.0.0.1:${port}` },
        sources: [sampleSource({ addresses: ['in'], qos: 1 })],
        targets: [sampleTarget({ address: 'out' })],
      });
      const { client } = clientFor(subject, { requestTimeoutMs: 100 });
      await expect(client.open()).rejects.toBeInstanceOf(Error);
      const began = Date.now();
      await client.close();
      expect(Date.now() - began).toBeLessThan(4_500);
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    });
  });
});
