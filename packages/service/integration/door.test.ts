import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { selfSigned } from '../../http/integration/selfSigned.ts';
import { basic, HawserProcess } from './hawserProcess.ts';

const ANY_ADDRESS = { BIND_HOSTNAME: '0.0.0.0' };
const OAUTH2 = {
  DEVOPS_AUTHENTICATION_METHOD: 'oauth2',
  STATUS_AUTHENTICATION_METHOD: 'oauth2',
};
const ISSUER = 'ditto.gateway.authentication.devops.oauth.openid-connect-issuers.ops.issuer';

let folder: string;
let running: HawserProcess[] = [];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hawser-door-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(async () => {
  await Promise.all(running.map((hawser) => hawser.kill()));
  running = [];
});

const dataOf = () => mkdtempSync(join(folder, 'data-'));

async function start(env: Record<string, string> = {}, args: readonly string[] = []): Promise<HawserProcess> {
  const hawser = await HawserProcess.start({ env: { HAWSER_DATA: dataOf(), ...env }, args });
  running.push(hawser);
  return hawser;
}

/** Why a start is refused. */
async function refusal(env: Record<string, string>, args: readonly string[] = []): Promise<unknown> {
  const hawser = HawserProcess.spawn({ env: { HAWSER_DATA: dataOf(), ...env }, args });
  expect(await hawser.exited).toBe(1);
  return hawser.lines.at(-1)?.['reason'];
}

describe('beyond loopback', () => {
  test.each([
    ['no password', {}, 'DEVOPS_PASSWORD must be set to listen on 0.0.0.0'],
    ['an empty password', { DEVOPS_PASSWORD: '' }, 'DEVOPS_PASSWORD must be set'],
    ['a status password alone', { STATUS_PASSWORD: 'x' }, 'DEVOPS_PASSWORD must be set'],
    [
      'tokens for the devops realm alone',
      { DEVOPS_AUTHENTICATION_METHOD: 'oauth2' },
      'DEVOPS_PASSWORD must be set',
    ],
  ])('%s is refused', async (_name, env, reason) => {
    expect(await refusal({ ...ANY_ADDRESS, ...env })).toContain(reason);
  });

  test('a password, or tokens in both realms, is enough', async () => {
    await start({ ...ANY_ADDRESS, DEVOPS_PASSWORD: 'x' });
    await start({ ...ANY_ADDRESS, ...OAUTH2 }, ['--set', `${ISSUER}=localhost:1/x`]);
  });

  test('no security at all starts with a warning', async () => {
    const hawser = await start({ ...ANY_ADDRESS, DEVOPS_SECURED: 'false' });
    expect(hawser.lines.some(({ msg }) => String(msg).includes('anyone who reaches this address'))).toBe(
      true,
    );
  });
});

describe('tokens', () => {
  test.each([
    [
      { DEVOPS_AUTHENTICATION_METHOD: 'magic' },
      [],
      'Could not find devops authentication method with name <magic>',
    ],
    [
      { STATUS_AUTHENTICATION_METHOD: 'magic' },
      [],
      'Could not find status authentication method with name <magic>',
    ],
    [OAUTH2, [], 'oauth2 needs an issuer of tokens'],
    [OAUTH2, ['--set', `${ISSUER}=https://a.example`], 'an issuer is given without its protocol'],
    [
      OAUTH2,
      ['--set', `${ISSUER.replace('.issuer', '.auth-subjects')}=x`],
      'the OpenID provider ops has no issuer',
    ],
    [OAUTH2, ['--set', `${ISSUER.replace('.ops.issuer', '.issuer')}=x`], 'expected'],
  ])('%j %j is refused', async (env, args, reason) => {
    expect(await refusal(env, args)).toContain(reason);
  });

  test('whose provider is away are 503, none and bad ones 401 and 400, and passwords count no more', async () => {
    const hawser = await start(OAUTH2, ['--set', `${ISSUER}=127.0.0.1:1`]);
    const part = (json: object) => Buffer.from(JSON.stringify(json)).toString('base64url');
    const token = `${part({ alg: 'RS256', kid: 'k' })}.${part({ iss: '127.0.0.1:1', exp: 9_999_999_999 })}.AAAA`;
    const statusOf = async (authorization: string, path = '/api/2/connections') =>
      (await hawser.request('GET', path, undefined, { authorization })).status;
    expect(await statusOf(`Bearer ${token}`)).toBe(503);
    expect(await statusOf(`Bearer ${token}`, '/overall/status')).toBe(503);
    expect(await statusOf('Bearer x')).toBe(400);
    expect(await statusOf(basic('devops', 'foobar'))).toBe(401);
    expect((await hawser.request('GET', '/alive')).status).toBe(200);
  });
});

