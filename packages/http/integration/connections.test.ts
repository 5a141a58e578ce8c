import { connectionNotAccessible, type JsonObject } from '@hawser/core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Asked, Door, reply, silent } from './door.ts';

const PATH = '/api/2/connections';
const JSON_TYPE = { headers: { 'content-type': 'application/json' } };
let door: Door;

beforeAll(async () => {
  door = await Door.open({ connections: { defaultTimeoutMs: 100, maxTimeoutMs: 60_000, retrieveLimit: 3 } });
});
afterAll(() => door.stop());
beforeEach(() => {
  door.engine.asked.length = 0;
  door.engine.answer = answered;
});

const types = () => door.engine.asked.map(({ command }) => command['type']);
const commandOf = ({ command }: Asked) => command;

function answered({ command, headers }: Asked) {
  const { type, connectionId, connection } = command as {
    type: string;
    connectionId?: string;
    connection?: JsonObject;
  };
  const responseType = type.replace('.commands:', '.responses:');
  switch (type.slice('connectivity.commands:'.length)) {
    case 'retrieveAllConnectionIds':
      return reply({ type: responseType, connectionIds: ['b', 'a'] });
    case 'retrieveConnection':
      return reply(
        { type: responseType, connectionId: connectionId ?? '', connection: { id: connectionId ?? '' } },
        200,
        {
          ...headers,
          etag: '"rev:2"',
          'entity-revision': '2',
        },
      );
    case 'createConnection':
      return {
        ...reply({ type: responseType, connection: connection ?? {} }, 201, { 'entity-revision': '1' }),
        isError: false,
      };
    case 'retrieveConnectionLogs':
      return reply({
        type: responseType,
        connectionId: connectionId ?? '',
        connectionLogs: [],
        enabledSince: null,
        enabledUntil: null,
      });
    case 'modifyConnection':
    case 'deleteConnection':
      return { ...reply({ type: responseType }, 204), isError: false };
    default:
      return reply({ type: responseType, connectionId: connectionId ?? '' });
  }
}

const refuse = () => {
  const error = connectionNotAccessible('c1');
  door.engine.answer = () => ({ json: error.toJson(), status: 404, isError: true, headers: {} });
};

describe('all connections', () => {
  test('come sorted by id', async () => {
    expect((await door.get(PATH)).json).toEqual([{ id: 'a' }, { id: 'b' }]);
    expect((await door.get(`${PATH}/`)).status).toBe(200);
  });

  test.each([
    ['ids-only=true', ['a', 'b']],
    ['fields=id', ['a', 'b']],
    ['fields=id&ids-only=false', [{ id: 'a' }, { id: 'b' }]],
    ['ids-only=TRUE', ['a', 'b']],
  ])('with %s', async (query, expected) => {
    expect((await door.get(`${PATH}?${query}`)).json).toEqual(expected);
  });

  test('are not sent when no response is required', async () => {
    const { status, text } = await door.get(`${PATH}?response-required=false`);
    expect({ status, text }).toEqual({ status: 202, text: '' });
  });

  test('are selected by fields', async () => {
    await door.get(`${PATH}?fields=id,name`);
    expect(door.engine.asked.slice(1).map(commandOf)).toEqual(
      ['a', 'b'].map((connectionId) => ({
        type: 'connectivity.commands:retrieveConnection',
        connectionId,
        selectedFields: 'id,name',
      })),
    );
  });

  test('that are too many are refused, their ids are not', async () => {
    door.engine.answer = ({ command }) =>
      reply({ type: String(command['type']), connectionIds: ['a', 'b', 'c', 'd'] });
    const { status, json } = await door.get(PATH);
    expect(status).toBe(400);
    expect(json).toMatchObject({
      error: 'connectivity:connections.amount.illegal',
      message: "The amount of requested connections exceeds the limit of '3'.",
    });
    expect((await door.get(`${PATH}?ids-only=true`)).json).toEqual(['a', 'b', 'c', 'd']);
  });

  test('leave out what was deleted meanwhile; any other failure is one of the whole', async () => {
    const gone = connectionNotAccessible('a');
    door.engine.answer = (asked) =>
      asked.command['connectionId'] === 'a'
        ? { json: gone.toJson(), status: 404, isError: true, headers: {} }
        : answered(asked);
    expect((await door.get(PATH)).json).toEqual([{ id: 'b' }]);
    door.engine.answer = (asked) =>
      asked.command['connectionId'] === 'a'
        ? reply({ error: 'connectivity:connection.unavailable' }, 503)
        : answered(asked);
    const { status, json } = await door.get(PATH);
    expect(status).toBe(500);
    expect(json).toMatchObject({
      error: 'connectivity:internalerror',
      message: 'RetrieveConnections command timed out.',
    });
  });
});

