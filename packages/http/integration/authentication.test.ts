import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { basic, Door, piggyback, reply, retrieve } from './door.ts';

const PIGGYBACK = '/devops/piggyback';
const CONNECTION = '/api/2/connections/c1';
const INVALID = 'The supplied authentication is invalid';
const MISSING = 'The resource requires authentication, which was not supplied with the request';

let door: Door;
beforeAll(async () => {
  door = await Door.open();
  door.engine.answer = ({ command }) =>
    reply({ type: String(command['type']), connectionId: 'c1', connection, connectionIds: ['c1'] });
});
afterAll(() => door.stop());

const connection = {
  id: 'c1',
  connectionType: 'http-push',
  uri: 'https://user:canary1@example.com:443/x?token=canary2&plain=1',
  credentials: {
    type: 'oauth-client-credentials',
    clientId: 'shown-client',
    clientSecret: 'canary3',
    tokenEndpoint: 'https://canary4@example.com/token',
  },
  sshTunnel: {
    enabled: true,
    uri: 'ssh://u:canary5@example.com:22',
    credentials: {
      type: 'public-key',
      username: 'shown-user',
      publicKey: 'shown-key',
      privateKey: 'canary6',
    },
  },
  specificConfig: {
    'x-api-key': 'canary7',
    parallelism: '3',
    hmacSecret: 'canary8',
    saslJaasConfig: 'canary9',
  },
  targets: [
    { address: 'POST:/x', headerMapping: { Authorization: 'Bearer canary10', plain: 'shown-header' } },
  ],
};

describe('without valid credentials', () => {
  const sentWith = (authorization: string) => ({ user: null, headers: { authorization } });

  test.each(['/devops/piggyback', '/devops/logging', '/devops/config', '/api/2/connections', CONNECTION])(
    '%s is 401',
    async (path) => {
      const { status, text, headers } = await door.get(path, { user: null });
      expect([status, text]).toEqual([401, MISSING]);
      expect(headers.get('www-authenticate')).toBe('Basic realm="DITTO-DEVOPS",charset=UTF-8');
      expect(headers.get('content-type')).toMatch(/^text\/plain/);
    },
  );

  test.each([
    ['a wrong password', basic('devops:wrong')],
    ['a wrong user', basic('ditto:foobar')],
    ['another realm', basic('devops:status')],
    ['another scheme', 'Bearer abc'],
    ['no base64', 'Basic !!!'],
    ['no colon', basic('devops')],
    ['a colon too many', basic('devops:foobar:')],
    ['a line break in the user', basic('dev\nops:foobar')],
    ['an empty password', basic('devops:')],
    ['the password of the other user', basic('viewer:foobar')],
    ['nothing', 'Basic '],
  ])('%s is 401', async (_name, authorization) => {
    const { status, text } = await door.get(CONNECTION, sentWith(authorization));
    expect([status, text]).toEqual([401, INVALID]);
  });

  test('method and body are not looked at, and nothing is asked', async () => {
    const asked = door.engine.asked.length;
    expect((await door.get(PIGGYBACK, { user: null })).status).toBe(401);
    expect((await door.post(PIGGYBACK, '{', { user: null })).status).toBe(401);
    expect((await door.post(PIGGYBACK, 'x'.repeat(200_000), { user: null })).status).toBe(401);
    expect(door.engine.asked).toHaveLength(asked);
  });

  test('the log tells neither the header nor the body', async () => {
    await door.post(
      `${PIGGYBACK}?secret=in-the-query`,
      'secret-body',
      sentWith(basic('devops:secret-password')),
    );
    const lines = JSON.stringify(door.log.lines);
    for (const secret of ['secret-password', basic('devops:secret-password'), 'in-the-query', 'secret-body'])
      expect(lines).not.toContain(secret);
  });
});

test('the scheme is written in any case', async () => {
  const authorization = basic('devops:foobar').replace('Basic', 'bASIC');
  expect((await door.get(CONNECTION, { user: null, headers: { authorization } })).status).toBe(200);
});

test('a realm that is not secured lets everyone do everything', async () => {
  const open = { secured: false, method: 'basic', users: [], verifyToken: undefined } as const;
  const unsecured = await Door.open({ devops: open, status: open });
  expect((await unsecured.request('DELETE', CONNECTION, { user: null })).status).toBe(200);
  expect((await unsecured.get('/overall/status', { user: null })).status).toBe(200);
  await unsecured.stop();
});

