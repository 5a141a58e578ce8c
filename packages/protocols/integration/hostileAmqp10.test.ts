import { createRequire } from 'node:module';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { ClientContext, ClientEvents, ConnectionClient } from '@hawser/core';
import { realClock, sampleConnection, sampleSource, silentLog } from '@hawser/testkit';
import { afterEach, describe, expect, test } from '@jest/globals';
import rhea, { type Container, type EventContext, type Sender } from 'rhea';
import { amqp10Adapter } from '../src/amqp10/adapter.ts';

/** The library's own way to write frames, also such as it would not send. */
const frames = createRequire(import.meta.url)('rhea/lib/frames.js') as Record<
  string,
  (...args: unknown[]) => unknown
>;
const maxInboundBytes = 65_536;

/** Bytes of a frame on the first channel. */
function frame(performative: string, fields: object, payload?: Uint8Array, channel = 0): Buffer {
  const body = frames['amqp_frame']?.(channel, frames[performative]?.(fields), payload);
  return frames['write_frame']?.(body) as Buffer;
}

/** A described list of our own making: its code, then these bytes. */
function rawFrame(code: number, ...list: number[]): Buffer {
  const bytes = Buffer.from([0, 0, 0, 0, 2, 0, 0, 0, 0x00, 0x53, code, ...list]);
  bytes.writeUInt32BE(bytes.length);
  return bytes;
}

const attachAsAsked = ({ sender }: EventContext): void => {
  sender?.set_source({ address: sender.source.address });
};

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const open: { client?: ConnectionClient; servers: Server[] } = { servers: [] };
afterEach(async () => {
  await open.client?.close();
  for (const server of open.servers.splice(0)) server.close();
});

async function listening(server: Server): Promise<number> {
  open.servers.push(server);
  if (!server.listening) await new Promise<void>((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}

function clientOf(port: number, events: Partial<ClientEvents> = {}, specificConfig = {}): ConnectionClient {
  const connection = sampleConnection({
    connectionType: 'amqp-10',
    uri: `amqp://127.0.0.1:${port}`,
    sources: [sampleSource({ addresses: ['in'] })],
    failoverEnabled: false,
    specificConfig,
  });
  const context: ClientContext = {
    clock: realClock,
    log: silentLog,
    clientId: 'c',
    maxInboundBytes,
    maxInFlight: 10,
    config: {},
    carry: new Map(),
  };
  const client = amqp10Adapter.createClient(
    connection,
    { message: () => {}, lost: () => {}, ...events },
    context,
  );
  open.client = client;
  return client;
}

describe('a peer that is none of AMQP 1.0', () => {
  test.each<[string, Buffer | undefined, RegExp]>([
    ['speaks HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), /The peer does not speak AMQP/],
    ['speaks AMQP 0.9.1', Buffer.from('AMQP\0\0\x09\x01'), /Unsupported AMQP version: 0-9-1/],
    [
      'announces 4 GiB',
      Buffer.from('AMQP\x03\x01\0\0\xff\xff\xff\xff', 'latin1'),
      /frame of more than 1048576 bytes refused/,
    ],
    ['says nothing', undefined, /Timed out while waiting to connect/],
  ])('that %s fails the opening', async (_name, greeting, text) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', () => greeting !== undefined && socket.write(greeting));
    }).listen(0, '127.0.0.1');
    const client = clientOf(await listening(server), {}, { 'jms.connectTimeout': '300' });
    await expect(client.open()).rejects.toMatchObject({
      code: 'connectivity:connection.failed',
      message: expect.stringMatching(/^Failed to connect JMS client:\S/),
    });
    await expect(
      clientOf(await listening(server), {}, { 'jms.connectTimeout': '300' }).open(),
    ).rejects.toThrow(text);
  });

  test('that hangs up fails the opening', async () => {
    const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await expect(clientOf(await listening(server)).open()).rejects.toThrow('Failed to connect JMS client:');
  });
});