describe('a new connection', () => {
  test('gets a random id, and says where it is', async () => {
    const { status, json, headers } = await door.post(PATH, { name: 'n' }, JSON_TYPE);
    expect(status).toBe(201);
    const { id } = json as { id: string };
    expect(json).toEqual({ id, name: 'n', connectionStatus: 'unknown' });
    expect(headers.get('location')).toBe(`${door.url}${PATH}/${id}`);
    expect(headers.get('entity-revision')).toBe('1');
    expect((await door.post(`${PATH}/?x=1`, {}, JSON_TYPE)).headers.get('location')).toMatch(
      /\/connections\/id-\d+$/,
    );
  });

  test('must not bring an id', async () => {
    const { status, json } = await door.post(PATH, { id: 'mine' }, JSON_TYPE);
    expect(status).toBe(400);
    expect(json).toMatchObject({
      error: 'connectivity:id.notsettable',
      message: 'It is not allowed to provide an explicit ID for a connection.',
      description: 'Remove the ID from the connection as it will be generated.',
    });
    expect(types()).toEqual([]);
  });

  test('is only tested with dry-run: its id is replaced wherever it stands, the answer is empty', async () => {
    const { status, text } = await door.post(
      `${PATH}?dry-run=true`,
      { id: 'mine', sources: [{ addresses: ['mine/#'] }] },
      JSON_TYPE,
    );
    expect([status, text]).toEqual([200, '']);
    const { command } = door.engine.last;
    const { id } = command['connection'] as { id: string };
    expect(id).toMatch(/^id-\d+-dry-run$/);
    expect(command).toEqual({
      type: 'connectivity.commands:testConnection',
      connection: { id, sources: [{ addresses: [`${id}/#`] }], connectionStatus: 'unknown' },
    });
  });

  test.each([
    ['text/plain', 415],
    ['application/x-www-form-urlencoded', 415],
    ['application/json; charset=utf-8', 201],
    ['APPLICATION/JSON', 201],
    ['application/octet-stream', 201],
  ])('of content type %s: %d', async (type, status) => {
    const answer = await door.post(PATH, {}, { headers: { 'content-type': type } });
    expect(answer.status).toBe(status);
    if (status !== 415) return;
    expect(answer.json).toEqual({
      status: 415,
      error: 'mediatype.unsupported',
      message: `The Media-Type <${type}> is not supported for this resource.`,
      description: 'Allowed Media-Types are: <[application/json, application/octet-stream]>.',
    });
  });

  test('that is no JSON object is refused', async () => {
    for (const [body, error] of [
      ['{', 'json.invalid'],
      ['', 'json.invalid'],
      ['[]', 'json.format.invalid'],
    ] as const) {
      expect((await door.post(PATH, body, JSON_TYPE)).json).toMatchObject({ status: 400, error });
    }
  });
});

