import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { basic, HawserProcess } from './hawserProcess.ts';
import { startBroker, type ThrowawayBroker } from './throwawayBroker.ts';

interface Document {
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, object> };
}
interface Operation {
  readonly operationId: string;
  readonly security: readonly Record<string, unknown>[];
  readonly responses: Record<string, DocumentedAnswer>;
  readonly requestBody?: unknown;
}
interface DocumentedAnswer {
  readonly headers?: Record<string, unknown>;
  readonly content?: Record<string, { readonly schema: object }>;
}

/** How an operation is brought to one of its answers. */
interface Drive {
  readonly status: number;
  /** Of the path, in place of what its parameters stand for by default. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** `user:password`; null: none. */
  readonly user?: string | null;
}

let hawser: HawserProcess;
let data: string;
let broker: ThrowawayBroker;
let document: Document;
let ajv: Ajv2020;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'hawser-openapi-'));
  broker = await startBroker();
  hawser = await HawserProcess.start({ env: { HAWSER_DATA: data, HAWSER_READ_ONLY_PASSWORD: 'look' } });
  document = (await hawser.request('GET', '/openapi.json')).body as unknown as Document;
  ajv = new Ajv2020({ strict: false, formats: { 'date-time': true } });
  for (const id of ['c', 'd']) {
    await hawser.request('PUT', `/api/2/connections/${id}`, connection(broker.port, 'closed'));
  }
});

afterAll(async () => {
  await hawser.kill();
  await broker.close();
  rmSync(data, { recursive: true, force: true });
});

const connection = (port: number, connectionStatus: string) => ({
  connectionType: 'mqtt',
  connectionStatus,
  uri: `tcp://127.0.0.1:${port}`,
  failoverEnabled: false,
  sources: [{ addresses: ['devices/#'], qos: 1, authorizationContext: ['demo:devices'] }],
});

const VIEWER = { status: 403, user: 'viewer:look' };
const TEXT = { 'content-type': 'text/plain' };
const command = (name: string, status: number, more: Partial<Drive> = {}): Drive => ({
  status,
  headers: TEXT,
  body: `connectivity.commands:${name}`,
  ...more,
});
const piggyback = (headers: object, carried: object, selection = '/system/sharding/connection') => ({
  targetActorSelection: selection,
  headers,
  piggybackCommand: carried,
});
const retrieve = { type: 'connectivity.commands:retrieveConnection', connectionId: 'c' };

/** Answers that every operation on one connection has. */
const onConnection: readonly Drive[] = [
  { status: 202, query: 'response-required=false' },
  { status: 400, parameters: { connectionId: 'a b' } },
  { status: 404, parameters: { connectionId: 'nope' } },
  { status: 408, query: 'timeout=0' },
];
const devopsPiggyback = (...elsewhere: readonly Drive[]): readonly Drive[] => [
  ...elsewhere,
  { status: 200, body: piggyback({ aggregate: false }, retrieve) },
  { status: 200, body: piggyback({}, retrieve) },
  { status: 200, body: piggyback({ aggregate: false }, { type: 'bogus' }) },
  { status: 200, body: piggyback({ aggregate: false }, { ...retrieve, connectionId: 'nope' }) },
  ...['Status', 'Metrics', 'Logs'].map((part) => ({
    status: 200,
    body: piggyback(
      { aggregate: false },
      { ...retrieve, type: `connectivity.commands:retrieveConnection${part}` },
    ),
  })),
  {
    status: 200,
    body: piggyback(
      { aggregate: false },
      { type: 'connectivity.commands:retrieveAllConnectionIds' },
      '/user/connectivityRoot/connectionIdsRetrieval/singleton',
    ),
  },
  { status: 202, body: piggyback({ 'response-required': false }, retrieve) },
  { status: 400, body: '{' },
  { ...VIEWER, body: piggyback({}, { type: 'connectivity.commands:closeConnection', connectionId: 'c' }) },
];
const logging: readonly Drive[] = [{ status: 200 }, VIEWER];
const level: readonly Drive[] = [
  { status: 200, body: { level: 'info' } },
  { status: 200, body: { level: 'info', logger: 'no.such.logger' } },
  { status: 400, body: { level: 'loud' } },
  { ...VIEWER, body: { level: 'off' } },
];
const configuration: readonly Drive[] = [
  { status: 200, query: 'path=ditto.info' },
  { status: 200, query: 'path=nope' },
  VIEWER,
];
const otherService = { parameters: { service: 'things' } };
const otherInstance = { parameters: { instance: '2' } };
const well: readonly Drive[] = [{ status: 200 }];

