import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { basic, Door, piggyback, reply, retrieve } from './door.ts';

const PATH = '/devops/piggyback';
const AUTH = `Authorization: ${basic('devops:foobar')}\r\n`;
const BODY = JSON.stringify(piggyback(retrieve()));
let door: Door;

beforeAll(async () => {
  door = await Door.open({
    server: { limits: { headersTimeoutMs: 300, receiveTimeoutMs: 600, maxConnections: 1200 } },
  });
  door.engine.answer = () => reply({ type: 'connectivity.responses:retrieveConnection' });
});
afterAll(() => door.stop());

const statusesOf = (answer: string) =>
  [...answer.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => Number(status));
const isServed = async () => (await door.post(PATH, BODY)).status === 200;

/** A whole request, with these header lines in place of the usual ones. */
const post = (headers: string, body = BODY, target = PATH) =>
  `POST ${target} HTTP/1.1\r\n${AUTH}${headers}\r\n${body}`;

describe('a request that two readers could read in two ways is refused and its connection closed', () => {
  const length = `Content-Length: ${BODY.length}\r\n`;
  test.each([
    ['length and chunks', post(`Host: x\r\n${length}Transfer-Encoding: chunked\r\n`)],
    ['two lengths', post(`Host: x\r\n${length}Content-Length: 1\r\n`)],
    ['lines ended by LF alone', post(`Host: x\r\n${length}`).replaceAll('\r\n', '\n')],
    ['a folded header', post(`Host: x\r\nX-Folded: a\r\n b\r\n${length}`)],
    ['no host', post(length)],
    ['two hosts', post(`Host: x\r\nHost: y\r\n${length}`)],
    ['an absolute target with another host', post(`Host: x\r\n${length}`, BODY, `http://evil${PATH}`)],
    ['an unknown transfer encoding without a body', post('Host: x\r\nTransfer-Encoding: xchunked\r\n', '')],
    ['an unknown transfer encoding', post('Host: x\r\nTransfer-Encoding: xchunked\r\n')],
    ['a length that is no number', post('Host: x\r\nContent-Length: 0x10\r\n')],
    ['a negative length', post('Host: x\r\nContent-Length: -1\r\n')],
    ['a header name with a blank', post(`Host: x\r\nContent-Length : ${BODY.length}\r\n`)],
    ['NUL in a header', post(`Host: x\r\nX-Nul: a\0b\r\n${length}`)],
    ['a chunk of wrong size', post('Host: x\r\nTransfer-Encoding: chunked\r\n', 'zz\r\n{}\r\n0\r\n\r\n')],
  ])('%s', async (_name, bytes) => {
    const asked = door.engine.asked.length;
    expect(statusesOf(await door.raw(bytes))).toEqual([400]);
    expect(door.engine.asked).toHaveLength(asked);
  });
});

describe('what is too much is refused', () => {
  const get = (lines: string, target = '/alive') => `GET ${target} HTTP/1.1\r\nHost: x\r\n${lines}\r\n`;

  test('a header of 20 kB: 431', async () => {
    expect(statusesOf(await door.raw(get(`X-Long: ${'x'.repeat(20_000)}\r\n`)))).toEqual([431]);
  });

  test('1,700 short headers: 431, none dropped silently', async () => {
    expect(statusesOf(await door.raw(get('a:b\r\n'.repeat(1700))))).toEqual([431]);
    expect(statusesOf(await door.raw(get(`${'a:b\r\n'.repeat(400)}Connection: close\r\n`)))).toEqual([200]);
  });

  test('a target of 20 kB: 414 or 431', async () => {
    const [status] = statusesOf(await door.raw(get('', `/${'x'.repeat(20_000)}`)));
    expect([414, 431]).toContain(status);
  });

  test('an authorization header of 1 MB: 431', async () => {
    expect(statusesOf(await door.raw(get(`Authorization: Basic ${'A'.repeat(1_000_000)}\r\n`)))).toEqual([
      431,
    ]);
  });

  test('a path of 8 kB is looked at within 50 ms', async () => {
    for (const path of [
      '/devops/piggyback/'.padEnd(8000, '/a'),
      '/api/2/connections/'.padEnd(8000, '%2f'),
      '/'.repeat(8000),
    ]) {
      const begun = performance.now();
      expect((await door.get(path)).status).toBeLessThan(500);
      expect(performance.now() - begun).toBeLessThan(500);
    }
  });
});

