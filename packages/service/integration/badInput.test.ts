import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { basic, HawserProcess } from './hawserProcess.ts';

const PIGGYBACK = '/devops/piggyback/connectivity';
const IDS = 'connectivity.commands:retrieveAllConnectionIds';
const CREATE = 'connectivity.commands:createConnection';

let data: string;
let hawser: HawserProcess;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'hawser-bad-'));
  hawser = await HawserProcess.start({ env: { HAWSER_DATA: data } });
  await hawser.piggyback({ type: CREATE, connection: connectionOf('first') });
});
afterAll(async () => {
  await hawser.kill();
  rmSync(data, { recursive: true, force: true });
});

const connectionOf = (id: string, more: object = {}) => ({
  id,
  connectionType: 'mqtt',
  connectionStatus: 'closed',
  uri: 'tcp://127.0.0.1:1883',
  sources: [{ addresses: ['t'], qos: 1, authorizationContext: ['a:b'] }],
  ...more,
});

const bodyOf = (command: string, headers: string, selection: string) =>
  `{"targetActorSelection":"${selection}","headers":${headers},"piggybackCommand":${command}}`;

const send = (command: string, headers = '{"aggregate":false}', selection = '/system/sharding/connection') =>
  hawser.request('POST', PIGGYBACK, bodyOf(command, headers, selection));

/** As `send`, cheaper: for many. */
const post = (agent: Agent, body: string) =>
  new Promise<{ readonly status: number | undefined; readonly text: string }>((resolve, reject) => {
    const headers = { authorization: basic('devops', 'foobar') };
    request(hawser.url + PIGGYBACK, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.once('end', () => resolve({ status: response.statusCode, text }));
    })
      .once('error', reject)
      .end(body);
  });

const ids = async () => (await hawser.piggyback({ type: IDS }))['connectionIds'];

/** What the answer of a service to a command that it cannot read looks like. */
const refusal = (payload: object) => ({
  type: 'devops.responses:errorResponse',
  status: 400,
  serviceName: 'connectivity',
  instance: '1',
  payload: { status: 400, ...payload },
});

const CHECK_JSON =
  'Check if the JSON was valid (e.g. on https://jsonlint.com) and if it was in required format.';

describe("the answer is Ditto's", () => {
  test('to malformed JSON', async () => {
    const { status, body } = await hawser.request('POST', PIGGYBACK, '{"targetActorSelection":');
    expect(status).toBe(400);
    expect(body).toEqual({
      status: 400,
      error: 'json.invalid',
      message: `Failed to parse JSON string '{"targetActorSelection":'!`,
      description: CHECK_JSON,
    });
  });

  test('to a command of unknown type', async () => {
    const { status, body } = await send('{"type":"bogus"}');
    expect(status).toBe(200);
    expect(body).toEqual(
      refusal({
        error: 'json.type.notparsable',
        message:
          'ExecutePiggybackCommand with PiggybackCommand <bogus> cannot be executed by this service as there is no mapping strategy for it!',
        description: 'Check if you sent the JSON with the correct type.',
      }),
    );
  });

  test('to a missing id', async () => {
    for (const name of ['open', 'close', 'delete', 'retrieve']) {
      const { status, body } = await send(`{"type":"connectivity.commands:${name}Connection"}`);
      expect(status).toBe(200);
      expect(body).toEqual(
        refusal({
          error: 'json.field.missing',
          message: 'JSON did not include required </connectionId> field!',
          description: 'Check if all required JSON fields were set.',
        }),
      );
    }
  });

  test('to an unknown id', async () => {
    for (const name of ['open', 'close', 'delete', 'retrieve']) {
      const { status, body } = await send(
        `{"type":"connectivity.commands:${name}Connection","connectionId":"unknown"}`,
      );
      expect(status).toBe(200);
      expect(body).toEqual({
        status: 404,
        error: 'connectivity:connection.notfound',
        message:
          "The Connection with ID 'unknown' could not be found or requester had insufficient permissions to access it.",
        description:
          'Check if the ID of your requested Connection was correct and you have sufficient permissions.',
      });
    }
  });

  test('to a second create of the same id, and the first stays as it is', async () => {
    const connection = connectionOf('first', { name: 'second' });
    expect(await hawser.piggyback({ type: CREATE, connection })).toEqual({
      status: 409,
      error: 'connectivity:connection.conflict',
      message: "The Connection with ID 'first' was already created.",
      description: 'If you need to update it, remove it first before creating it again.',
    });
    const kept = await hawser.piggyback({
      type: 'connectivity.commands:retrieveConnection',
      connectionId: 'first',
    });
    expect(kept['connection']).not.toHaveProperty('name', 'second');
  });

  test('to a body over the limit', async () => {
    const { status, text } = await hawser.request('POST', PIGGYBACK, 'x'.repeat(8_388_609));
    expect([status, text]).toEqual([413, '']);
  });

  test('to a wrong password', async () => {
    const connection = connectionOf('stranger');
    const { status, text } = await hawser.request(
      'POST',
      PIGGYBACK,
      {
        targetActorSelection: '/system/sharding/connection',
        headers: {},
        piggybackCommand: { type: CREATE, connection },
      },
      { authorization: basic('devops', 'wrong') },
    );
    expect([status, text]).toEqual([401, 'The supplied authentication is invalid']);
  });

  test.each(['..%2f..%2fetc', '%00', '%zz', 'x'.repeat(300), '%F0%9F%98%80', 'a%20b', 'a.b'])(
    'to the id %s in a path, on every verb',
    async (id) => {
      for (const [method, part, type] of [
        ['GET', ''],
        ['PUT', ''],
        ['DELETE', ''],
        ['GET', '/status'],
        ['GET', '/metrics'],
        ['GET', '/logs'],
        ['POST', '/command', 'text/plain'],
      ] as const) {
        const body =
          method === 'PUT'
            ? JSON.stringify({ ...connectionOf('x'), id: undefined })
            : 'connectivity.commands:openConnection';
        const answer = await hawser.request(
          method,
          `/api/2/connections/${id}${part}`,
          method === 'GET' || method === 'DELETE' ? undefined : body,
          type === undefined ? {} : { 'content-type': type },
        );
        expect(answer.status).toBe(400);
        expect(answer.body).toMatchObject({
          error: 'connectivity:connection.id.invalid',
          description: 'It must be conform to the regular expression: <[a-zA-Z0-9-_:]{1,100}>.',
        });
      }
    },
  );
});

