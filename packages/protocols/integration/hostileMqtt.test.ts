import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { ClientEvents, ConnectionClient } from '@hawser/core';
import { realClock, sampleConnection, sampleSource, silentLog } from '@hawser/testkit';
import { afterEach, describe, expect, test } from '@jest/globals';
import { mqttAdapter } from '../src/mqtt/adapter.ts';

const connack = Buffer.from([0x20, 0x02, 0x01, 0x00]);
const maxInboundBytes = 65_536;

/** A broker that accepts everyone, grants QoS 1, and then does what the test says. */
async function startBroker(
  afterSubscribe: (socket: Socket) => void,
): Promise<{ port: number; server: Server }> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    let isConnected = false;
    socket.on('data', (chunk) => {
      if (!isConnected) {
        isConnected = true;
        socket.write(connack);
      } else if ((chunk[0] ?? 0) >> 4 === 8) {
        socket.write(Buffer.from([0x90, 0x03, chunk[2] ?? 0, chunk[3] ?? 0, 0x01]));
        setTimeout(() => afterSubscribe(socket), 10);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, server };
}

function publishPacket(topic: Buffer, payload: Buffer, packetId: number): Buffer {
  const length = 2 + topic.length + 2 + payload.length;
  const header = [0x32];
  let rest = length;
  do {
    header.push((rest % 128) | (rest >= 128 ? 0x80 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.concat([
    Buffer.from(header),
    Buffer.from([topic.length >> 8, topic.length & 0xff]),
    topic,
    Buffer.from([packetId >> 8, packetId & 0xff]),
    payload,
  ]);
}

describe('a hostile MQTT broker', () => {
  const open: { client?: ConnectionClient; server?: Server } = {};
  afterEach(async () => {
    await open.client?.close();
    open.server?.close();
  });

  async function connectTo(
    afterSubscribe: (socket: Socket) => void,
    events: Partial<ClientEvents> = {},
  ): Promise<Promise<Error>> {
    const { port, server } = await startBroker(afterSubscribe);
    open.server = server;
    let reportLost: (reason: Error) => void = () => {};
    const lost = new Promise<Error>((resolve) => {
      reportLost = resolve;
    });
    const connection = sampleConnection({
      uri: `tcp://127.0.0.1:${port}`,
      sources: [sampleSource({ addresses: ['#'], qos: 1 })],
    });
    const client = mqttAdapter.createClient(
      connection,
      { message: () => {}, lost: reportLost, ...events },
      {
        clock: realClock,
        log: silentLog,
        clientId: 'c',
        maxInboundBytes,
        maxInFlight: 10,
        config: {},
        carry: new Map(),
      },
    );
    open.client = client;
    await client.open();
    return Promise.resolve(lost).then((reason) => reason);
  }

  test('cannot make us hold more than a message may have', async () => {
    const before = process.memoryUsage().rss;
    const reason = await connectTo((socket) => {
      socket.write(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]));
      const flood = Buffer.alloc(1_048_576);
      let sent = 0;
      const pump = (): void => {
        while (sent < 200 && !socket.destroyed) {
          sent++;
          if (!socket.write(flood)) {
            socket.once('drain', pump);
            return;
          }
        }
      };
      pump();
    });
    expect(reason.message).toBe('MQTT packet of more than 65536 bytes refused');
    expect(process.memoryUsage().rss - before).toBeLessThan(30 * 1_048_576);
  });

  test.each([
    ['a length of five bytes', [0x30, 0x80, 0x80, 0x80, 0x80, 0x01]],
    ['a packet of type 0', [0x00, 0x00]],
    ['a quality of service of 3', [0x36, 0x05, 0x00, 0x01, 0x61, 0x00, 0x01]],
    ['a second CONNACK', [...connack]],
    ['a topic longer than its packet', [0x30, 0x03, 0x00, 0xff, 0x61]],
  ])('ends the session with %s', async (_name, bytes) => {
    const reason = await connectTo((socket) => socket.write(Buffer.from(bytes)));
    expect(reason.message).not.toBe('');
  });

  test.each([
    ['an empty topic', Buffer.alloc(0)],
    ['a wildcard', Buffer.from('a/#')],
    ['broken UTF-8', Buffer.from([0x61, 0xff])],
    ['a NUL', Buffer.from('a\0b')],
  ])('cannot send a message with %s: it is refused, acknowledged and passed over', async (_name, topic) => {
    const refused: string[] = [];
    const acknowledged: number[] = [];
    let received: (topic: string) => void = () => {};
    const next = new Promise<string>((resolve) => {
      received = resolve;
    });
    await Promise.race([
      connectTo(
        (socket) => {
          socket.on('data', (chunk) => {
            for (let at = 0; at + 3 < chunk.length; at += 4) acknowledged.push(chunk[at + 3] ?? 0);
          });
          socket.write(publishPacket(topic, Buffer.from('bad'), 1));
          socket.write(publishPacket(Buffer.from('good'), Buffer.from('x'), 2));
        },
        {
          refused: (_origin, reason) => refused.push(reason.message),
          message: (_message, origin, settle) => {
            settle('accepted');
            received(origin.address);
          },
        },
      ),
      next,
    ]);
    expect(await next).toBe('good');
    expect(refused).toEqual(['Invalid MQTT topic received.']);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(acknowledged).toEqual([1, 2]);
  });
});
