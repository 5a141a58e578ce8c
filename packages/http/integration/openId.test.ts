import { createServer, type Server } from 'node:http';
import { fetchJson, openIdSubjects, tokenVerifier } from '@hawser/http';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { exportJWK, exportSPKI, generateKeyPair, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { Door } from './door.ts';

type Keys = Awaited<ReturnType<typeof generateKeyPair>>;
/** What the provider serves by path, as text. */
const pages = new Map<string, string>();
const requests: string[] = [];
let provider: Server;
let issuer: string;
let keys: Keys;
let door: Door;
let now: number;

const START = Date.UTC(2026, 0, 1);
const PATH = '/api/2/connections?ids-only=true';

beforeAll(async () => {
  keys = await generateKeyPair('RS256', { extractable: true });
  provider = createServer((request, response) => {
    requests.push(request.url ?? '');
    const page = pages.get(request.url ?? '');
    if (page === 'hang') return;
    if (page === 'redirect') response.writeHead(302, { location: '/keys' });
    else response.statusCode = page === undefined ? 500 : 200;
    response.end(page);
  });
  await new Promise<void>((resolve) => provider.listen(0, '127.0.0.1', resolve));
  issuer = `127.0.0.1:${(provider.address() as { port: number }).port}`;
});
afterAll(() => {
  provider.closeAllConnections();
  provider.close();
});

beforeEach(async () => {
  now = START;
  requests.length = 0;
  pages.clear();
  pages.set('/.well-known/openid-configuration', JSON.stringify({ jwks_uri: `http://${issuer}/keys` }));
  pages.set(
    '/keys',
    JSON.stringify({ keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'RS256' }] }),
  );
  await door?.stop();
  door = await openDoor();
});
afterAll(() => door.stop());

function openDoor(audiences: readonly string[] = [], full: readonly string[] = ['ops:admin', 'ops:role-a']) {
  const subjects = openIdSubjects({
    config: {
      protocol: 'http',
      issuers: [
        { name: 'ops', issuers: [issuer], authSubjects: ['{{ jwt:sub }}', 'role-{{ jwt:realm/roles }}'] },
      ],
      clockSkewMs: 10_000,
      audiences,
    },
    fetchJson: fetchJson({ timeoutMs: 200, maxBytes: 100_000 }),
    clock: { now: () => now, monotonic: () => now },
  });
  const verifyToken = tokenVerifier(subjects, { full, readOnly: ['ops:watcher'] });
  return Door.open({ devops: { secured: true, method: 'oauth2', users: [], verifyToken } });
}

const seconds = () => Math.floor(now / 1000);
const sign = (claims: JWTPayload = {}, header: object = {}, key: Keys['privateKey'] = keys.privateKey) =>
  new SignJWT({ iss: `http://${issuer}`, sub: 'admin', exp: seconds() + 60, ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: 'k1', ...header })
    .sign(key);

const bearer = (token: string) => ({ user: null, headers: { authorization: `Bearer ${token}` } });
const statusOf = async (token: string) => (await door.get(PATH, bearer(token))).status;
const fetches = (path: string) => requests.filter((url) => url === path).length;