describe('JSON', () => {
  const isRefused = async (body: string | Buffer, error = 'json.invalid') => {
    const response = await fetch(hawser.url + PIGGYBACK, {
      method: 'POST',
      headers: { authorization: basic('devops', 'foobar') },
      body: typeof body === 'string' ? body : new Uint8Array(body),
    });
    const json = (await response.json()) as Record<string, unknown>;
    expect(json).toMatchObject({ status: 400, error });
    expect(response.status).toBe(400);
    return json;
  };

  test('nested 100,000 deep is refused while it is read', async () => {
    for (const [open, close] of [
      ['[', ']'],
      ['{"a":', '}'],
    ] as const) {
      const deep = open.repeat(100_000) + (open === '[' ? '' : '1') + close.repeat(100_000);
      await isRefused(deep);
      await isRefused(`{"targetActorSelection":"/x","headers":{"h":${deep}},"piggybackCommand":{}}`);
      await isRefused(deep.slice(0, 150_000));
    }
  });

  test('with keys of the prototype is JSON like any other', async () => {
    const options = '{"__proto__":{"polluted":"1"},"constructor":{"prototype":{"polluted":"1"}}}';
    const { body } = await send(
      `{"type":"${CREATE}","connection":{"id":"proto","connectionType":"mqtt","connectionStatus":"closed","uri":"tcp://127.0.0.1:1883","__proto__":{"polluted":1},"sources":[{"addresses":["t"],"qos":1,"authorizationContext":["a:b"],"headerMapping":{"__proto__":"x","constructor":"y"}}],"specificConfig":{"__proto__":"z"},"mappingDefinitions":{"m":{"mappingEngine":"Ditto","options":${options}}}}}`,
    );
    expect([201, 400]).toContain(body['status']);
    const status = await hawser.request('GET', '/status');
    expect(status.text).not.toContain('polluted');
    await hawser.piggyback({ type: 'connectivity.commands:deleteConnection', connectionId: 'proto' });
  });

  test('with a key twice: the last counts', async () => {
    const { body } = await send(
      `{"type":"bogus","connectionId":"unknown","type":"connectivity.commands:retrieveConnection","connectionId":"first"}`,
    );
    expect(body).toMatchObject({ status: 200, connection: { id: 'first' } });
  });

  test('with extreme numbers: refused, or kept as they are, never null', async () => {
    for (const number of ['89314404000484999942', '-9223372036854775809', '1'.repeat(400)])
      await isRefused(`{"a":${number}}`);
    for (const number of ['1e400', '-1e400']) {
      const { body } = await send(`{"type":"${CREATE}","connection":{"id":"n","clientCount":${number}}}`);
      expect(body['status']).toBe(400);
      expect(JSON.stringify(body)).not.toContain('null');
    }
    for (const [number, text] of [
      ['-0', /^-?0$/],
      ['9007199254740993', /^9007199254740993$/],
      ['1E-400', /^(?:0|1E-400)$/i],
      ['1e400', /^1E\+?400$/i],
    ] as const) {
      const answer = await send(`{"type":"${IDS}"}`, `{"aggregate":false,"correlation-id":${number}}`);
      expect(answer.headers.get('correlation-id')).toMatch(text);
    }
  });

  test('that is no UTF-8 is refused; a BOM is no JSON; NUL and lone surrogates in texts are kept', async () => {
    await isRefused(Buffer.from([0x22, 0xff, 0xfe, 0x22]));
    await isRefused(Buffer.from([0x22, 0xc0, 0x80, 0x22]));
    await isRefused(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]));
    await isRefused(`\ufeff{}`);
    const id = '"\\u0000\\ud800"';
    const { body } = await send(`{"type":"connectivity.commands:retrieveConnection","connectionId":${id}}`);
    expect(body).toMatchObject({ payload: { error: 'connectivity:connection.id.invalid' } });
  });

  test.each([
    ['', 'json.invalid'],
    ['null', 'json.field.missing'],
    ['[]', 'json.format.invalid'],
    ['"x"', 'json.format.invalid'],
    ['{"a":1,}', 'json.invalid'],
    ['{} // comment', 'json.invalid'],
    ['{"a":NaN}', 'json.invalid'],
    ["{'a':1}", 'json.invalid'],
    ['{"a":1}{"b":2}', 'json.invalid'],
    ['{"a":01}', 'json.invalid'],
    ['{"a":"\n"}', 'json.invalid'],
  ])('%j is refused as such', (text, error) => isRefused(text, error));

  test('with 100,000 keys, keys of 1 MB and colliding keys is refused while others are served', async () => {
    const keys = (of: (n: number) => string) =>
      `{${Array.from({ length: 100_000 }, (_, n) => `"${of(n)}":1`).join(',')}}`;
    const collide = (n: number) =>
      [...n.toString(2).padStart(17, '0')].map((bit) => (bit === '0' ? 'Aa' : 'BB')).join('');
    for (const json of [
      keys((n) => `k${n}`),
      keys(String),
      `{"${'k'.repeat(1_000_000)}":1}`,
      keys(collide),
    ]) {
      const begun = performance.now();
      await isRefused(json, 'json.field.missing');
      const alive = await hawser.request('GET', '/alive');
      expect(alive.status).toBe(200);
      expect(performance.now() - begun).toBeLessThan(3000);
    }
  });
});

