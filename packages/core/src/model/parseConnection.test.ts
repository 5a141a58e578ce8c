import { describe, expect, test } from '@jest/globals';
import type { JsonObject, JsonValue } from '../json/jsonValue.ts';
import { connectionToJson } from './connectionToJson.ts';
import { parseConnection } from './parseConnection.ts';
import { parseStoredConnection } from './storedConnection.ts';

const base = {
  id: 'c1',
  connectionType: 'amqp-10',
  connectionStatus: 'open',
  uri: 'amqp://u:p@broker:5672',
  sources: [{ addresses: ['q1'], authorizationContext: ['nginx:ditto'] }],
} as const;

const canonical = (changes: JsonObject): JsonObject =>
  connectionToJson(parseConnection({ ...base, ...changes }));

describe('parsing a connection', () => {
  test('fills in the defaults, in the order of Ditto', () => {
    expect(JSON.stringify(canonical({}))).toBe(
      '{"id":"c1","name":null,"connectionType":"amqp-10","connectionStatus":"open","uri":"amqp://u:p@broker:5672",' +
        '"sources":[{"addresses":["q1"],"consumerCount":1,"authorizationContext":["nginx:ditto"],' +
        '"headerMapping":{"correlation-id":"{{header:correlation-id}}","content-type":"{{header:content-type}}","reply-to":"{{header:reply-to}}"},' +
        '"replyTarget":{"address":"{{header:reply-to}}","headerMapping":{"correlation-id":"{{header:correlation-id}}","content-type":"{{header:content-type}}"},' +
        '"expectedResponseTypes":["response","error"],"enabled":true}}],"targets":[],"clientCount":1,"failoverEnabled":true,' +
        '"validateCertificates":true,"processorPoolSize":1,"tags":[]}',
    );
  });

  test('keeps hidden fields and writes them only when asked', () => {
    const hidden = {
      __lifecycle: 'ACTIVE',
      _revision: 3,
      _modified: '2024-01-01T00:00:00Z',
      _created: '2023-01-01T00:00:00Z',
    };
    const connection = parseConnection({ ...base, ...hidden });
    expect(connectionToJson(connection)).not.toHaveProperty('_revision');
    expect(connectionToJson(connection, { hidden: true })).toMatchObject(hidden);
    expect(Object.keys(connectionToJson(connection, { hidden: true })).slice(0, 6)).toEqual([
      '__lifecycle',
      'id',
      'name',
      '_revision',
      '_modified',
      '_created',
    ]);
  });

  test('turns every value of the specific configuration into text', () => {
    const specificConfig = { a: 5, b: true, c: { d: [1] }, e: null, f: 'g' };
    expect(canonical({ specificConfig })['specificConfig']).toEqual({
      a: '5',
      b: 'true',
      c: '{"d":[1]}',
      e: 'null',
      f: 'g',
    });
  });

  test('names like those of Object.prototype are ordinary names', () => {
    const hostile = JSON.parse('{"__proto__":"x","constructor":"y"}') as JsonObject;
    const connection = parseConnection({
      ...base,
      specificConfig: hostile,
      mappingContext: { mappingEngine: 'Ditto', options: hostile },
    });
    expect(Object.keys(connection.specificConfig)).toEqual(['__proto__', 'constructor']);
    expect(connection.specificConfig['toString']).toBeUndefined();
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });

  test('drops mapping definitions that are no objects', () => {
    const { mappingDefinitions } = parseConnection({
      ...base,
      mappingDefinitions: { a: 1, b: [], c: { mappingEngine: 'Ditto', options: {} } },
    });
    expect(Object.keys(mappingDefinitions)).toEqual(['c']);
  });

  test.each<[string, JsonObject, string]>([
    ['the type before anything else', { connectionType: 'x', id: 1 }, 'Connection type <x> is invalid!'],
    [
      'a mapping context before the id',
      { mappingContext: null, id: '?' },
      'JSON did not include required </mappingEngine> field!',
    ],
    ['the id before the status', { id: '?', connectionStatus: 'x' }, "The Connection ID '?' is not valid."],
    ['the wrong kind of number', { clientCount: 1.5 }, 'This JSON value is not an int: 1.5'],
    [
      'a number too large for an int',
      { clientCount: 3000000000 },
      'This JSON value is not an int: 3000000000',
    ],
    ['an address that is no text', { sources: [{ addresses: [1] }] }, 'This JSON value is not a string: 1'],
    [
      'the flag inside a reply target',
      { sources: [{ replyTarget: { enabled: 'x', address: 1 } }] },
      'Value <"x"> for </replyTarget/enabled> is not of type <Boolean>!',
    ],
    [
      'missing contexts of both kinds',
      { sources: [{ addresses: ['a', 'b'] }], targets: [{ address: 'x' }] },
      'The Sources [a, b] and Targets [x] are missing an authorization context.',
    ],
    [
      'the URI last',
      { uri: 'x', targets: [{ address: 'x' }] },
      'The Targets [x] are missing an authorization context.',
    ],
    [
      'a time that is none',
      { _created: 'x' },
      "The JSON object's field '/_modified' is not in ISO-8601 format as expected",
    ],
  ])('reports %s', (_, changes, message) => {
    expect(() => parseConnection({ ...base, ...changes })).toThrow(message);
  });

  test.each<JsonValue>([null, 1, 'x', [], true])('refuses %j', (json) => {
    expect(() => parseConnection(json)).toThrow('This JSON value is not an object');
  });
});

describe('a stored connection', () => {
  test('of an old form is brought up to date', () => {
    const stored = {
      ...base,
      authorizationContext: ['a:b'],
      sources: [{ addresses: ['s'], filters: ['{{ thing:id }}'] }, 'junk'],
      targets: [
        { address: 'x/{{topic:action|subject}}', headerMapping: { a: '{{topic:action|subject}}' } },
        { address: 'y' },
      ],
    };
    expect(connectionToJson(parseStoredConnection(stored))).toMatchObject({
      sources: [
        {
          authorizationContext: ['a:b'],
          enforcement: { input: '{{ source:address }}', filters: ['{{ thing:id }}'] },
        },
      ],
      targets: [
        { address: 'x/{{topic:action-subject}}', headerMapping: { a: '{{topic:action-subject}}' } },
        {
          headerMapping: { 'correlation-id': '{{header:correlation-id}}', 'reply-to': '{{header:reply-to}}' },
        },
      ],
    });
  });
});