describe('one connection', () => {
  test('is retrieved with its tag', async () => {
    const { status, json, headers } = await door.get(`${PATH}/c1`);
    expect([status, json]).toEqual([200, { id: 'c1' }]);
    expect(headers.get('etag')).toBe('"rev:2"');
    expect(headers.get('entity-revision')).toBe('2');
  });

  test('is retrieved with conditions, and at a point of its history', async () => {
    await door.get(`${PATH}/c1?fields=_revision&at-historical-revision=1`, {
      headers: {
        'if-none-match': '"rev:1"',
        'at-historical-timestamp': '2020-01-01T00:00:00Z',
        'x-foo': '1',
      },
    });
    const { command, headers } = door.engine.last;
    expect(command).toEqual({
      type: 'connectivity.commands:retrieveConnection',
      connectionId: 'c1',
      selectedFields: '_revision',
    });
    expect(headers).toEqual({
      'correlation-id': expect.any(String),
      'if-none-match': '"rev:1"',
      'at-historical-revision': '1',
      'at-historical-timestamp': '2020-01-01T00:00:00Z',
      'ditto-sudo': 'true',
    });
  });

  test('that is not modified is 304 without a body', async () => {
    door.engine.answer = () => ({
      json: { status: 304 },
      status: 304,
      isError: true,
      headers: { etag: '"rev:2"' },
    });
    const { status, text, headers } = await door.get(`${PATH}/c1`);
    expect([status, text, headers.get('etag')]).toEqual([304, '', '"rev:2"']);
  });

  test('that fails its precondition is 412 with the tag', async () => {
    door.engine.answer = () => ({
      json: { status: 412, error: 'connectivity:precondition.failed' },
      status: 412,
      isError: true,
      headers: { etag: '"rev:2"' },
    });
    const { status, json, headers } = await door.put(`${PATH}/c1`, {}, JSON_TYPE);
    expect(status).toBe(412);
    expect(json).toMatchObject({ error: 'connectivity:precondition.failed' });
    expect(headers.get('etag')).toBe('"rev:2"');
  });

  test('is modified under the id of the path', async () => {
    for (const body of [{ name: 'n' }, { id: 'c1', name: 'n' }]) {
      const { status, text } = await door.put(`${PATH}/c1`, body, JSON_TYPE);
      expect([status, text]).toEqual([204, '']);
      expect(door.engine.last.command).toEqual({
        type: 'connectivity.commands:modifyConnection',
        connection: { id: 'c1', name: 'n' },
      });
    }
    expect((await door.put(`${PATH}/c1`, { id: 'c2' }, JSON_TYPE)).json).toMatchObject({
      status: 400,
      error: 'connectivity:id.notsettable',
    });
  });

  test('that a modification created is 201, with its place', async () => {
    door.engine.answer = () => ({ ...reply({ connection: { id: 'c1' } }, 201), isError: false });
    const { status, json, headers } = await door.put(`${PATH}/c1`, {}, JSON_TYPE);
    expect([status, json]).toEqual([201, { id: 'c1' }]);
    expect(headers.get('location')).toBe(`${door.url}${PATH}/c1`);
  });

  test('is deleted', async () => {
    const { status, text } = await door.request('DELETE', `${PATH}/c1`);
    expect([status, text]).toEqual([204, '']);
    expect(door.engine.last.command).toEqual({
      type: 'connectivity.commands:deleteConnection',
      connectionId: 'c1',
    });
  });

  test.each(['status', 'metrics'])('tells its %s as the whole response', async (part) => {
    const type = `connectivity.responses:retrieveConnection${part === 'status' ? 'Status' : 'Metrics'}`;
    expect((await door.get(`${PATH}/c1/${part}`)).json).toEqual({ type, status: 200, connectionId: 'c1' });
  });

  test('tells its logs without type and status', async () => {
    expect((await door.get(`${PATH}/c1/logs`)).json).toEqual({
      connectionId: 'c1',
      connectionLogs: [],
      enabledSince: null,
      enabledUntil: null,
    });
  });

  test.each([
    ['GET', ''],
    ['PUT', ''],
    ['DELETE', ''],
    ['GET', '/status'],
    ['GET', '/metrics'],
    ['GET', '/logs'],
    ['POST', '/command'],
  ])('that is unknown is 404 at %s %s', async (method, path) => {
    refuse();
    const body =
      method === 'PUT' ? '{}' : method === 'POST' ? 'connectivity.commands:openConnection' : undefined;
    const { status, json } = await door.request(method, `${PATH}/c1${path}`, {
      ...(body === undefined ? {} : { body }),
      headers: { 'content-type': method === 'POST' ? 'text/plain' : 'application/json' },
    });
    expect(status).toBe(404);
    expect(json).toEqual(connectionNotAccessible('c1').toJson());
  });
});

describe('a command as text', () => {
  const send = (body: string, type = 'text/plain') =>
    door.post(`${PATH}/c1/command`, body, { headers: { 'content-type': type } });

  test.each([
    'openConnection',
    'closeConnection',
    'resetConnectionMetrics',
    'enableConnectionLogs',
    'resetConnectionLogs',
  ])('%s is sent, the answer is empty', async (name) => {
    const { status, text } = await send(`connectivity.commands:${name}`);
    expect([status, text]).toEqual([200, '']);
    expect(door.engine.last.command).toEqual({ type: `connectivity.commands:${name}`, connectionId: 'c1' });
  });

  test.each(['foo', 'connectivity.commands:openConnection\n', 'connectivity.commands:deleteConnection', ''])(
    '%j is none',
    async (body) => {
      const { status, json } = await send(body);
      expect(status).toBe(400);
      expect(json).toEqual({
        status: 400,
        error: 'connectivity:command.invalid',
        message: `The command <${body}> is invalid or unknown.`,
        description: 'Choose from one of the valid commands, e.g. <connectivity.commands:openConnection>.',
      });
    },
  );

  test('comes as text or as bytes', async () => {
    expect((await send('connectivity.commands:openConnection', 'application/octet-stream')).status).toBe(200);
    expect((await send('connectivity.commands:openConnection', 'application/json')).status).toBe(415);
  });
});