describe('a wrong type at any field of a connection', () => {
  const whole = {
    ...connectionOf('typed', { connectionType: 'mqtt-5' }),
    name: 'n',
    clientCount: 1,
    failoverEnabled: true,
    validateCertificates: true,
    processorPoolSize: 1,
    credentials: { type: 'plain', username: 'u', password: 'p' },
    specificConfig: { clientId: 'b' },
    mappingDefinitions: { m: { mappingEngine: 'Ditto', options: {} } },
    tags: ['t'],
    sshTunnel: {
      enabled: false,
      uri: 'ssh://h:22',
      credentials: { type: 'plain', username: 'u', password: 'p' },
      validateHost: false,
      knownHosts: ['x'],
    },
    sources: [
      {
        addresses: ['t'],
        qos: 1,
        consumerCount: 1,
        authorizationContext: ['a:b'],
        enforcement: { input: '{{ source:address }}', filters: ['{{ thing:id }}'] },
        headerMapping: { a: 'b' },
        payloadMapping: ['m'],
        replyTarget: {
          enabled: true,
          address: 'a',
          headerMapping: { a: 'b' },
          expectedResponseTypes: ['error'],
        },
        acknowledgementRequests: { includes: ['custom-ack'], filter: "fn:filter(header:a,'exists')" },
        declaredAcks: ['typed:declared'],
      },
    ],
    targets: [
      {
        address: 'a',
        topics: ['_/_/things/twin/events'],
        qos: 1,
        authorizationContext: ['a:b'],
        headerMapping: { a: 'b' },
        payloadMapping: ['m'],
        issuedAcknowledgementLabel: 'typed:issued',
      },
    ],
  };

  /** Every place in the document, and the document with something else there. */
  function* wrong(
    value: unknown,
    path: readonly (string | number)[] = [],
  ): Generator<readonly [string, unknown]> {
    for (const other of [1, 1.5, 'x', true, null, [], {}, [[1]], 1e30])
      yield [`/${path.join('/')}=${JSON.stringify(other)}`, other];
    if (typeof value !== 'object' || value === null) return;
    for (const [key, member] of Object.entries(value)) {
      for (const [where, changed] of wrong(member, [...path, key])) {
        yield [where, Array.isArray(value) ? value.with(Number(key), changed) : { ...value, [key]: changed }];
      }
    }
  }

  test('is refused by its name or taken as Ditto takes it, and never a failure of ours', async () => {
    expect(await hawser.piggyback({ type: CREATE, connection: whole })).toMatchObject({ status: 201 });
    await hawser.piggyback({ type: 'connectivity.commands:deleteConnection', connectionId: whole.id });
    const counts: Record<string, number> = {};
    for (const [where, connection] of wrong(whole)) {
      const answer = await hawser.piggyback({ type: 'connectivity.commands:createConnection', connection });
      const error = (answer['payload'] ?? answer) as Record<string, unknown>;
      const status = Number(error['status']);
      counts[status] = (counts[status] ?? 0) + 1;
      if (status !== 201 && (status < 400 || status > 499))
        throw new Error(`${where}: ${JSON.stringify(answer)}`);
      const named = /^Value <.*> for <(\/[^>]*)> is not of type/s.exec(String(error['message']))?.[1];
      if (named !== undefined && !where.startsWith('/=')) expect(where).toContain(named.split('/').at(-1));
      if (status === 201) {
        const { id } = answer['connection'] as { id: string };
        expect(
          await hawser.piggyback({ type: 'connectivity.commands:deleteConnection', connectionId: id }),
        ).toMatchObject({ status: 204 });
      }
    }
    console.log(`wrong types: ${JSON.stringify(counts)} by status`);
    expect(counts['400']).toBeGreaterThan(200);
  });
});

