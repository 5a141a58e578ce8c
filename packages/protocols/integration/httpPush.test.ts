import { createServer, type Socket } from 'node:net';
import { type Clock, type Connection, ConnectionFailure, type PublishResult } from '@hawser/core';
import { describeAdapter, realClock, sampleTarget } from '@hawser/testkit';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { httpPushAdapter } from '../src/httpPush/adapter.ts';
import { type HttpPeer, listen, startHttpPeer } from './httpPeer.ts';
import { PushClients } from './pushClients.ts';

describeAdapter('http-push', httpPushAdapter, { redelivers: false, isTargetOnly: true }, () =>
  startHttpPeer(),
);

const clients = new PushClients();
let peer: HttpPeer;

beforeEach(async () => {
  peer = await startHttpPeer();
});
afterEach(async () => {
  await clients.close();
  await peer.close();
});

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);

describe('a request', () => {
  test('goes to the path below that of the connection, with its headers, body and user', async () => {
    const uri = `http://user:pa%3Ass@127.0.0.1:${peer.port}/base%2Fpath/`;
    const client = await clients.open(peer.pushing({ uri }));
    await client.publish('PUT:/things/a b?x=y', 'grün', { 'X-Test': '1', 'content-type': 'text/css' });
    const [request] = peer.requests;
    expect(request).toMatchObject({ method: 'PUT', url: '/base%2Fpath/things/a%20b?x=y' });
    expect(request?.body.toString()).toBe('grün');
    expect(request?.headers).toMatchObject({
      host: `127.0.0.1:${peer.port}`,
      authorization: `Basic ${Buffer.from('user:pa:ss').toString('base64')}`,
      'content-type': 'text/css',
      'content-length': '5',
      'user-agent': 'eclipse-ditto',
      'x-test': '1',
    });
  });

  test('of a method without a body has none', async () => {
    const client = await clients.open(peer.pushing());
    await client.publish('GET:/a', 'body', { 'content-type': 'text/plain' });
    await client.publish('DELETE:/a', 'body');
    expect(peer.requests.map(({ method, body }) => `${method} ${body.length}`)).toEqual([
      'GET 0',
      'DELETE 0',
    ]);
    expect(peer.requests[0]?.headers['content-type']).toBeUndefined();
  });

  test('with headers that would break out is refused; what frames a message is not taken from headers', async () => {
    const client = await clients.open(peer.pushing());
    await expect(client.publish('POST:/', 'x', { a: 'b\r\nHost: evil' })).rejects.toMatchObject({
      status: 400,
      code: 'connectivity:message.sending.failed',
    });
    await client.publish('POST:/', 'x', {
      Host: 'evil',
      'Content-Length': '9',
      'Transfer-Encoding': 'chunked',
    });
    await client.publish('POST:/ HTTP/1.1\r\nHost: evil\r\n\r\n', 'x');
    expect(peer.requests.map(({ headers, body }) => `${headers.host} ${body.length}`)).toEqual([
      `127.0.0.1:${peer.port} 1`,
      `127.0.0.1:${peer.port} 1`,
    ]);
    expect(clients.lost).toEqual([]);
  });
});