describe('the read-only user', () => {
  const viewer = { user: 'viewer:look' };

  test.each([
    '/api/2/connections',
    CONNECTION,
    `${CONNECTION}/status`,
    `${CONNECTION}/metrics`,
    `${CONNECTION}/logs`,
  ])('gets %s', async (path) => {
    expect((await door.get(path, viewer)).status).toBe(200);
  });

  test.each([
    ['PUT', CONNECTION],
    ['DELETE', CONNECTION],
    ['POST', '/api/2/connections'],
    ['POST', '/api/2/connections?dry-run=true'],
    ['POST', `${CONNECTION}/command`],
    ['GET', '/devops/logging'],
    ['PUT', '/devops/logging'],
    ['GET', '/devops/config'],
  ])('is refused %s %s', async (method, path) => {
    const asked = door.engine.asked.length;
    const { status, json } = await door.request(method, path, {
      ...viewer,
      ...(method === 'GET' ? {} : { body: '{}' }),
    });
    expect(status).toBe(403);
    expect(json).toMatchObject({ status: 403, error: 'hawser:readonly' });
    expect(door.engine.asked).toHaveLength(asked);
  });

  test.each([
    'connectivity.commands:retrieveConnection',
    'connectivity.commands:retrieveConnectionStatus',
    'connectivity.commands:retrieveConnectionMetrics',
    'connectivity.commands:retrieveConnectionLogs',
    'connectivity.commands:retrieveAllConnectionIds',
  ])('may send %s', async (type) => {
    expect((await door.post(PIGGYBACK, piggyback({ type, connectionId: 'c1' }), viewer)).status).toBe(200);
  });

  test.each([
    { type: 'connectivity.commands:createConnection', connection },
    { type: 'connectivity.commands:testConnection', connection },
    { type: 'connectivity.commands:deleteConnection', connectionId: 'c1' },
    { type: 'connectivity.commands:openConnection', connectionId: 'c1' },
    { type: 'connectivity.commands:enableConnectionLogs', connectionId: 'c1' },
    { type: 'connectivity.commands:migrateEncryption' },
    { type: 'common.commands:shutdown' },
    { type: 'common.commands:retrieveConfig' },
    { type: 'connectivity.commands:retrieveConnectionX' },
    { type: ['connectivity.commands:retrieveConnection'] },
    { type: 'poison-pill' },
    {},
    null,
  ])('may not send %j', async (command) => {
    const asked = door.engine.asked.length;
    const { status, json } = await door.post(PIGGYBACK, piggyback(command), viewer);
    expect(status).toBe(403);
    expect(json).toMatchObject({ error: 'hawser:readonly' });
    expect(door.engine.asked).toHaveLength(asked);
  });

  test.each([
    '/system/distributedPubSubMediator',
    '/user/devOpsCommandsActor',
    '/user/connectivityRoot/encryptionMigration',
  ])('may not send a command to %s, even one that reads', async (targetActorSelection) => {
    const body = piggyback(retrieve(), { topic: 'common.commands:shutdown' }, { targetActorSelection });
    expect((await door.post(PIGGYBACK, body, viewer)).status).toBe(403);
  });

  test('sees no secret, on any way; the full user sees them', async () => {
    for (const send of [
      (user: string) => door.post(PIGGYBACK, piggyback(retrieve()), { user }),
      (user: string) => door.post(PIGGYBACK, piggyback(retrieve(), {}), { user }),
      (user: string) => door.get(CONNECTION, { user }),
      (user: string) => door.get('/api/2/connections', { user }),
      (user: string) => door.get(`${CONNECTION}?fields=credentials(clientSecret),uri`, { user }),
    ]) {
      const seen = (await send('viewer:look')).text;
      expect(seen).not.toContain('canary');
      for (const shown of [
        'shown-client',
        'shown-user',
        'shown-key',
        'shown-header',
        'user:*****@example.com',
        'plain=1',
      ])
        expect(seen).toContain(shown);
      expect((await send('devops:foobar')).text.match(/canary/g)).toHaveLength(10);
    }
  });
});
