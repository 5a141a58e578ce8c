import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import { DittoError } from '../../errors/dittoError.ts';
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../json/jsonValue.ts';
import { connectionToJson } from '../../model/connectionToJson.ts';
import { parseConnection } from '../../model/parseConnection.ts';
import { type ConnectionJson, connectionSchema } from './connectionSchema.ts';

const vectors = new URL('../../../../testkit/vectors/', import.meta.url);
const read = (path: string): JsonValue =>
  JSON.parse(readFileSync(new URL(path, vectors), 'utf8')) as JsonValue;
const files = [
  'oracle/connection.json',
  'oracle/hono-resolution.json',
  ...readdirSync(new URL('connections/', vectors)).map((file) => `connections/${file}`),
];

/** What vectors say comes out of a connection that is accepted. */
function canonicalForms(): readonly JsonObject[] {
  return files.flatMap((file) => {
    const content = read(file);
    const cases = isJsonObject(content) ? content['vectors'] : content;
    return ((cases ?? []) as readonly JsonObject[]).flatMap(({ valid, expected }) => {
      const outcome = expected as JsonObject;
      const form = valid === true ? outcome : outcome['ok'];
      return form !== undefined && isJsonObject(form) ? [form] : [];
    });
  });
}

const ajv = new Ajv({ allowUnionTypes: true, strictRequired: false, strictTypes: false });
const validate = ajv.compile(connectionSchema);
const accepts = (json: unknown): boolean => validate(json) === true;

function parserAnswer(json: JsonValue): 'accepted' | 'refused' | 'wrong type' {
  try {
    parseConnection(json);
    return 'accepted';
  } catch (error) {
    if (!(error instanceof DittoError)) throw error;
    return error.code.startsWith('json.') ? 'wrong type' : 'refused';
  }
}

describe('the schema of connections', () => {
  const forms = canonicalForms();

  test('accepts every canonical form of the vectors', () => {
    expect(forms.length).toBeGreaterThan(500);
    const refused = forms.filter((form) => !accepts(form)).map((form) => JSON.stringify(form));
    expect(refused).toEqual([]);
  });

  test('is the one in docs/schemas', () => {
    const file = new URL('../../../docs/schemas/connection.schema.json', vectors);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(JSON.parse(JSON.stringify(connectionSchema)));
  });

  test('gives the type of a connection in JSON', () => {
    const json: ConnectionJson = {
      id: 'c',
      connectionType: 'hono',
      connectionStatus: 'closed',
      sources: [{ addresses: ['event'], authorizationContext: ['x:y'] }],
      credentials: { type: 'plain', username: 'u', password: 'p' },
    };
    expect(parserAnswer(json as JsonObject)).toBe('accepted');
    expect(accepts(json)).toBe(true);
  });

  test('gives the defaults of the parser', () => {
    const filling = new Ajv({ useDefaults: true, allowUnionTypes: true, strict: false });
    const source = { addresses: ['a'], authorizationContext: ['x:y'], replyTarget: { address: 'b' } };
    const json = {
      id: 'c',
      connectionType: 'amqp-10',
      connectionStatus: 'open',
      uri: 'amqp://b:1',
      sources: [source],
      sshTunnel: {
        enabled: true,
        credentials: { type: 'client-cert' },
        validateHost: false,
        uri: 'ssh://jump:22',
      },
    };
    const parsed = connectionToJson(parseConnection(json));
    const filled = structuredClone(json);
    filling.compile(connectionSchema)(filled);
    expect(connectionToJson(parseConnection(filled as unknown as JsonObject))).toEqual(parsed);
  });
});

