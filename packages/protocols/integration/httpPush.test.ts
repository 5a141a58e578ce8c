import type { Connection } from '@hawser/core';
import { describeAdapter, sampleTarget } from '@hawser/testkit';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { httpPushAdapter } from '../src/httpPush/adapter.ts';
import { type HttpPeer, startHttpPeer } from './httpPeer.ts';
import { numbers, PushClients, until } from './pushClients.ts';

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
    peer.answer = (_request, response) => response.end();
    await client.publish('POST:/', 'kept');
    peer.dropIdle();
    await until(() => peer.open() === 0);
    expect((await client.publish('POST:/', 'again')).status).toBe(200);
    expect(clients.lost).toEqual([]);
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
