import { createServer, type Socket } from 'node:net';
import { type Clock, ConnectionFailure, type PublishResult } from '@hawser/core';
import { realClock } from '@hawser/testkit';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type HttpPeer, listen, startHttpPeer } from './httpPeer.ts';
import { numbers, PushClients, until } from './pushClients.ts';

const clients = new PushClients();
let peer: HttpPeer;

beforeEach(async () => {
  peer = await startHttpPeer();
});
afterEach(async () => {
  await clients.close();
  await peer.close();
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