describe('TLS', () => {
  test('is spoken with the files of HAWSER_TLS_CERT and HAWSER_TLS_KEY', async () => {
    const { cert, key } = selfSigned();
    const files = { HAWSER_TLS_CERT: join(folder, 'cert.pem'), HAWSER_TLS_KEY: join(folder, 'key.pem') };
    writeFileSync(files.HAWSER_TLS_CERT, cert);
    writeFileSync(files.HAWSER_TLS_KEY, key);
    const hawser = await start(files);
    expect(hawser.url).toMatch(/^https:/);
    const status = await new Promise((resolve, reject) => {
      request(`${hawser.url}/ready`, { ca: cert, servername: 'localhost' }, (response) =>
        resolve(response.resume().statusCode),
      )
        .on('error', reject)
        .end();
    });
    expect(status).toBe(200);
    expect(await refusal({ HAWSER_TLS_CERT: files.HAWSER_TLS_CERT })).toContain('are needed together');
    expect(await refusal({ ...files, HAWSER_TLS_KEY: join(folder, 'none.pem') })).toContain('cannot be read');
    expect(await refusal({ ...files, HAWSER_TLS_KEY: files.HAWSER_TLS_CERT })).toContain(
      'cannot be used together',
    );
  });
});

test('the limits of the configuration hold at the door', async () => {
  const hawser = await start({
    HAWSER_HTTP_MAX_BODY_BYTES: '1000',
    HAWSER_HTTP_MAX_HEADER_BYTES: '2000',
    HAWSER_HTTP_RATE_LIMIT: '3',
  });
  const post = async (body: string, headers = {}) =>
    (await hawser.request('POST', '/devops/piggyback', body, headers)).status;
  expect(await post('x'.repeat(1001))).toBe(413);
  expect(await post('x'.repeat(1000))).toBe(400);
  expect(await post('{}', { 'x-long': 'x'.repeat(2000) })).toBe(431);
  expect(await post('{}', { authorization: basic('devops', 'wrong') })).toBe(401);
  expect(await post('{}')).toBe(429);
  expect((await hawser.request('GET', '/overall/status')).status).toBe(429);
  expect((await hawser.request('GET', '/ready')).status).toBe(200);
});