describe('requests', () => {
  test('leave in order, one at a time, over one connection', async () => {
    const client = await clients.open(peer.pushing());
    let [running, most] = [0, 0];
    peer.answer = (_request, response) => {
      most = Math.max(most, ++running);
      setImmediate(() => {
        running--;
        response.end();
      });
    };
    await Promise.all(numbers(50).map((n) => client.publish('POST:/', String(n))));
    expect(peer.requests.map(({ body }) => body.toString())).toEqual(numbers(50).map(String));
    expect([most, peer.accepted()]).toEqual([1, 1]);
  });

  test('run in parallel up to the next power of two', async () => {
    const client = await clients.open(peer.pushing({ specificConfig: { parallelism: '3' } }));
    const waiting: (() => void)[] = [];
    peer.answer = (_request, response) => waiting.push(() => response.end());
    const all = Promise.all(numbers(10).map((n) => client.publish('POST:/', String(n))));
    for (let done = 0; done < 10; ) {
      await until(() => waiting.length === Math.min(4, 10 - done));
      for (const answer of waiting.splice(0)) {
        answer();
        done++;
      }
    }
    await all;
    expect(peer.accepted()).toBe(4);
  });

  test('beyond the queue are refused, the others wait', async () => {
    const client = await clients.open(peer.pushing(), { config: { maxQueueSize: 3 } });
    const held: (() => void)[] = [];
    peer.answer = (_request, response) => {
      if (held.length === 0) held.push(() => response.end());
      else response.end();
    };
    const taken = Promise.all(numbers(4).map((n) => client.publish('POST:/', String(n))));
    await expect(client.publish('POST:/', 'too much')).rejects.toMatchObject({
      status: 503,
      code: 'connectivity:message.sending.failed',
      message: 'Outgoing HTTP request aborted: There are too many in-flight requests.',
      description:
        'This can have the following reasons:\na) The HTTP endpoint does not consume the messages fast enough.\nb) The client count and/or the parallelism of this connection is not configured high enough.',
    });
    await until(() => held.length === 1);
    held[0]?.();
    expect((await taken).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });

  test('go on over a new connection when the server has closed an idle one', async () => {
    const client = await clients.open(peer.pushing());
    peer.answer = (_request, response) => response.writeHead(200, { connection: 'close' }).end();
    for (const n of numbers(5)) expect((await client.publish('POST:/', String(n))).status).toBe(200);
    expect(peer.accepted()).toBe(5);
    expect(clients.lost).toEqual([]);
  });
});

describe('an answer', () => {
  const answered = async (status: number, headers: Record<string, string>, body: string) => {
    const client = await clients.open(peer.pushing());
    peer.answer = (_request, response) => response.writeHead(status, headers).end(body);
    return client.publish('POST:/', 'x');
  };

  test('becomes the result, with its headers and its body by content type', async () => {
    const headers = { 'content-type': 'application/json', 'X-Peer': 'p' };
    expect(await answered(201, headers, '{"a":1}')).toMatchObject({
      status: 201,
      payload: { a: 1 },
      headers: { 'content-type': 'application/json', 'x-peer': 'p' },
      answer: { statusText: '201 Created', refusal: undefined },
    });
    expect(clients.notes).toEqual([expect.stringMatching(/^success: HTTP request took <\d+> ms\.$/)]);
  });

  test('that says no is a result with a refusal', async () => {
    const result: PublishResult = await answered(500, { 'content-type': 'text/plain' }, 'broken');
    expect(result).toMatchObject({ status: 500, payload: 'broken' });
    expect(result.answer?.refusal?.message).toBe('Got non success status code: <500> and body: <"broken">');
    expect(clients.lost).toEqual([]);
  });

  test('that leads elsewhere is not followed', async () => {
    const { status } = await answered(302, { location: `http://127.0.0.1:${peer.port}/elsewhere` }, '');
    expect(status).toBe(302);
    expect(peer.requests).toHaveLength(1);
  });

  test('of a status that HTTP does not know is refused', async () => {
    await expect(answered(999, {}, '')).rejects.toMatchObject({
      status: 503,
      message: 'Remote server delivered unknown HTTP status code <999>!',
    });
    expect(clients.lost).toEqual([]);
  });

  test.each([
    ['says so', { 'content-length': String(10_000_000) }],
    ['comes in chunks', {}],
  ])('of 10 MB that %s is not read; the client lives', async (_how, headers) => {
    const client = await clients.open(peer.pushing());
    peer.answer = (_request, response) => response.writeHead(200, headers).end(Buffer.alloc(10_000_000));
    await expect(client.publish('POST:/', 'x')).rejects.toMatchObject({
      status: 500,
      message: 'Encountered <EntityStreamSizeException>.',
      description: 'incoming entity size exceeded size limit (100000 bytes)!',
    });
    peer.answer = (_request, response) => response.end('ok');
    expect((await client.publish('POST:/', 'x')).status).toBe(200);
    expect(clients.lost).toEqual([]);
  });

  test('may fill its share of the budget', async () => {
    const client = await clients.open(peer.pushing(), { config: { issuedMaxBytes: 100 } });
    peer.answer = ({ body }, response) => response.end(Buffer.alloc(Number(body.toString())));
    expect((await client.publish('POST:/', '100')).status).toBe(200);
    expect((await client.publish('POST:/', '50', {}, 2)).status).toBe(200);
    await expect(client.publish('POST:/', '51', {}, 2)).rejects.toThrow('EntityStreamSizeException');
  });

  test('whose body stalls is given up; the client lives', async () => {
    const hurried: Clock = {
      ...realClock,
      after: (ms, task) => realClock.after(ms === 10_000 ? 100 : ms, task),
    };
    const client = await clients.open(peer.pushing(), { clock: hurried });
    peer.answer = (_request, response) => response.writeHead(200).write('begun');
    await expect(client.publish('POST:/', 'x')).rejects.toMatchObject({
      status: 500,
      message: 'Encountered <TimeoutException>.',
      description:
        'HttpEntity.toStrict timed out after 10000 milliseconds while still waiting for outstanding data',
    });
    expect(clients.lost).toEqual([]);
  });

  test('that breaks off within its body is a failure of its publish alone', async () => {
    const client = await clients.open(peer.pushing());
    peer.answer = (_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('begun');
      setTimeout(() => response.destroy(), 20);
    };
    await expect(client.publish('POST:/', 'x')).rejects.toMatchObject({
      status: 500,
      message: 'Encountered <EntityStreamException>.',
    });
    peer.answer = (_request, response) => response.end();
    expect((await client.publish('POST:/', 'x')).status).toBe(200);
    expect(clients.lost).toEqual([]);
  });
});

describe('an endpoint', () => {
  test('that hangs loses the client after the idle timeout, and what waits is not lost', async () => {
    const client = await clients.open(peer.pushing({ specificConfig: { idleTimeout: '200ms' } }));
    peer.answer = () => {};
    const results = await Promise.allSettled(numbers(3).map((n) => client.publish('POST:/a?b', String(n))));
    for (const result of results) expect(result).toMatchObject({ reason: expect.any(ConnectionFailure) });
    const uri = `http://127.0.0.1:${peer.port}/a?b`;
    expect(clients.lost).toEqual([
      expect.objectContaining({
        message: `Failed to send HTTP request to <${uri}>.`,
        cause: expect.objectContaining({ name: 'TimeoutException', message: `Request timed out: ${uri}` }),
      }),
    ]);
    expect(peer.requests).toHaveLength(1);
    await until(() => peer.open() === 0);
  });

  test('that is not there loses the client with its reason', async () => {
    await peer.stop();
    const client = await clients.open(peer.pushing());
    await expect(client.publish('POST:/', 'x')).rejects.toBeInstanceOf(ConnectionFailure);
    expect(clients.lost).toEqual([
      expect.objectContaining({ cause: expect.objectContaining({ code: 'ECONNREFUSED' }) }),
    ]);
    await expect(client.publish('POST:/', 'x')).rejects.toThrow('HTTP client is not open.');
  });

  test.each([
    ['garbage', 'garbage\r\n\r\n'],
    ['another protocol', 'AMQP\0\0\x09\x01'],
    ['headers without end', `HTTP/1.1 200 OK\r\n${'x: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n'.repeat(2_000)}`],
    ['two lengths', 'HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab'],
    [
      'a switch of protocols',
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n',
    ],
    ['nothing', ''],
  ])('that answers %s loses the client', async (_what, text) => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.once('data', () => socket.end(text, 'latin1'));
    });
    const uri = `http://127.0.0.1:${await listen(server)}`;
    try {
      const client = await clients.open(peer.pushing({ uri }));
      await expect(client.publish('POST:/', 'x')).rejects.toBeInstanceOf(ConnectionFailure);
      expect(clients.lost).toHaveLength(1);
    } finally {
      for (const socket of sockets) socket.destroy();
      server.close();
    }
  });
});