describe('10,000 commands', () => {
  test('with new ids, to random places and for logs leave no more memory taken than they found', async () => {
    const residentMb = async () => {
      const { text } = await readStatus(hawser.pid);
      return Number(/VmRSS:\s+(\d+) kB/.exec(text)?.[1]) / 1024;
    };
    const agent = new Agent({ keepAlive: true, maxSockets: 50 });
    const commandOf = (n: number): string => {
      const connectionId = `none-${n}`;
      const [type, selection] = [
        ['enableConnectionLogs', '/system/sharding/connection'],
        ['retrieveAllConnectionIds', `/user/${connectionId}`],
        ['retrieveConnection', '/system/sharding/connection'],
        ['openConnection', '/system/sharding/connection'],
      ][n % 4] as [string, string];
      return bodyOf(
        JSON.stringify({ type: `connectivity.commands:${type}`, connectionId }),
        '{"aggregate":false}',
        selection,
      );
    };
    const round = async (from: number, to: number) => {
      for (let n = from; n < to; n += 50) {
        const bodies = Array.from({ length: 50 }, (_, i) => commandOf(n + i));
        for (const { status, text } of await Promise.all(bodies.map((body) => post(agent, body)))) {
          expect(status).toBe(200);
          expect(text).toMatch(/"status":(404|503)/);
        }
      }
    };
    await round(0, 4000);
    const before = await residentMb();
    await round(4000, 10_000);
    const grown = (await residentMb()) - before;
    console.log(
      `10,000 commands: ${before.toFixed(0)} MB after 4,000, ${grown.toFixed(0)} MB more after 10,000`,
    );
    expect(grown).toBeLessThan(50);
    agent.destroy();
  });
});

test('after all of it the process is the same, and nothing was written, also not for the next one', async () => {
  expect(await ids()).toEqual(['first']);
  expect(hawser.lines.filter((line) => line['level'] === 'error')).toEqual([]);
  await hawser.kill();
  hawser = await HawserProcess.start({ env: { HAWSER_DATA: data } });
  expect(await ids()).toEqual(['first']);
});

async function readStatus(pid: number): Promise<{ text: string }> {
  const { readFile } = await import('node:fs/promises');
  return { text: await readFile(`/proc/${pid}/status`, 'utf8') };
}