const drives: Readonly<Record<string, () => readonly Drive[]>> = {
  listConnections: () => [
    { status: 200 },
    { status: 200, query: 'ids-only=true' },
    { status: 200, query: 'fields=id,name' },
    { status: 202, query: 'response-required=false' },
    { status: 400, query: 'timeout=soon' },
    { status: 408, query: 'timeout=0' },
  ],
  createConnection: () => [
    { status: 200, query: 'dry-run=true', body: connection(broker.port, 'open') },
    { status: 201, body: connection(broker.port, 'closed') },
    { status: 202, query: 'response-required=false', body: connection(broker.port, 'closed') },
    { status: 400, body: { ...connection(broker.port, 'closed'), id: 'x' } },
    { status: 403, user: 'viewer:look', body: {} },
    { status: 408, query: 'timeout=0', body: connection(broker.port, 'closed') },
    { status: 415, headers: TEXT, body: connection(broker.port, 'closed') },
    { status: 504, query: 'dry-run=true', body: connection(1, 'open') },
  ],
  retrieveConnection: () => [
    { status: 200 },
    { status: 200, query: 'fields=id,_revision' },
    { status: 200, query: 'at-historical-revision=1' },
    ...onConnection,
    { status: 304, headers: { 'if-none-match': '*' } },
    { status: 412, headers: { 'if-match': '"rev:99"' } },
  ],
  modifyConnection: () => [
    { status: 201, parameters: { connectionId: 'new' }, body: connection(broker.port, 'closed') },
    { status: 204, body: connection(broker.port, 'closed') },
    { status: 202, query: 'response-required=false', body: connection(broker.port, 'closed') },
    { status: 400, body: { ...connection(broker.port, 'closed'), id: 'other' } },
    { status: 403, user: 'viewer:look', body: {} },
    { status: 408, query: 'timeout=0', body: connection(broker.port, 'closed') },
    { status: 412, headers: { 'if-match': '"rev:99"' }, body: connection(broker.port, 'closed') },
    { status: 415, headers: TEXT, body: connection(broker.port, 'closed') },
  ],
  deleteConnection: () => [
    { status: 412, headers: { 'if-match': '"rev:99"' } },
    { status: 204, parameters: { connectionId: 'new' } },
    VIEWER,
    ...onConnection.slice(1),
    { status: 202, query: 'response-required=false', parameters: { connectionId: 'd' } },
  ],
  commandConnection: () => [
    command('enableConnectionLogs', 200),
    command('openConnection', 200, { query: 'timeout=30s' }),
    command('resetConnectionMetrics', 202, { query: 'response-required=false' }),
    command('deleteConnection', 400),
    command('closeConnection', 404, { parameters: { connectionId: 'nope' } }),
    command('closeConnection', 403, { user: 'viewer:look' }),
    command('closeConnection', 408, { query: 'timeout=0' }),
    command('closeConnection', 415, { headers: { 'content-type': 'application/json' } }),
    command('openConnection', 504, { parameters: { connectionId: 'unreachable' } }),
  ],
  statusOfConnection: () => [{ status: 200 }, ...onConnection],
  metricsOfConnection: () => [{ status: 200 }, ...onConnection],
  logsOfConnection: () => [{ status: 200 }, ...onConnection],
  streamLogsOfConnection: () => [
    { status: 200, query: 'level=failure' },
    { status: 404, parameters: { connectionId: 'nope' } },
  ],
  piggyback: () =>
    devopsPiggyback({ status: 408, body: { ...piggyback({}, retrieve), serviceName: 'things' } }),
  piggybackOfService: () => devopsPiggyback({ status: 408, ...otherService, body: piggyback({}, retrieve) }),
  piggybackOfInstance: () =>
    devopsPiggyback({ status: 408, ...otherInstance, body: piggyback({}, retrieve) }),
  loggers: () => logging,
  loggersOfService: () => [...logging, { status: 200, ...otherService }],
  loggersOfInstance: () => [...logging, { status: 200, ...otherInstance }],
  changeLogLevel: () => level,
  changeLogLevelOfService: () => level,
  changeLogLevelOfInstance: () => level,
  config: () => configuration,
  configOfService: () => [...configuration, { status: 408, ...otherService }],
  configOfInstance: () => [...configuration, { status: 408, ...otherInstance }],
  alive: () => well,
  ready: () => well,
  health: () => well,
  status: () => well,
  statusHealth: () => well,
  statusCluster: () => well,
  overallStatus: () => well,
  overallHealth: () => well,
  overallCluster: () => well,
  metrics: () => well,
  openapi: () => well,
  docs: () => well,
  docsStyle: () => well,
};

/** What a healthy service cannot be brought to: the tests of the door show these over a fake engine. */
const NOT_DRIVEN = new Set(['ready 503', 'health 503', 'statusHealth 503', 'overallHealth 503']);