describe('a body over the limit is 413, its connection closed and the rest not read', () => {
  test('declared', async () => {
    const answer = await door.raw(post('Host: x\r\nContent-Length: 9000000\r\n', 'x'));
    expect(statusesOf(answer)).toEqual([413]);
    expect(answer).toMatch(/connection: close/i);
  });

  test('in chunks without an end', async () => {
    const chunk = `10000\r\n${'x'.repeat(0x10000)}\r\n`;
    expect(
      statusesOf(await door.raw(post('Host: x\r\nTransfer-Encoding: chunked\r\n', chunk.repeat(3)))),
    ).toEqual([413]);
  });

  test('at the limit it is read', async () => {
    expect((await door.post(PATH, BODY.padEnd(100_000))).status).toBe(200);
    expect((await door.post(PATH, BODY.padEnd(100_001))).status).toBe(413);
  });
});

describe('a compressed body', () => {
  const send = (body: Buffer, encoding: string) =>
    door.raw(
      Buffer.concat([
        Buffer.from(
          post(
            `Host: x\r\nConnection: close\r\nContent-Encoding: ${encoding}\r\nContent-Length: ${body.length}\r\n`,
            '',
          ),
        ),
        body,
      ]),
    );

  test.each([
    ['is inflated', gzipSync(BODY), 'gzip', 200],
    ['that bursts the limit is 413', gzipSync(Buffer.alloc(20_000_000)), 'gzip', 413],
    ['compressed twice is 415', gzipSync(gzipSync(BODY)), 'gzip, gzip', 415],
    ['of an unknown encoding is 415', Buffer.from(BODY), 'x', 415],
    ['that is cut is 400', gzipSync(BODY).subarray(0, 20), 'gzip', 400],
    ['that is none is 400', Buffer.from(BODY), 'gzip', 400],
  ])('%s', async (_name, body, encoding, status) => {
    expect(statusesOf(await send(body, encoding))).toEqual([status]);
  });
});

describe('slow and greedy clients', () => {
  test('500 that send a byte of a header at a time are cut, the others are served', async () => {
    const sockets = Array.from({ length: 500 }, () => door.socket());
    const dripping = setInterval(() => {
      for (const socket of sockets) socket.write('x');
    }, 100);
    const closed = sockets.map(
      (socket) => new Promise<void>((resolve) => socket.resume().once('close', () => resolve())),
    );
    for (const socket of sockets) socket.write('GET /alive HTTP/1.1\r\nX-');
    expect(await isServed()).toBe(true);
    await Promise.all(closed);
    clearInterval(dripping);
    expect(await isServed()).toBe(true);
  });

  test('one that sends a byte of its body at a time is cut with 408', async () => {
    const socket = door.socket();
    const chunks: Buffer[] = [];
    const closed = new Promise((resolve) =>
      socket.on('data', (chunk) => chunks.push(chunk)).once('close', resolve),
    );
    socket.write(post('Host: x\r\nContent-Length: 1000\r\n', ''));
    const dripping = setInterval(() => socket.write('x'), 50);
    await closed;
    clearInterval(dripping);
    expect(statusesOf(Buffer.concat(chunks).toString())).toEqual([408]);
  });

  test('1,000 idle connections do not keep others out; beyond the cap they are closed', async () => {
    const sockets = Array.from({ length: 1000 }, () => door.socket());
    expect(await isServed()).toBe(true);
    const beyond = Array.from({ length: 400 }, () => door.socket());
    const closed = await Promise.race(
      [...beyond, ...sockets].map(
        (socket) => new Promise((resolve) => socket.resume().once('close', () => resolve(true))),
      ),
    );
    expect(closed).toBe(true);
    for (const socket of [...sockets, ...beyond]) socket.destroy();
  });

  test('10,000 requests sent without waiting are answered in their order up to a cap, then the connection ends', async () => {
    const one = `GET /status HTTP/1.1\r\nHost: x\r\n\r\n`;
    const answer = await door.raw(one.repeat(10_000));
    const statuses = statusesOf(answer);
    expect(statuses.length).toBeGreaterThan(0);
    expect(statuses.length).toBeLessThanOrEqual(10_000);
    expect(statuses.filter((status, index) => status !== 200 && index < statuses.length - 1)).toEqual([]);
    expect(await isServed()).toBe(true);
  });

  test('answers come in the order of their requests', async () => {
    const delays: Readonly<Record<string, number>> = { a: 60, b: 1, c: 20 };
    door.engine.answer = async ({ command }) => {
      const id = String(command['connectionId']);
      await new Promise((resolve) => setTimeout(resolve, delays[id]));
      return reply({ connectionId: id });
    };
    const requests = ['a', 'b', 'c'].map((id, index) => {
      const body = JSON.stringify(piggyback(retrieve(id)));
      return post(
        `Host: x\r\n${index === 2 ? 'Connection: close\r\n' : ''}Content-Length: ${body.length}\r\n`,
        body,
      );
    });
    const answer = await door.raw(requests.join(''));
    expect([...answer.matchAll(/"connectionId":"(.)"/g)].map(([, id]) => id)).toEqual(['a', 'b', 'c']);
    door.engine.answer = () => reply({});
  });
});

