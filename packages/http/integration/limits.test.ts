import { request as httpsRequest } from 'node:https';
import { connect as tlsConnect } from 'node:tls';
import { afterEach, describe, expect, test } from '@jest/globals';
import { basic, Door, type DoorOptions, piggyback, reply, retrieve } from './door.ts';
import { selfSigned } from './selfSigned.ts';

const PATH = '/devops/piggyback';
const BODY = piggyback(retrieve());
let doors: Door[] = [];

afterEach(async () => {
  await Promise.all(doors.map((door) => door.stop()));
  doors = [];
});

async function open(options: DoorOptions = {}): Promise<Door> {
  const door = await Door.open(options);
  doors.push(door);
  return door;
}

/** An engine that answers when it is let go; resolves when it was asked so many times. */
function held(door: Door) {
  const waiting: (() => void)[] = [];
  let onAsked: () => void = () => undefined;
  door.engine.answer = () =>
    new Promise((resolve) => {
      waiting.push(() => resolve(reply({})));
      onAsked();
    });
  return {
    letGo(): void {
      for (const go of waiting.splice(0)) go();
    },
    async asked(times: number): Promise<void> {
      while (waiting.length < times) await new Promise<void>((resolve) => (onAsked = resolve));
    },
  };
}

test('requests beyond those that may be under way are told to come back; health is not', async () => {
  const door = await open({ maxRequests: 2 });
  const engine = held(door);
  const underWay = [door.post(PATH, BODY), door.post(PATH, BODY)];
  await engine.asked(2);
  const { status, json, headers } = await door.post(PATH, BODY);
  expect(status).toBe(503);
  expect(json).toMatchObject({ status: 503, error: 'hawser:overloaded' });
  expect(headers.get('retry-after')).toBe('1');
  expect((await door.get('/alive', { user: null })).status).toBe(200);
  engine.letGo();
  expect((await Promise.all(underWay)).map((answer) => answer.status)).toEqual([200, 200]);
  const next = door.post(PATH, BODY);
  await engine.asked(1);
  engine.letGo();
  expect((await next).status).toBe(200);
});

test('of requests sent on one connection without waiting, 100 are under way, and the next ends it after their answers', async () => {
  const door = await open();
  const engine = held(door);
  const body = JSON.stringify(BODY);
  const one =
    `POST ${PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: ${basic('devops:foobar')}\r\n` +
    `Content-Length: ${body.length}\r\n\r\n${body}`;
  const answer = door.raw(one.repeat(150));
  await engine.asked(100);
  expect(await isServed(door, engine)).toBe(true);
  engine.letGo();
  const statuses = [...(await answer).matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => status);
  expect(statuses).toEqual([...Array.from({ length: 100 }, () => '200'), '503']);
  expect(door.engine.asked).toHaveLength(101);
});

/** Another client gets its answer meanwhile. */
async function isServed(door: Door, engine: ReturnType<typeof held>): Promise<boolean> {
  const next = door.post(PATH, BODY);
  await engine.asked(101);
  engine.letGo();
  return (await next).status === 200;
}

describe('the rate limit', () => {
  test('is off by default', async () => {
    const door = await open();
    for (let i = 0; i < 20; i++) expect((await door.post(PATH, BODY)).status).toBe(200);
  });

  test('counts the requests of an address, also those with a wrong password; health is not counted', async () => {
    const door = await open({ ratePerMinute: 3 });
    const forwarded = (n: number) => ({ headers: { 'x-forwarded-for': `10.0.0.${n}` } });
    expect((await door.post(PATH, BODY, forwarded(1))).status).toBe(200);
    expect((await door.post(PATH, BODY, { user: 'devops:wrong' })).status).toBe(401);
    expect((await door.post(PATH, BODY, forwarded(2))).status).toBe(200);
    const { status, json, headers } = await door.post(PATH, BODY, forwarded(3));
    expect(status).toBe(429);
    expect(json).toMatchObject({ status: 429, error: 'hawser:rate.limited' });
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await door.get('/health', { user: null })).status).toBe(200);
  });

  test.each(['/devops/nowhere', '/api/2/connections/c1/nowhere', '/overall/nowhere', '/nowhere'])(
    'counts a request to %s, where nothing is, once',
    async (path) => {
      const door = await open({ ratePerMinute: 2 });
      const user = path.startsWith('/overall') ? 'devops:status' : 'devops:foobar';
      const statuses: number[] = [];
      for (let i = 0; i < 3; i++) statuses.push((await door.get(path, { user })).status);
      expect(statuses).toEqual([404, 404, 429]);
    },
  );
});

test('a request to where nothing is takes one of the places of those under way', async () => {
  const door = await open({ maxRequests: 1 });
  expect((await door.get('/devops/nowhere')).status).toBe(404);
});

test.each(['/alive', PATH, '/nowhere', '/api/2/connections'])(
  'security headers are on the answer of %s',
  async (path) => {
    const { headers } = await (await open()).get(path, { user: null });
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    expect(headers.get('x-powered-by')).toBeNull();
  },
);