async function send(
  method: string,
  path: string,
  { parameters, query, body, headers, user = 'devops:foobar' }: Drive,
) {
  const values: Record<string, string> = {
    connectionId: 'c',
    service: 'connectivity',
    instance: '1',
    ...parameters,
  };
  const filled = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
    encodeURIComponent(values[name] ?? ''),
  );
  const [name = '', password = ''] = user?.split(':') ?? [];
  const response = await fetch(`${hawser.url}${filled}${query === undefined ? '' : `?${query}`}`, {
    method: method.toUpperCase(),
    headers: {
      'content-type': 'application/json',
      ...(user === null ? {} : { authorization: basic(name, password) }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, text: await textOf(response) };
}

/** The body; of a stream its beginning. */
async function textOf(response: Response): Promise<string> {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return await response.text();
  const reader = response.body?.getReader();
  const begin = await reader?.read();
  await reader?.cancel();
  return new TextDecoder().decode(begin?.value);
}

/** Where an answer differs from what the document says of it. */
function differences(
  answer: Awaited<ReturnType<typeof send>>,
  documented: DocumentedAnswer,
): readonly string[] {
  const found: string[] = [];
  for (const name of Object.keys(documented.headers ?? {}))
    if (!answer.headers.has(name)) found.push(`no header ${name}`);
  if (documented.content === undefined)
    return answer.text === '' ? found : [...found, `a body: ${answer.text}`];
  const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
  const { schema } = documented.content[type] ?? {};
  if (schema === undefined) return [...found, `media type ${type}`];
  const value: unknown = type === 'application/json' ? JSON.parse(answer.text) : answer.text;
  const validate = ajv.compile({ ...schema, components: document.components });
  return validate(value) ? found : [...found, `${answer.text}: ${ajv.errorsText(validate.errors)}`];
}

const byType = (text: string): object | undefined => {
  const type = (JSON.parse(text || 'null') as { type?: unknown } | null)?.type;
  return typeof type === 'string' ? document.components.schemas[type.replaceAll(':', '.')] : undefined;
};

describe('every operation answers as it is described', () => {
  test('and none is left out', () => {
    const described = Object.values(document.paths).flatMap((item) =>
      Object.values(item).map(({ operationId }) => operationId),
    );
    expect(Object.keys(drives).sort()).toEqual(described.sort());
  });

  test.each(Object.keys(drives))('%s', async (operationId) => {
    const [path, method, operation] = operationOf(operationId);
    if (operationId === 'commandConnection')
      await hawser.request('PUT', '/api/2/connections/unreachable', connection(1, 'closed'));
    const unauthorized: readonly Drive[] =
      operation.security.length === 0 ? [] : [{ status: 401, user: null }];
    const seen = new Set<string>();
    for (const drive of [...unauthorized, ...(drives[operationId]?.() ?? [])]) {
      const user = userOf(operation);
      const full =
        method === 'post' && path.endsWith('/command') && drive.body === undefined
          ? { ...drive, body: '' }
          : drive;
      const answer = await send(method, path, { user, ...full });
      expect([drive, answer.status, answer.text]).toEqual([drive, drive.status, answer.text]);
      const documented = operation.responses[String(answer.status)];
      expect([drive, documented !== undefined]).toEqual([drive, true]);
      expect([drive, differences(answer, documented ?? {})]).toEqual([drive, []]);
      const schema =
        answer.headers.get('content-type') === 'application/json' ? byType(answer.text) : undefined;
      if (schema !== undefined)
        expect(ajv.compile({ ...schema, components: document.components })(JSON.parse(answer.text))).toBe(
          true,
        );
      seen.add(String(answer.status));
    }
    const left = Object.keys(operation.responses).filter(
      (status) => !seen.has(status) && !NOT_DRIVEN.has(`${operationId} ${status}`),
    );
    expect(left).toEqual([]);
  });

  test('every method that is not described is refused', async () => {
    for (const [path, item] of Object.entries(document.paths)) {
      for (const method of ['get', 'put', 'post', 'delete', 'patch'].filter((name) => !(name in item))) {
        const { status } = await send(method, path, { status: 405 });
        expect([method, path, [404, 405].includes(status)]).toEqual([method, path, true]);
      }
    }
  });
});

test('the page runs nothing and loads nothing from elsewhere', async () => {
  const { headers } = await send('get', '/docs', { status: 200, user: null });
  expect(headers.get('content-security-policy')).toBe(
    "default-src 'none'; style-src 'self'; frame-ancestors 'none'",
  );
});

test('whole connections match the schema of connections', async () => {
  const { text } = await send('get', '/api/2/connections', { status: 200 });
  const validate = ajv.compile({
    $ref: '#/components/schemas/Connection',
    components: document.components,
  });
  for (const item of JSON.parse(text) as object[]) expect([item, validate(item)]).toEqual([item, true]);
});

/** Of the realm that the operation names; none where anyone may. */
function userOf({ security }: Operation): string | null {
  if (security.length === 0) return null;
  return security.some((scheme) => 'status' in scheme) ? 'devops:status' : 'devops:foobar';
}

function operationOf(operationId: string): readonly [path: string, method: string, operation: Operation] {
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, operation] of Object.entries(item))
      if (operation.operationId === operationId) return [path, method, operation];
  }
  throw new Error(`no operation ${operationId}`);
}