describe('methods and paths that nobody has', () => {
  const raw = (line: string) =>
    door.raw(`${line} HTTP/1.1\r\nHost: x\r\n${AUTH}X-Canary: canary\r\nConnection: close\r\n\r\n`);

  test.each([
    ['OPTIONS *', 404],
    ['OPTIONS /devops/piggyback', 405],
    ['TRACE /devops/piggyback', 405],
    ['TRACE /', 404],
    ['CONNECT example.com:443', 405],
    ['DELETE /devops/piggyback', 405],
    ['PATCH /api/2/connections/c1', 405],
    ['POST //devops/piggyback', 404],
    ['GET /devops//config', 404],
    ['GET /api/2/connections//status', 404],
    ['GET /', 404],
    ['GET /devops/piggyback/../config', 405],
    ['GET /%2e%2e/etc/passwd', 404],
  ])('%s is %d, and nothing of the request comes back', async (line, status) => {
    const answer = await raw(line);
    expect(statusesOf(answer)).toEqual([status]);
    expect(answer).not.toContain('canary');
  });

  test('a method that does not exist is 400', async () => {
    expect(statusesOf(await raw('BREW /'))).toEqual([400]);
  });

  test('what cannot be decoded is 400', async () => {
    const query = await door.get('/api/2/connections?fields=%zz');
    expect([query.status, query.text]).toEqual([
      400,
      "URI '/api/2/connections?fields=%zz' contains invalid characters. Please encode your URI according to RFC 3986.",
    ]);
    expect((await door.get('/devops/config/%ff')).status).toBe(400);
    expect((await door.get('/api/2/connections/%zz/status')).json).toMatchObject({
      status: 400,
      error: 'connectivity:connection.id.invalid',
      message: "The Connection ID '%zz' is not valid.",
    });
  });
});

test('pages of other origins are denied: no header of CORS, no upgrade', async () => {
  const preflight = await door.request('OPTIONS', PATH, {
    user: null,
    headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
  });
  expect(preflight.status).toBe(401);
  const get = await door.get('/status', { headers: { origin: 'https://evil.example' } });
  for (const { headers } of [preflight, get])
    expect([...headers.keys()].filter((name) => name.startsWith('access-control'))).toEqual([]);
  for (const origin of ['', 'Origin: https://evil.example\r\n']) {
    const answer = await door.raw(
      `GET /api/2/connections HTTP/1.1\r\nHost: x\r\n${origin}Connection: Upgrade, close\r\nUpgrade: websocket\r\n` +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    );
    expect(statusesOf(answer)).toEqual([401]);
  }
});

test('names of the prototype are names like any other', async () => {
  const answer = await door.raw(
    `POST ${PATH}?__proto__[x]=1&a[b][c]=d&constructor=1&hasOwnProperty=1 HTTP/1.1\r\nHost: x\r\n${AUTH}` +
      `__proto__: 1\r\nconstructor: 1\r\nhasOwnProperty: 1\r\nConnection: close\r\nContent-Length: ${BODY.length}\r\n\r\n${BODY}`,
  );
  expect(statusesOf(answer)).toEqual([200]);
  expect((await door.get('/api/2/connections/c1', { headers: { constructor: '1' } })).status).toBe(200);
  const own =
    '{"targetActorSelection":"/x","headers":{"__proto__":{"x":1},"constructor":{"prototype":{"x":1}}},"piggybackCommand":{"__proto__":{"x":1}}}';
  expect((await door.post(PATH, own)).status).toBe(200);
  expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  expect(Object.keys(door.engine.last.command)).toEqual(['__proto__']);
});

describe('what is no HTTP/1.1', () => {
  const TLS_HELLO = Buffer.from('16030100a5010000a10303', 'hex');

  test.each([
    ['a TLS hello', TLS_HELLO],
    ['the preface of HTTP/2', Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')],
    ['noise', Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 256))],
    ['blank lines', Buffer.from('\r\n'.repeat(100))],
  ])('%s is 400 or closed, and leaves the log alone', async (_name, bytes) => {
    const lines = door.log.lines.length;
    const statuses = statusesOf(await door.raw(bytes, true));
    expect(statuses.every((status) => status === 400)).toBe(true);
    expect(door.log.lines).toHaveLength(lines);
  });

  test('no byte and an end, and a reset amid a request, are nothing', async () => {
    const lines = door.log.lines.length;
    expect(await door.raw('', true)).toBe('');
    const socket = door.socket();
    await new Promise((resolve) => socket.once('connect', resolve));
    socket.write(post('Host: x\r\nContent-Length: 1000\r\n', '{'));
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.resetAndDestroy();
    expect(await isServed()).toBe(true);
    expect(door.log.lines.slice(lines).filter(({ level }) => level === 'error' || level === 'warn')).toEqual(
      [],
    );
  });
});