describe('a valid token', () => {
  test('opens the door; the keys are fetched once', async () => {
    door.engine.answer = () => ({ json: { connectionIds: [] }, status: 200, isError: false, headers: {} });
    for (let i = 0; i < 5; i++) expect(await statusOf(await sign())).toBe(200);
    expect(await statusOf(await sign({ iss: issuer }))).toBe(200);
    expect(requests).toEqual(['/.well-known/openid-configuration', '/keys']);
  });

  test('of a role opens it, of another subject does not', async () => {
    door.engine.answer = () => ({ json: { connectionIds: [] }, status: 200, isError: false, headers: {} });
    expect(await statusOf(await sign({ sub: 'other', realm: { roles: ['b', 'a'] } }))).toBe(200);
    const { status, json } = await door.get(
      PATH,
      bearer(await sign({ sub: 'other', realm: { roles: ['b'] } })),
    );
    expect(status).toBe(401);
    expect(json).toEqual({
      status: 401,
      error: 'gateway:authentication.failed',
      message: 'Unauthorized subject(s): <[ops:other, ops:role-b]>. Expected: <[ops:admin, ops:role-a]>',
      description: 'Check if your credentials were correct.',
    });
  });

  test('of a subject that only reads may not change', async () => {
    door.engine.answer = () => ({ json: { connectionIds: [] }, status: 200, isError: false, headers: {} });
    const watcher = bearer(await sign({ sub: 'watcher' }));
    expect((await door.get(PATH, watcher)).status).toBe(200);
    expect((await door.request('DELETE', '/api/2/connections/c1', watcher)).status).toBe(403);
  });

  test('may be late or early by the allowed skew, not by more', async () => {
    door.engine.answer = () => ({ json: { connectionIds: [] }, status: 200, isError: false, headers: {} });
    expect(await statusOf(await sign({ exp: seconds() - 9 }))).toBe(200);
    expect(await statusOf(await sign({ exp: seconds() - 11 }))).toBe(401);
    expect(await statusOf(await sign({ nbf: seconds() + 9 }))).toBe(200);
    expect(await statusOf(await sign({ nbf: seconds() + 11 }))).toBe(401);
  });

  test('must be for the audience, when there is one', async () => {
    await door.stop();
    door = await openDoor(['hawser']);
    door.engine.answer = () => ({ json: { connectionIds: [] }, status: 200, isError: false, headers: {} });
    expect(await statusOf(await sign({ aud: ['x', 'hawser'] }))).toBe(200);
    expect(await statusOf(await sign({ aud: 'other' }))).toBe(401);
    expect(await statusOf(await sign())).toBe(401);
  });

  test('is enough when no subjects are configured, as in Ditto', async () => {
    await door.stop();
    door = await openDoor([], []);
    door.engine.answer = () => ({ json: { connectionIds: [] }, status: 200, isError: false, headers: {} });
    expect(await statusOf(await sign({ sub: 'anyone' }))).toBe(200);
    expect(
      (await door.request('DELETE', '/api/2/connections/c1', bearer(await sign({ sub: 'watcher' })))).status,
    ).toBe(403);
  });
});

describe('a token of the wrong kind is 401, and the keys that it names are not fetched', () => {
  const cases: readonly (readonly [string, () => Promise<string>])[] = [
    ['alg none', async () => new UnsecuredJWT({ iss: issuer, sub: 'admin', exp: seconds() + 60 }).encode()],
    [
      'HS256 signed with the public key',
      async () =>
        new SignJWT({ iss: issuer, sub: 'admin', exp: seconds() + 60 })
          .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
          .sign(new TextEncoder().encode(await exportSPKI(keys.publicKey))),
    ],
    ['signed by another key', async () => sign({}, {}, (await generateKeyPair('RS256')).privateKey)],
    ['a kid that is a path', async () => sign({}, { kid: '../../etc/passwd' })],
    ['a kid that is a URL', async () => sign({}, { kid: `http://${issuer}/evil` })],
    ['jku', async () => sign({}, { kid: 'k2', jku: `http://${issuer}/evil` })],
    ['x5u', async () => sign({}, { kid: 'k2', x5u: `http://${issuer}/evil` })],
    [
      'an embedded key',
      async () => {
        const own = await generateKeyPair('RS256', { extractable: true });
        return sign({}, { kid: 'k2', jwk: await exportJWK(own.publicKey) }, own.privateKey);
      },
    ],
    [
      'an unknown critical header',
      async () => {
        const token = await sign();
        const [, payload, signature] = token.split('.');
        const header = Buffer.from(JSON.stringify({ alg: 'RS256', kid: 'k1', crit: ['x'], x: 1 })).toString(
          'base64url',
        );
        return `${header}.${payload}.${signature}`;
      },
    ],
    ['no iss', async () => sign({ iss: undefined as unknown as string })],
    ['another iss', async () => sign({ iss: 'https://evil.example' })],
    ['no exp', async () => sign({ exp: undefined as unknown as number })],
    ['exp as text', async () => sign({ exp: String(seconds() + 60) as unknown as number })],
    ['nbf of tomorrow', async () => sign({ nbf: seconds() + 86_400 })],
    ['an end of yesterday', async () => sign({ exp: seconds() - 86_400 })],
    ['nothing but length', async () => `${'a'.repeat(9000)}.payload.signature`],
  ];

  test.each(cases)('%s', async (_name, make) => {
    const token = await make();
    const { status, json, text } = await door.get(PATH, bearer(token));
    expect(status).toBe(401);
    expect((json as { error: string }).error).toMatch(
      /^gateway:(authentication\.failed|jwt\.issuer\.notsupported)$/,
    );
    expect(text).not.toContain(token.split('.')[1]);
    expect(fetches('/evil')).toBe(0);
    expect(door.engine.asked).toEqual([]);
  });

  test('no token at all', async () => {
    for (const sent of [{ user: null }, { user: 'devops:foobar' }]) {
      const { status, json } = await door.get(PATH, sent);
      expect(status).toBe(401);
      expect(json).toMatchObject({ error: 'gateway:authentication.failed', message: 'The JWT was missing.' });
    }
  });

  test.each(['x', 'a.b.c', 'a.b', '..', 'e30.e30', 'e30.bm8.x'])(
    '%j is no token: 400 as in Ditto',
    async (token) => {
      const { status, json } = await door.get(PATH, bearer(token));
      expect(status).toBe(400);
      expect(json).toMatchObject({
        error: 'jwt:invalid',
        message: 'The JSON Web Token is not valid.',
        description: 'The provided token string did not have the expected format.',
      });
    },
  );
});