describe('closing', () => {
  test('fails what is under way and what waits, ends the connection, and is silent afterwards', async () => {
    const { client, publish } = await clients.open(peer.pushing());
    const held: (() => void)[] = [];
    peer.answer = (_request, response) => held.push(() => response.end());
    const all = Promise.allSettled(numbers(3).map((n) => publish('POST:/', String(n))));
    await until(() => held.length === 1);
    await client.close();
    for (const result of await all)
      expect(result).toMatchObject({ reason: { message: 'HTTP client was closed.' } });
    await until(() => peer.open() === 0);
    for (const answer of held) answer();
    expect([clients.lost, clients.notes]).toEqual([[], []]);
    await client.close();
  });

  test('a client that was never opened is fine, and it publishes nothing', async () => {
    const { client, publish } = clients.create(peer.pushing());
    await expect(publish('POST:/', 'x')).rejects.toThrow('not open');
    await client.close();
  });
});

test('targets have a status each', async () => {
  const targets = [sampleTarget({ address: 'POST:/a' }), sampleTarget({ address: 'PUT:/{{ thing:id }}' })];
  const connection: Connection = peer.pushing({ targets });
  const { client } = await clients.open(connection);
  expect(client.resources()).toEqual([
    {
      type: 'target',
      address: 'POST:/a',
      status: 'open',
      detail: 'Producer started.',
      sinceMs: expect.any(Number),
    },
    {
      type: 'target',
      address: 'PUT:/{{ thing:id }}',
      status: 'unknown',
      detail: 'Producers for targets with placeholders are started on-demand.',
    },
  ]);
});

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5));
}