describe('a hostile AMQP 1.0 peer', () => {
  /** A peer that takes everyone in, and when it has got credit does what the test says. */
  async function connectTo(
    attack: (socket: Socket, sender: Sender) => void,
    events: Partial<ClientEvents> = {},
  ): Promise<{ lost: Promise<Error> }> {
    const container = (rhea as unknown as Container).create_container({ id: 'hostile' });
    container.on('sender_open', attachAsAsked);
    container.on('error', () => {});
    container.on('protocol_error', () => {});
    container.on('disconnected', () => {});
    container.on('connection_error', () => {});
    container.on('session_error', () => {});
    container.once('sendable', ({ sender, connection }: EventContext) => {
      if (sender !== undefined) attack((connection as unknown as { socket: Socket }).socket, sender);
    });
    const port = await listening(container.listen({ port: 0, host: '127.0.0.1' }));
    let reportLost: (reason: Error) => void = () => {};
    const lost = new Promise<Error>((resolve) => {
      reportLost = resolve;
    });
    await clientOf(port, { lost: reportLost, ...events }).open();
    return { lost };
  }

  const transfer = (fields: object, payload = Buffer.from([0x00, 0x53, 0x77, 0x40])): Buffer =>
    frame(
      'transfer',
      { handle: 0, delivery_id: 0, delivery_tag: Buffer.from('t'), message_format: 0, ...fields },
      payload,
    );

  test.each<[string, Buffer]>([
    ['a second OPEN', frame('open', { container_id: 'again' })],
    [
      'a session of its own',
      frame('begin', { next_outgoing_id: 0, incoming_window: 1, outgoing_window: 1 }, undefined, 5),
    ],
    ['a link of its own', frame('attach', { name: 'mine', handle: 9, role: false })],
    ['a message on no link', transfer({ handle: 77 })],
    ['a message out of order', Buffer.concat([transfer({}), transfer({ delivery_id: 7 })])],
    [
      'far more messages than there is credit',
      Buffer.concat(Array.from({ length: 120 }, (_, id) => transfer({ delivery_id: id }))),
    ],
    [
      'a disposition for 2^32 messages',
      frame('disposition', { role: true, first: 0, last: 4_294_967_295, settled: true }),
    ],
    ['an unknown outcome', rawFrame(0x15, 0xc0, 11, 5, 0x41, 0x43, 0x43, 0x41, 0x00, 0x53, 0x77, 0x45)],
    [
      'a flow for no link',
      frame('flow', { handle: 66, incoming_window: 1, next_outgoing_id: 0, outgoing_window: 1 }),
    ],
    ['a frame on a session that is not there', frame('end', {}, undefined, 40)],
    ['a CLOSE with an odd error', rawFrame(0x18, 0xc0, 7, 1, 0x00, 0x53, 0x1d, 0xc0, 2, 1, 0x40)],
    ['CLOSE twice', Buffer.concat([frame('close', {}), frame('close', {})])],
    [
      'END twice, then rubbish',
      Buffer.concat([frame('end', {}), frame('end', {}), Buffer.from('rubbish that is no frame')]),
    ],
    ['a performative of nulls', rawFrame(0x14, 0x45)],
    ['a list of 2^31 members', rawFrame(0x14, 0xd0, 0, 0, 0, 4, 0x80, 0, 0, 0)],
    ['an array of 2^32 nulls', rawFrame(0x14, 0xc0, 11, 1, 0xf0, 0, 0, 0, 5, 0xff, 0xff, 0xff, 0xff, 0x40)],
    ['types nested without end', rawFrame(0x14, ...new Array(100_000).fill(0))],
  ])('loses its client with %s', async (_name, bytes) => {
    const { lost } = await connectTo((socket) => socket.write(bytes));
    expect((await lost).message).not.toBe('');
  });

  test('cannot make us hold more than a message may have', async () => {
    const refused: string[] = [];
    const before = process.memoryUsage().rss;
    let isDone: () => void = () => {};
    const done = new Promise<void>((resolve) => {
      isDone = resolve;
    });
    const texts: (string | undefined)[] = [];
    await connectTo(
      (socket, sender) => {
        const piece = transfer({ more: true }, Buffer.alloc(1_000_000));
        let sent = 0;
        const pump = (): void => {
          while (sent < 200 && !socket.destroyed) {
            sent++;
            if (!socket.write(piece)) {
              socket.once('drain', pump);
              return;
            }
          }
          socket.write(transfer({ more: false }));
          // the library counts what it did not send itself
          Object.assign((sender.session as unknown as { outgoing: object }).outgoing, {
            next_delivery_id: 1,
            next_pending_delivery: 1,
          });
          sender.send({ body: 'small' });
        };
        pump();
      },
      {
        refused: (_origin, reason) => refused.push(reason.message),
        message: (message) => {
          texts.push(message.text);
          isDone();
        },
      },
    );
    await done;
    expect(refused).toEqual([`AMQP message of more than ${maxInboundBytes} bytes refused`]);
    expect(texts).toEqual(['small']);
    expect(process.memoryUsage().rss - before).toBeLessThan(60 * 1_048_576);
  });

  test('cannot stop the messages of others with one that is malformed, or taken back', async () => {
    const refused: string[] = [];
    const texts: (string | undefined)[] = [];
    await connectTo(
      (socket) => {
        socket.write(transfer({ delivery_id: 0 }, Buffer.from('no message')));
        socket.write(transfer({ delivery_id: 1, more: true }));
        socket.write(transfer({ delivery_id: 1, aborted: true }));
        for (let id = 2; id < 30; id++) {
          const body = Buffer.from([0x00, 0x53, 0x77, 0xa1, 2, 0x30 + Math.floor(id / 10), 0x30 + (id % 10)]);
          setTimeout(() => socket.write(transfer({ delivery_id: id }, body)), id * 5);
        }
      },
      {
        refused: (_origin, reason) => refused.push(reason.message),
        message: (message, _origin, settle) => {
          texts.push(message.text);
          settle('accepted');
        },
      },
    );
    while (texts.length < 28) await sleep(10);
    expect(texts.at(0)).toBe('02');
    expect(refused).toEqual(['A described type was expected.']);
  });

  test('that begins no session fails the opening', async () => {
    const container = (rhea as unknown as Container).create_container({ id: 'hostile' });
    container.on('disconnected', () => {});
    container.on('connection_open', ({ connection }: EventContext) => {
      // answers no BEGIN
      (connection as unknown as { on_begin: () => void }).on_begin = () => {};
    });
    const port = await listening(container.listen({ port: 0, host: '127.0.0.1' }));
    await expect(clientOf(port, {}, { 'jms.requestTimeout': '200' }).open()).rejects.toMatchObject({
      code: 'connectivity:connection.failed',
      message: 'Failed to create session:Beginning a session timed out.',
    });
  });

  test('that closes the connection while links are attached is told as the reason', async () => {
    const container = (rhea as unknown as Container).create_container({ id: 'hostile' });
    container.on('disconnected', () => {});
    container.on('connection_error', () => {});
    container.on('sender_open', ({ connection }: EventContext) =>
      connection.close({ condition: 'amqp:connection:forced', description: 'going down' }),
    );
    const port = await listening(container.listen({ port: 0, host: '127.0.0.1' }));
    await expect(clientOf(port).open()).rejects.toMatchObject({
      message: 'Failed to connect JMS client:going down [condition = amqp:connection:forced]',
    });
  });

  test('that ends the session gets its links again', async () => {
    const notes: string[] = [];
    const container = (rhea as unknown as Container).create_container({ id: 'hostile' });
    let sessions = 0;
    container.on('sender_open', attachAsAsked);
    container.on('session_error', () => {});
    container.on('disconnected', () => {});
    container.on('sendable', ({ sender, session }: EventContext) => {
      if (++sessions === 1) session?.close({ condition: 'amqp:internal-error', description: 'a bad day' });
      else if (sessions === 2) sender?.send({ body: 'again' });
    });
    const port = await listening(container.listen({ port: 0, host: '127.0.0.1' }));
    const texts: (string | undefined)[] = [];
    const client = clientOf(port, {
      note: (level, text) => notes.push(`${level}: ${text}`),
      message: (message) => texts.push(message.text),
    });
    await client.open();
    while (texts.length === 0) await sleep(10);
    expect(client.resources()[0]).toMatchObject({ status: 'open', detail: 'Consumer started.' });
    expect(notes).toEqual([
      'success: Subscriptions [in-0] initialized successfully',
      'failure: Consumer in-0 was closed: a bad day [condition = amqp:internal-error]',
      'failure: Session was closed: a bad day [condition = amqp:internal-error]',
      'failure: Session has been closed',
    ]);
  });
});
