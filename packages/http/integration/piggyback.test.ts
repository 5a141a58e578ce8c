import { connectionNotAccessible, piggybackCommandUnknown } from '@hawser/core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Door, piggyback, reply, retrieve, silent } from './door.ts';

const PATH = '/devops/piggyback';
let door: Door;

beforeAll(async () => {
  door = await Door.open({ requestTimeoutMs: 200 });
});
afterAll(() => door.stop());
beforeEach(() => {
  door.engine.answer = () => reply({ type: 'connectivity.responses:retrieveConnection', connectionId: 'c1' });
});

const ANSWER = { type: 'connectivity.responses:retrieveConnection', connectionId: 'c1', status: 200 };
const notFound = connectionNotAccessible('c1');
const refuse = () => {
  door.engine.answer = () => ({ json: notFound.toJson(), status: 404, isError: true, headers: {} });
};

describe('the answer', () => {
  test('is nested by service and instance', async () => {
    const { status, json, headers } = await door.post(PATH, piggyback(retrieve(), {}));
    expect(status).toBe(200);
    expect(json).toEqual({ connectivity: { 1: ANSWER } });
    expect(headers.get('content-type')).toMatch(/^application\/json/);
  });

  test.each(['true', 'TRUE', true])('is nested with aggregate %j', async (aggregate) => {
    const { json } = await door.post(PATH, piggyback(retrieve(), { aggregate }));
    expect(json).toEqual({ connectivity: { 1: ANSWER } });
  });

  test.each(['false', false, 'no', 0])('is the response itself with aggregate %j', async (aggregate) => {
    expect((await door.post(PATH, piggyback(retrieve(), { Aggregate: aggregate }))).json).toEqual(ANSWER);
  });

  test('of an error is 200, and its status is inside', async () => {
    refuse();
    const { status, json } = await door.post(PATH, piggyback(retrieve()));
    expect(status).toBe(200);
    expect(json).toEqual(notFound.toJson());
  });

  test('of a command that the service cannot read is an error response, and 200', async () => {
    door.engine.answer = () => {
      throw piggybackCommandUnknown('bogus');
    };
    const { status, json } = await door.post(PATH, piggyback({ type: 'bogus' }));
    expect(status).toBe(200);
    expect(json).toEqual({
      type: 'devops.responses:errorResponse',
      status: 400,
      serviceName: 'connectivity',
      instance: '1',
      payload: {
        status: 400,
        error: 'json.type.notparsable',
        message:
          'ExecutePiggybackCommand with PiggybackCommand <bogus> cannot be executed by this service as there is no mapping strategy for it!',
        description: 'Check if you sent the JSON with the correct type.',
      },
    });
  });

  test('of a command for the mediator that cannot be read is the bare error with its status', async () => {
    door.engine.answer = () => {
      throw piggybackCommandUnknown('bogus');
    };
    const body = piggyback(
      { type: 'bogus' },
      {},
      { targetActorSelection: '/system/distributedPubSubMediator' },
    );
    const { status, json } = await door.post(PATH, body);
    expect(status).toBe(400);
    expect(json).toMatchObject({ status: 400, error: 'json.type.notparsable' });
  });

  test('is 202 and empty when no response is required, also for an error', async () => {
    for (const body of [piggyback(retrieve(), { 'response-required': false })]) {
      const done = await door.post(PATH, body);
      expect([done.status, done.text]).toEqual([202, '']);
      refuse();
      const refused = await door.post(PATH, body);
      expect([refused.status, refused.text]).toEqual([202, '']);
    }
  });

  test('of a defect of ours is 500 and tells nothing', async () => {
    door.engine.answer = () => {
      throw new TypeError('secret inside');
    };
    const { status, text } = await door.post(PATH, piggyback(retrieve()));
    expect(status).toBe(500);
    expect(text).not.toContain('secret inside');
  });
});