describe('a provider of keys that is', () => {
  const UNAVAILABLE = { status: 503, error: 'gateway:authentication.provider.unavailable' };

  test.each([
    ['down', '/.well-known/openid-configuration', undefined],
    ['silent', '/keys', 'hang'],
    ['redirecting', '/keys', 'redirect'],
    ['endless', '/keys', `{"keys":["${'x'.repeat(10_000_000)}"]}`],
    ['no JSON', '/keys', '<html>'],
    ['no key set', '/keys', '{"keys":1}'],
    ['naming keys elsewhere', '/.well-known/openid-configuration', '{"jwks_uri":"file:///etc/passwd"}'],
    ['naming no keys', '/.well-known/openid-configuration', 'null'],
  ])('%s is 503, asked once in a while, and recovers', async (_name, path, page) => {
    door.engine.answer = () => ({ json: { connectionIds: [] }, status: 200, isError: false, headers: {} });
    const sound = pages.get(path) ?? '';
    if (page === undefined) pages.delete(path);
    else pages.set(path, page);
    const answers = await Promise.all([1, 2, 3].map(async () => door.get(PATH, bearer(await sign()))));
    for (const { json } of answers) expect(json).toMatchObject(UNAVAILABLE);
    expect((await door.get(PATH, bearer(await sign()))).json).toMatchObject(UNAVAILABLE);
    expect(fetches('/.well-known/openid-configuration')).toBe(1);
    pages.set(path, sound);
    now += 6000;
    expect(await statusOf(await sign())).toBe(200);
  });

  test('down for a while does not matter while its keys are known', async () => {
    door.engine.answer = () => ({ json: { connectionIds: [] }, status: 200, isError: false, headers: {} });
    expect(await statusOf(await sign())).toBe(200);
    pages.clear();
    now += 1_800_000;
    expect(await statusOf(await sign())).toBe(200);
    now += 3_600_000;
    expect(await statusOf(await sign())).toBe(503);
  });

  test('holding many keys without ids is 401, not a search among them', async () => {
    const { kid: _kid, ...jwk } = { ...(await exportJWK(keys.publicKey)), kid: '' };
    pages.set('/keys', JSON.stringify({ keys: Array.from({ length: 200 }, () => jwk) }));
    expect(await statusOf(await sign())).toBe(401);
  });
});

test('a flood of unknown key ids is one request within the pause; a new key is found after it', async () => {
  door.engine.answer = () => ({ json: { connectionIds: [] }, status: 200, isError: false, headers: {} });
  expect(await statusOf(await sign())).toBe(200);
  now += 31_000;
  for (let i = 0; i < 50; i++) expect(await statusOf(await sign({}, { kid: `unknown-${i}` }))).toBe(401);
  expect(fetches('/keys')).toBe(2);
  const next = await generateKeyPair('ES256', { extractable: true });
  pages.set('/keys', JSON.stringify({ keys: [{ ...(await exportJWK(next.publicKey)), kid: 'k2' }] }));
  now += 31_000;
  expect(await statusOf(await sign({}, { alg: 'ES256', kid: 'k2' }, next.privateKey))).toBe(200);
  expect(await statusOf(await sign())).toBe(401);
});