describe('over TLS', () => {
  const tls = selfSigned();
  const options = { server: { tls } };

  test('the door answers, and says so in its address', async () => {
    const door = await open(options);
    expect(door.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    const status = await new Promise((resolve, reject) => {
      httpsRequest(`${door.url}/alive`, { ca: tls.cert, servername: 'localhost' }, (response) => {
        resolve(response.resume().statusCode);
      })
        .on('error', reject)
        .end();
    });
    expect(status).toBe(200);
  });

  test('nothing older than TLS 1.2 is spoken, and plain HTTP gets no answer', async () => {
    const door = await open(options);
    const { port } = new URL(door.url);
    const socket = tlsConnect({
      port: Number(port),
      host: '127.0.0.1',
      rejectUnauthorized: false,
      minVersion: 'TLSv1',
      maxVersion: 'TLSv1.1',
      ciphers: 'DEFAULT@SECLEVEL=0',
    });
    const failure = await new Promise((resolve) =>
      socket.once('error', resolve).once('secureConnect', () => resolve(undefined)),
    );
    expect(failure).toMatchObject({ code: expect.stringMatching(/^(ERR_SSL|ECONNRESET)/) });
    expect(await door.raw('GET /alive HTTP/1.1\r\nHost: x\r\n\r\n')).not.toContain('200');
  });
});

describe('a graceful end', () => {
  test('refuses new connections, finishes what is under way, and closes what waits for nothing', async () => {
    const door = await open();
    const engine = held(door);
    const idle = door.socket();
    const idleClosed = new Promise<void>((resolve) => idle.once('close', () => resolve()));
    idle.write('GET /alive HTTP/1.1\r\nHost: x\r\n\r\n');
    await new Promise((resolve) => idle.once('data', resolve));
    const underWay = door.post(PATH, BODY);
    await engine.asked(1);
    const stopped = door.stop(10_000);
    await idleClosed;
    await expect(door.get('/alive')).rejects.toThrow();
    engine.letGo();
    const { status, headers } = await underWay;
    expect(status).toBe(200);
    expect(headers.get('connection')).toBe('close');
    await stopped;
  });

  test('ends streams of events, which would not finish by themselves', async () => {
    const door = await open({ logTails: { tail: () => () => undefined } });
    const response = await fetch(`${door.url}/api/2/connections/c1/logs/stream`, {
      headers: { authorization: basic('devops:foobar') },
    });
    expect(response.status).toBe(200);
    const begun = performance.now();
    await door.stop(10_000);
    expect(performance.now() - begun).toBeLessThan(5000);
    expect(await response.text()).toContain('the log from now on');
  });

  test('cuts at the deadline what does not finish', async () => {
    const door = await open();
    const engine = held(door);
    const underWay = door.post(PATH, BODY).catch(() => 'cut');
    await engine.asked(1);
    await door.stop(50);
    expect(await underWay).toBe('cut');
    engine.letGo();
  });
});

describe('the log', () => {
  const linesOf = (door: Door, message: string) => door.log.lines.filter((line) => line.message === message);

  test('has one line for the request and one for its command, by the same correlation id', async () => {
    const door = await open();
    await door.post(
      PATH,
      piggyback(
        { type: 'connectivity.commands:openConnection', connectionId: 'c1' },
        { 'correlation-id': 'mine' },
      ),
    );
    expect(linesOf(door, 'command')).toEqual([
      {
        level: 'info',
        message: 'command',
        fields: {
          command: 'connectivity.commands:openConnection',
          connectionId: 'c1',
          correlationId: 'mine',
          status: 200,
        },
      },
    ]);
    expect(linesOf(door, 'request')).toEqual([
      {
        level: 'debug',
        message: 'request',
        fields: { method: 'POST', path: PATH, status: 200, ms: expect.any(Number), correlationId: 'mine' },
      },
    ]);
  });

  test('names requests to /api/2 by the header, and those without one by a new id that the answer tells', async () => {
    const door = await open({ accessLog: true });
    await door.get('/api/2/connections/c1', { headers: { 'x-correlation-id': 'theirs' } });
    door.engine.answer = () => ({
      json: { status: 404, error: 'x' },
      status: 404,
      isError: true,
      headers: {},
    });
    await door.request('DELETE', '/api/2/connections/c1?secret=1');
    const [first, second] = linesOf(door, 'request');
    expect(first).toMatchObject({ level: 'info', fields: { correlationId: 'theirs' } });
    expect(second?.fields).toMatchObject({
      correlationId: expect.stringMatching(/^id-/),
      path: '/api/2/connections/c1',
    });
    expect(
      linesOf(door, 'command').map(({ level, fields }) => [level, fields['status'], fields['error']]),
    ).toEqual([
      ['debug', 200, undefined],
      ['info', 404, 'x'],
    ]);
  });

  test('holds texts of clients cut and as fields, so that none can be taken for an entry', async () => {
    const door = await open();
    const hostile = `\r\n{"level":"error","msg":"fake"}\u001b[31m %s ${'x'.repeat(1_000_00)}`.slice(
      0,
      50_000,
    );
    await door.post(PATH, piggyback({ type: 'x', connectionId: hostile }, { 'correlation-id': hostile }));
    await door.get(`/api/2/connections/${'y'.repeat(5000)}`);
    for (const { message, fields } of door.log.lines) {
      expect(['request', 'command']).toContain(message);
      expect(JSON.stringify(fields).length).toBeLessThan(2000);
    }
  });

  test('tells a defect with the correlation id of its request', async () => {
    const door = await open();
    door.engine.answer = () => {
      throw new TypeError('a defect');
    };
    expect((await door.post(PATH, piggyback(retrieve(), { 'correlation-id': 'mine' }))).status).toBe(500);
    expect(linesOf(door, 'request failed')).toMatchObject([
      { level: 'error', fields: { correlationId: 'mine', path: PATH } },
    ]);
  });
});