describe('the member that is addressed', () => {
  test.each(['', '/', '/connectivity', '/connectivity/', '/connectivity/1', '/connectivity/1/'])(
    'is this one at %j',
    async (path) => {
      expect((await door.post(PATH + path, piggyback(retrieve()))).json).toEqual(ANSWER);
    },
  );

  test.each(['/things', '/connectivity/2', '/things/1'])('is nobody at %j: 408 with null', async (path) => {
    const asked = door.engine.asked.length;
    const { status, text } = await door.post(PATH + path, piggyback(retrieve()));
    expect([status, text]).toEqual([408, 'null']);
    expect(door.engine.asked).toHaveLength(asked);
  });

  test('is named in the body, and the path wins', async () => {
    const body = piggyback(retrieve(), { aggregate: false }, { serviceName: 'things' });
    expect((await door.post(PATH, body)).status).toBe(408);
    expect((await door.post(`${PATH}/connectivity`, body)).status).toBe(200);
  });

  test('is decoded from its segment', async () => {
    expect((await door.post(`${PATH}/%63onnectivity`, piggyback(retrieve()))).json).toEqual(ANSWER);
  });

  test.each(['/devops/piggybackx', '/devops/piggyback/connectivity/1/more', '/devops'])(
    '%s is not found',
    async (path) => {
      const { status, text } = await door.post(path, piggyback(retrieve()));
      expect([status, text]).toEqual([404, 'The requested resource could not be found.']);
    },
  );
});

describe('headers', () => {
  test('of the body reach the target over those of the query, in lower case; HTTP headers do not', async () => {
    const body = piggyback(retrieve(), { 'Ditto-Sudo': true, timeout: 5, 'x-mine': { a: 1 }, gone: null });
    await door.post(`${PATH}?timeout=7&response-required=true&condition=eq(a,1)&unknown=1`, body, {
      headers: { 'x-correlation-id': 'ignored', 'if-match': '"rev:1"' },
    });
    expect(door.engine.last.headers).toEqual({
      'correlation-id': expect.stringMatching(/^id-/),
      'response-required': 'true',
      condition: 'eq(a,1)',
      'ditto-sudo': 'true',
      timeout: '5',
      'x-mine': '{"a":1}',
    });
    expect(door.engine.last.timeoutMs).toBe(200);
  });

  test('known to the outside come back, the others do not', async () => {
    const { headers } = await door.post(
      PATH,
      piggyback(retrieve(), {
        'correlation-id': 'x',
        timeout: 5,
        'ditto-sudo': true,
        foo: 'bar',
        aggregate: false,
      }),
    );
    expect(headers.get('correlation-id')).toBe('x');
    expect(headers.get('timeout')).toBe('5');
    for (const hidden of ['ditto-sudo', 'foo', 'aggregate']) expect(headers.get(hidden)).toBeNull();
  });

  test('that no HTTP header may hold are not sent back, and do no harm', async () => {
    for (const id of ['line\r\nbreak', '€', 'x'.repeat(20_000)]) {
      const { status, headers } = await door.post(PATH, piggyback(retrieve(), { 'correlation-id': id }));
      expect(status).toBe(200);
      expect(headers.get('correlation-id')).toBeNull();
      expect(headers.get('break')).toBeNull();
    }
  });

  test.each([
    [{ timeout: 'abc' }, 'timeout.invalid', 'For input string: "abc"'],
    [{ timeout: -1 }, 'timeout.invalid', 'The duration must not be negative but was <-1>!'],
    [
      { 'ditto-sudo': 'x' },
      'header.invalid',
      "The value 'x' of the header 'ditto-sudo' is not a valid boolean.",
    ],
    [
      { 'if-match': 'rev:1' },
      'header.invalid',
      "The value 'rev:1' of the header 'if-match' is not a valid entity-tag.",
    ],
    [
      { 'requested-acks': 'x' },
      'header.invalid',
      "The value 'x' of the header 'requested-acks' is not a valid JSON array.",
    ],
    [
      { 'correlation-id': '' },
      'header.invalid',
      "The value of the header 'correlation-id' must not be empty.",
    ],
  ])('%j is refused', async (headers, error, message) => {
    const asked = door.engine.asked.length;
    const { status, json } = await door.post(PATH, piggyback(retrieve(), headers));
    expect(status).toBe(400);
    expect(json).toMatchObject({ status: 400, error, message });
    expect(door.engine.asked).toHaveLength(asked);
  });

  test.each([
    ['61s', 'gateway:timeout.invalid'],
    ['x', 'timeout.invalid'],
    ['-1', 'timeout.invalid'],
  ])('timeout=%s in the query is refused', async (timeout, error) => {
    const { status, json } = await door.post(`${PATH}?timeout=${timeout}`, piggyback(retrieve(), {}));
    expect(status).toBe(400);
    expect(json).toMatchObject({ error });
  });

  test('is-group-topic is for the target to read', async () => {
    await door.post(PATH, piggyback(retrieve(), { 'is-group-topic': true, topic: 't' }));
    expect(door.engine.last.headers).toMatchObject({ 'is-group-topic': 'true', topic: 't' });
  });
});

