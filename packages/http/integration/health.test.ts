import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Door } from './door.ts';

let door: Door;
beforeAll(async () => {
  door = await Door.open();
});
afterAll(() => door.stop());
afterEach(() => {
  door.service.isUp = true;
});

const nobody = { user: null };
const status = { user: 'devops:status' };

describe.each([
  ['/alive', 200],
  ['/ready', 503],
  ['/health', 503],
])('%s', (path, whenDown) => {
  test(`is UP without authentication, and ${whenDown} when the store is down`, async () => {
    const up = await door.get(path, nobody);
    expect([up.status, up.json]).toEqual([200, { status: 'UP' }]);
    door.service.isUp = false;
    const down = await door.get(path, nobody);
    expect([down.status, down.json]).toEqual([whenDown, { status: whenDown === 200 ? 'UP' : 'DOWN' }]);
  });

  test('has no other method', async () => {
    const { status: code, text, headers } = await door.post(path, '', nobody);
    expect([code, text, headers.get('allow')]).toEqual([405, '', 'GET']);
  });
});

test('/status tells facts of the process, /status/health its tree', async () => {
  expect((await door.get('/status', nobody)).json).toEqual({ version: '0' });
  expect((await door.get('/status/health', nobody)).json).toEqual({
    status: 'UP',
    children: [{ label: 'persistence', status: 'UP', details: [{ INFO: 'store' }] }],
  });
  door.service.isUp = false;
  const down = await door.get('/status/health', nobody);
  expect(down.status).toBe(503);
  expect(down.json).toEqual({
    status: 'DOWN',
    details: [{ ERROR: 'See detailed messages for: persistence.' }],
    children: [{ label: 'persistence', status: 'DOWN', details: [{ ERROR: 'store' }] }],
  });
  expect((await door.get('/status/cluster', nobody)).json).toMatchObject({ members: [{ status: 'Up' }] });
  expect((await door.get('/status/nothing', nobody)).status).toBe(404);
});

describe('/overall', () => {
  test.each(['', '/health', '/cluster'])('/status%s asks for the status password', async (path) => {
    const refused = await door.get(`/overall/status${path}`, nobody);
    expect(refused.status).toBe(401);
    expect(refused.headers.get('www-authenticate')).toBe('Basic realm="DITTO-STATUS",charset=UTF-8');
    expect((await door.get(`/overall/status${path}`, status)).status).toBe(200);
  });

  test('tells this member among the roles', async () => {
    expect((await door.get('/overall/status', status)).json).toEqual({
      roles: { connectivity: { 1: { version: '0' } } },
    });
    const { json } = await door.get('/overall/status/health', status);
    expect(json).toMatchObject({
      label: 'roles',
      status: 'UP',
      children: [
        {
          label: 'expected-roles',
          status: 'UP',
          details: [{ INFO: { 'missing-roles': [], 'extra-roles': [] } }],
        },
        { label: 'connectivity', status: 'UP', children: [{ label: '1', status: 'UP' }] },
      ],
    });
    door.service.isUp = false;
    expect((await door.get('/overall/status/health', status)).status).toBe(503);
  });

  test('does not open the devops door', async () => {
    expect((await door.get('/api/2/connections', status)).status).toBe(401);
  });
});