describe('secrets', () => {
  const connections = [
    {
      id: 'plain',
      connectionType: 'amqp-091',
      connectionStatus: 'open',
      uri: 'amqp://user:canary-uri@127.0.0.1:1/vhost',
      targets: [
        {
          address: 'a/b',
          topics: ['_/_/things/live/messages'],
          authorizationContext: ['a:b'],
          headerMapping: { authorization: 'canary-header' },
        },
      ],
    },
    {
      id: 'hmac',
      connectionType: 'http-push',
      connectionStatus: 'closed',
      uri: 'https://example.com:443',
      credentials: {
        type: 'hmac',
        algorithm: 'az-monitor-2016-04-01',
        parameters: { workspaceId: 'shown', sharedKey: 'canaryHmacKey=' },
      },
      targets: [{ address: 'POST:/x', topics: ['_/_/things/live/messages'], authorizationContext: ['a:b'] }],
    },
    {
      id: 'oauth',
      connectionType: 'http-push',
      connectionStatus: 'closed',
      uri: 'https://example.com:443',
      credentials: {
        type: 'oauth-client-credentials',
        tokenEndpoint: 'https://example.com/token',
        clientId: 'shown',
        clientSecret: 'canary-oauth',
        requestedScopes: 'x',
      },
      targets: [{ address: 'POST:/x', topics: ['_/_/things/live/messages'], authorizationContext: ['a:b'] }],
    },
  ];
  const ids = connections.map(({ id }) => id);

  test('are for the full user alone: not in state, logs, metrics, errors, configuration or output of the process', async () => {
    const hawser = await start({ HAWSER_READ_ONLY_PASSWORD: 'canary-viewer', HAWSER_LOG_LEVEL: 'trace' });
    const seen: string[] = [];
    const see = async (method: string, path: string, body?: unknown, user?: string, password?: string) => {
      const headers: Record<string, string> =
        user === undefined ? {} : { authorization: basic(user, password ?? '') };
      const { text, status } = await hawser.request(method, path, body, headers);
      seen.push(text);
      return status;
    };
    for (const connection of connections) {
      expect(
        await hawser.piggyback({ type: 'connectivity.commands:createConnection', connection }),
      ).toMatchObject({ status: 201 });
      await hawser.piggyback({
        type: 'connectivity.commands:enableConnectionLogs',
        connectionId: connection.id,
      });
      const test = {
        ...connection,
        id: `${connection.id}-test`,
        uri: connection.uri.replace('example.com:443', '127.0.0.1:1'),
      };
      seen.push(
        JSON.stringify(
          await hawser.piggyback({ type: 'connectivity.commands:testConnection', connection: test }),
        ),
      );
      seen.push(
        JSON.stringify(
          await hawser.piggyback({ type: 'connectivity.commands:createConnection', connection }),
        ),
      );
    }
    for (const id of ids) {
      for (const part of ['status', 'metrics', 'logs']) await see('GET', `/api/2/connections/${id}/${part}`);
      expect(await see('GET', `/api/2/connections/${id}`, undefined, 'viewer', 'canary-viewer')).toBe(200);
      const body = {
        targetActorSelection: '/system/sharding/connection',
        headers: {},
        piggybackCommand: { type: 'connectivity.commands:retrieveConnection', connectionId: id },
      };
      expect(await see('POST', '/devops/piggyback', body, 'viewer', 'canary-viewer')).toBe(200);
    }
    expect(await see('GET', '/api/2/connections', undefined, 'viewer', 'canary-viewer')).toBe(200);
    expect(await see('DELETE', '/api/2/connections/plain', undefined, 'viewer', 'canary-viewer')).toBe(403);
    for (const path of ['/devops/config', '/devops/config?path=ditto.info', '/status', '/status/health'])
      await see('GET', path);
    expect(await see('GET', '/overall/status', undefined, 'viewer', 'canary-viewer')).toBe(200);
    await see('GET', '/api/2/connections', undefined, 'devops', 'canary-wrong');
    hawser.signal('SIGTERM');
    expect(await hawser.exited).toBe(0);
    for (const text of [...seen, ...hawser.lines.map((line) => JSON.stringify(line))])
      expect(text).not.toContain('canary');
    expect(seen.join()).toContain('amqp://user:*****@127.0.0.1:1/vhost');
  });
});

describe('the log of the process', () => {
  test('has one line an entry whatever clients send, cut and escaped', async () => {
    const hawser = await start({ HAWSER_ACCESS_LOG: 'true' });
    const hostile = `a\r\n{"level":"error","msg":"fake"}\u001b[31m%s${'x'.repeat(1_000_000)}`;
    await hawser.piggyback(
      { type: 'connectivity.commands:openConnection', connectionId: hostile },
      { 'correlation-id': hostile },
    );
    await hawser.request('GET', `/${encodeURIComponent('\r\n\u001b[31m%s')}`, undefined, {
      'x-correlation-id': '%s%d',
    });
    await hawser.request('GET', '/alive');
    const [command] = hawser.lines.filter(({ msg }) => msg === 'command');
    expect(String(command?.['correlationId'])).toHaveLength(200);
    expect(hawser.lines.filter(({ msg }) => msg === 'request').length).toBeGreaterThanOrEqual(2);
    for (const line of hawser.lines) {
      expect(line).not.toHaveProperty('text');
      expect(line['msg']).not.toBe('fake');
      expect(JSON.stringify(line).length).toBeLessThan(6000);
    }
  });
});

test('what is under way at SIGTERM is finished: every connection that was answered is there afterwards', async () => {
  const data = dataOf();
  const hawser = await start({ HAWSER_DATA: data });
  const create = (id: string) =>
    hawser.piggyback({
      type: 'connectivity.commands:createConnection',
      connection: {
        id,
        connectionType: 'mqtt',
        connectionStatus: 'closed',
        uri: 'tcp://127.0.0.1:1',
        sources: [{ addresses: ['t'], qos: 1, authorizationContext: ['a:b'] }],
      },
    });
  const underWay = Promise.allSettled(Array.from({ length: 50 }, (_, n) => create(`c${n}`)));
  await create('before');
  hawser.signal('SIGTERM');
  const answered = (await underWay).flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  expect(await hawser.exited).toBe(0);
  for (const answer of answered) expect(answer).toMatchObject({ status: 201 });
  const again = await start({ HAWSER_DATA: data });
  const { connectionIds } = await again.piggyback({ type: 'connectivity.commands:retrieveAllConnectionIds' });
  const created = answered.map((answer) => (answer['connection'] as { id: string }).id);
  expect(connectionIds).toEqual(expect.arrayContaining(['before', ...created]));
});