describe('a target that does not answer', () => {
  test('is nobody when it is the mediator: 408 with null', async () => {
    door.engine.answer = silent;
    const body = piggyback(
      { type: 'common.commands:shutdown' },
      { timeout: '20ms' },
      { targetActorSelection: '/system/distributedPubSubMediator' },
    );
    const { status, text } = await door.post(PATH, body);
    expect([status, text]).toEqual([408, 'null']);
  });

  test('is told as ask.error when its own time is over', async () => {
    door.engine.answer = silent;
    const { status, json } = await door.post(PATH, piggyback(retrieve(), { timeout: '20ms' }));
    expect(status).toBe(200);
    expect(json).toMatchObject({
      connectivity: {
        1: { type: 'devops.responses:errorResponse', status: 503, payload: { error: 'ask.error' } },
      },
    });
  });

  test('ends with the request when the command has more time than that', async () => {
    door.engine.answer = silent;
    const { status, json } = await door.post(PATH, piggyback(retrieve(), { timeout: '1h' }));
    expect(status).toBe(408);
    expect(json).toEqual({
      status: 408,
      error: 'command.timeout',
      message: 'The Command reached the specified timeout of 200ms.',
      description: 'Try increasing the command timeout.',
    });
  });
});

describe('a malformed request', () => {
  test.each([
    ['', 'json.invalid', 'The JSON string to read from must not be empty!'],
    ['{', 'json.invalid', "Failed to parse JSON string '{'!"],
    ['[]', 'json.format.invalid', 'This JSON value is not an object: []'],
    ['"x"', 'json.format.invalid', 'This JSON value is not an object: "x"'],
    ['1', 'json.format.invalid', 'This JSON value is not an object: 1'],
    ['null', 'json.field.missing', 'JSON did not include required </type> field!'],
    ['{}', 'json.field.missing', 'JSON did not include required </targetActorSelection> field!'],
    [
      '{"targetActorSelection":"/x"}',
      'json.field.missing',
      'JSON did not include required </headers> field!',
    ],
    [
      '{"targetActorSelection":"/x","headers":{}}',
      'json.field.missing',
      'JSON did not include required </piggybackCommand> field!',
    ],
    [
      '{"targetActorSelection":1}',
      'json.invalid',
      'Value <1> for </targetActorSelection> is not of type <String>!',
    ],
    [
      '{"a":89314404000484999942}',
      'json.invalid',
      `Failed to parse JSON string '{"a":89314404000484999942}'!`,
    ],
  ])('%j is refused', async (body, error, message) => {
    const { status, json } = await door.post(PATH, body);
    expect(status).toBe(400);
    expect(json).toMatchObject({ status: 400, error, message });
    expect(Object.keys(json as object)).toEqual(
      error === 'json.format.invalid'
        ? ['status', 'error', 'message']
        : ['status', 'error', 'message', 'description'],
    );
  });

  test('with null headers or a null command is taken', async () => {
    expect(
      (await door.post(PATH, '{"targetActorSelection":"/x","headers":null,"piggybackCommand":null}')).status,
    ).toBe(200);
    expect(door.engine.last).toMatchObject({ selection: '/x', command: {} });
  });

  test('of any content type is read', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data']) {
      const { status } = await door.post(PATH, piggyback(retrieve()), { headers: { 'content-type': type } });
      expect(status).toBe(200);
    }
  });

  test('with a long broken body is quoted, but not whole', async () => {
    const { text } = await door.post(PATH, `{"a":"${'x'.repeat(50_000)}`);
    expect(text.length).toBeLessThan(9000);
    expect((await door.post(PATH, `{"a":"${'x'.repeat(5000)}`)).text.length).toBeGreaterThan(5000);
  });

  test('by another method is 405', async () => {
    const { status, text, headers } = await door.get(PATH);
    expect([status, text, headers.get('allow')]).toEqual([
      405,
      'HTTP method not allowed, supported methods: POST',
      'POST',
    ]);
  });
});