/** Where the parser drops or converts what it cannot use, the schema is stricter. */
const LENIENT = [
  /^\/(sources|targets)(\/\d+)?$/,
  /\/headerMapping(\/[^/]+)?$/,
  /\/(payloadMapping|authorizationContext|includes|declaredAcks|expectedResponseTypes)(\/\d+)?$/,
  /^\/tags(\/\d+)?$/,
  /^\/mappingDefinitions(\/[^/]+)?$/,
  /\/(incoming|outgoing)Conditions(\/[^/]+)?$/,
  /^\/specificConfig\/[^/]+$/,
];

describe('parser and schema agree on types', () => {
  const sample: JsonObject = {
    id: 'c1',
    name: 'n',
    connectionType: 'mqtt-5',
    connectionStatus: 'open',
    uri: 'ssl://broker:8883',
    sources: [
      {
        addresses: ['a'],
        consumerCount: 1,
        qos: 1,
        authorizationContext: ['x:y'],
        enforcement: { input: '{{ source:address }}', filters: ['{{ thing:id }}'] },
        acknowledgementRequests: { includes: ['twin-persisted'], filter: 'x' },
        headerMapping: { a: 'b' },
        payloadMapping: ['m'],
        replyTarget: {
          address: 'r',
          headerMapping: { a: 'b' },
          expectedResponseTypes: ['response'],
          enabled: true,
        },
        declaredAcks: ['c1:label'],
      },
    ],
    targets: [
      {
        address: 't',
        topics: ['_/_/things/twin/events?filter=gt(attributes/a,1)'],
        qos: 0,
        authorizationContext: ['x:y'],
        issuedAcknowledgementLabel: 'c1:label',
        headerMapping: { a: 'b' },
        payloadMapping: ['m'],
      },
    ],
    clientCount: 1,
    failoverEnabled: true,
    validateCertificates: true,
    processorPoolSize: 1,
    specificConfig: { keepAlive: '1s' },
    mappingDefinitions: {
      m: {
        mappingEngine: 'Ditto',
        options: { a: 1 },
        incomingConditions: { a: 'b' },
        outgoingConditions: { a: 'b' },
      },
    },
    credentials: { type: 'plain', username: 'u', password: 'p' },
    ca: 'pem',
    sshTunnel: {
      enabled: true,
      credentials: { type: 'public-key', username: 'u', publicKey: 'p', privateKey: 'q' },
      validateHost: true,
      knownHosts: ['f'],
      uri: 'ssh://jump:22',
    },
    tags: ['t'],
  };

  const paths = (json: JsonValue, path: readonly string[] = []): readonly (readonly string[])[] => {
    const inner = isJsonObject(json) || isJsonArray(json) ? Object.entries(json) : [];
    return [
      ...(path.length > 0 ? [path] : []),
      ...inner.flatMap(([key, value]) => paths(value as JsonValue, [...path, key])),
    ];
  };

  function changed(path: readonly string[], value: JsonValue): JsonObject {
    const copy = structuredClone(sample) as Record<string, unknown>;
    const last = path.at(-1) ?? '';
    const parent = path.slice(0, -1).reduce((node, key) => node[key] as Record<string, unknown>, copy);
    parent[last] = value;
    return copy as JsonObject;
  }

  const strange: readonly JsonValue[] = ['', 'text', 1, 1.5, 2 ** 40, true, [], ['x'], [1], {}, { x: 1 }];
  const cases = paths(sample).map((path) => [`/${path.join('/')}`, path] as const);

  test('the sample is accepted by both', () => {
    expect(parserAnswer(sample)).toBe('accepted');
    expect(accepts(sample)).toBe(true);
  });

  test.each(cases)('at %s', (pointer, path) => {
    const isLenient = LENIENT.some((pattern) => pattern.test(pointer));
    for (const value of strange) {
      const json = changed(path, value);
      const answer = parserAnswer(json);
      const shown = `${JSON.stringify(value)} is ${answer}`;
      if (answer === 'wrong type') expect([shown, accepts(json)]).toEqual([shown, false]);
      if (answer === 'accepted' && !isLenient) expect([shown, accepts(json)]).toEqual([shown, true]);
    }
  });
});
