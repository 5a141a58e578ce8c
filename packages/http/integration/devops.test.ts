import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Door } from './door.ts';

let door: Door;
beforeAll(async () => {
  door = await Door.open();
});
afterAll(() => door.stop());

const leaf = (level: string) => ({
  type: 'devops.responses:retrieveLoggerConfig',
  status: 200,
  serviceName: 'connectivity',
  instance: '1',
  loggerConfigs: [{ level, logger: 'ROOT' }],
});
const changed = (successful: boolean) => ({
  type: 'devops.responses:changeLogLevel',
  status: successful ? 200 : 500,
  serviceName: 'connectivity',
  instance: '1',
  successful,
});

describe('/devops/logging', () => {
  test('tells the levels, nested up to what the path names', async () => {
    expect((await door.get('/devops/logging')).json).toEqual({ connectivity: { 1: leaf('info') } });
    expect((await door.get('/devops/logging/connectivity?includeDisabledLoggers=true')).json).toEqual({
      1: leaf('info'),
    });
    expect((await door.get('/devops/logging/connectivity/1/')).json).toEqual(leaf('info'));
  });

  test.each(['/things', '/connectivity/2', '/things/1', '/__proto__', '/connectivity/constructor'])(
    '%s is null',
    async (path) => {
      const { status, text } = await door.get(`/devops/logging${path}`);
      expect([status, text]).toEqual([200, 'null']);
    },
  );

  test('changes a level', async () => {
    expect((await door.put('/devops/logging', { level: 'DEBUG' })).json).toEqual({
      connectivity: { 1: changed(true) },
    });
    expect(door.service.level).toBe('debug');
    const one = await door.put('/devops/logging/connectivity/1', { logger: 'ROOT', level: 'info' });
    expect(one.json).toEqual(changed(true));
    expect(door.service.level).toBe('info');
  });

  test('says when a level was not applied, with 200', async () => {
    const { status, json } = await door.put('/devops/logging/connectivity', {
      logger: 'other',
      level: 'warn',
    });
    expect([status, json]).toEqual([200, { 1: changed(false) }]);
  });

  test.each([
    [{ level: 'loud' }, 'json.invalid', 'Invalid LogLevel!'],
    [{ logger: 'ROOT' }, 'json.field.missing', 'JSON did not include required </level> field!'],
    [{ level: 1 }, 'json.invalid', 'Value <1> for </level> is not of type <String>!'],
    ['{', 'json.invalid', "Failed to parse JSON string '{'!"],
  ])('%j is refused', async (body, error, message) => {
    const { status, json } = await door.put('/devops/logging', body);
    expect(status).toBe(400);
    expect(json).toMatchObject({ error, message });
  });

  test('has no other methods', async () => {
    const { status, headers } = await door.post('/devops/logging', {});
    expect([status, headers.get('allow')]).toEqual([405, 'GET, PUT']);
    expect((await door.get('/devops/loggingh')).status).toBe(404);
  });
});

describe('/devops/config', () => {
  const config = (value: unknown) => ({
    type: 'common.responses:retrieveConfig',
    status: 200,
    config: value,
  });

  test('tells the configuration, fully nested unless one instance is named', async () => {
    expect((await door.get('/devops/config?path=ditto.connectivity')).json).toEqual({
      connectivity: { 1: config({ path: 'ditto.connectivity' }) },
    });
    expect((await door.get('/devops/config/connectivity')).json).toEqual({
      connectivity: { 1: config({ path: null }) },
    });
    expect((await door.get('/devops/config/connectivity/1')).json).toEqual(config({ path: null }));
  });

  test('answers an unknown path inside', async () => {
    const { status, json } = await door.get('/devops/config/connectivity/1?path=nowhere');
    expect(status).toBe(200);
    expect(json).toEqual(config({ error: "No configuration setting found for key 'nowhere'" }));
  });

  test('of another member is answered by nobody', async () => {
    const { status, text } = await door.get('/devops/config/things');
    expect([status, text]).toEqual([408, 'null']);
  });

  test('is not changed', async () => {
    expect((await door.put('/devops/config', {})).status).toBe(405);
  });
});

test('what is not for connectivity is not found', async () => {
  expect((await door.get('/devops/wot/config')).status).toBe(404);
});