describe('headers of a request', () => {
  test('come from the query too, and must not contradict', async () => {
    await door.get(`${PATH}/c1?timeout=5s`);
    expect(door.engine.last).toMatchObject({ headers: { timeout: '5s' }, timeoutMs: 5000 });
    await door.get(`${PATH}/c1?timeout=5s`, { headers: { timeout: '5s' } });
    const { status, json } = await door.get(`${PATH}/c1?timeout=5s`, { headers: { timeout: '6s' } });
    expect(status).toBe(400);
    expect(json).toMatchObject({
      error: 'gateway:duplicate.header.field',
      message: '<timeout> was provided as header as well as query parameter with divergent values!',
    });
  });

  test('given twice are refused', async () => {
    const answer = await door.raw(
      'GET /api/2/connections/c1 HTTP/1.1\r\nHost: x\r\nAuthorization: Basic ZGV2b3BzOmZvb2Jhcg==\r\n' +
        'Timeout: 1\r\nTimeout: 2\r\nConnection: close\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1.1 400 /);
    expect(answer).toContain(
      "The message contains headers which include a duplicate header field: 'timeout'",
    );
    expect(answer).toContain('https://tools.ietf.org/rfc/rfc7230.txt');
  });

  test.each([
    ['61s', 'gateway:timeout.invalid'],
    ['x', 'timeout.invalid'],
  ])('timeout %s is refused', async (timeout, error) => {
    expect((await door.get(`${PATH}/c1`, { headers: { timeout } })).json).toMatchObject({
      status: 400,
      error,
    });
  });

  test.each(['x-correlation-id', 'correlation-id'])('%s names the command and its answer', async (name) => {
    const { headers } = await door.get(`${PATH}/c1`, { headers: { [name]: 'mine' } });
    expect(door.engine.last.headers['correlation-id']).toBe('mine');
    expect(headers.get('correlation-id')).toBe('mine');
  });

  test('response-required false is 202 without a body, but an error is told', async () => {
    const sent = { headers: { 'response-required': 'false' } };
    const done = await door.get(`${PATH}/c1`, sent);
    expect([done.status, done.text]).toEqual([202, '']);
    refuse();
    expect((await door.get(`${PATH}/c1`, sent)).status).toBe(404);
  });
});

test('no answer in time is 408 with the time that was given', async () => {
  door.engine.answer = silent;
  const { status, json } = await door.get(`${PATH}/c1`);
  expect(status).toBe(408);
  expect(json).toEqual({
    status: 408,
    error: 'command.timeout',
    message: 'The Command reached the specified timeout of 100ms.',
    description: 'Try increasing the command timeout.',
  });
});

describe('other paths and methods', () => {
  test.each([
    ['PUT', '', 'GET, POST'],
    ['POST', '/c1', 'GET, PUT, DELETE'],
    ['GET', '/c1/command', 'POST'],
    ['POST', '/c1/status', 'GET'],
    ['DELETE', '/c1/logs', 'GET'],
  ])('%s %s is 405', async (method, path, allowed) => {
    const { status, text, headers } = await door.request(method, PATH + path);
    expect([status, text, headers.get('allow')]).toEqual([
      405,
      `HTTP method not allowed, supported methods: ${allowed}`,
      allowed,
    ]);
  });

  test.each(['/c1/other', '/c1/status/more', 'x'])('%s is not found', async (path) => {
    const { status, text } = await door.get(PATH + path);
    expect([status, text]).toEqual([404, 'The requested resource could not be found.']);
  });

  test.each(['/api/1/connections', '/api/1/things', '/api/3/x'])('%s is another version', async (path) => {
    const { status, json } = await door.get(path);
    expect(status).toBe(404);
    expect(json).toMatchObject({
      error: 'api.version.notsupported',
      description: 'Check if you specified the correct version of the API.',
    });
  });
});
