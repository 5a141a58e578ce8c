import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DittoError } from '../errors/dittoError.ts';
import { defaultHonoConfig, resolveHonoConnection } from '../hono/resolveHonoConnection.ts';
import type { JsonValue } from '../json/jsonValue.ts';
import { validateConnection } from '../validation/validateConnection.ts';
import { connectionTypes, responseTypes, topicNames } from './connection.ts';
import { connectionToJson } from './connectionToJson.ts';
import { parseConnection } from './parseConnection.ts';
import { parseStoredConnection } from './storedConnection.ts';

/* Texts as people write them, and as they never should. `&` and `%` in filters do not come back as they went in, as in Ditto. */
const word = fc.stringMatching(/^[a-zA-Z0-9._:-]{1,12}$/);
const anyText = fc.oneof(
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('__proto__', '{{ thing:id }}', ''),
);
const texts = fc.dictionary(fc.oneof(word, fc.constant('__proto__')), anyText, { maxKeys: 3 });
const label = fc.stringMatching(/^[a-zA-Z0-9_:-]{3,9}$/);

const topic = fc
  .tuple(fc.constantFrom(...topicNames), fc.option(fc.array(word, { minLength: 1, maxLength: 2 })))
  .map(([name, namespaces]) => (namespaces === null ? name : `${name}?namespaces=${namespaces.join(',')}`));

const common = {
  authorizationContext: fc.array(
    anyText.filter((text) => text !== ''),
    { minLength: 1, maxLength: 2 },
  ),
  headerMapping: texts,
  payloadMapping: fc.array(anyText, { maxLength: 2 }),
  qos: fc.integer({ min: -1, max: 3 }),
};

const source = fc.record(
  {
    ...common,
    addresses: fc.array(anyText, { maxLength: 3 }),
    consumerCount: fc.integer({ min: -1, max: 5 }),
    enforcement: fc.record({ input: anyText, filters: fc.array(anyText, { maxLength: 2 }) }),
    acknowledgementRequests: fc.record({ includes: fc.array(label, { maxLength: 2 }) }),
    replyTarget: fc.record(
      {
        enabled: fc.boolean(),
        address: anyText,
        headerMapping: texts,
        expectedResponseTypes: fc.subarray([...responseTypes]),
      },
      { requiredKeys: [] },
    ),
    declaredAcks: fc.array(label, { maxLength: 2 }),
  },
  { requiredKeys: ['addresses', 'authorizationContext'] },
);

const target = fc.record(
  {
    ...common,
    address: anyText,
    topics: fc.array(topic, { maxLength: 2 }),
    issuedAcknowledgementLabel: label,
  },
  { requiredKeys: ['address', 'authorizationContext'] },
);

const definition = fc.record(
  { mappingEngine: word, options: fc.dictionary(word, fc.jsonValue()), incomingConditions: texts },
  { requiredKeys: ['mappingEngine', 'options'] },
);

const connection = fc.record(
  {
    id: fc.stringMatching(/^[a-zA-Z0-9:_-]{1,20}$/),
    name: fc.option(anyText),
    connectionType: fc.constantFrom(...connectionTypes),
    connectionStatus: fc.constantFrom('open', 'closed'),
    uri: fc.constantFrom('amqp://a:1', 'tcp://u:p%40@[::1]:5/x', 'https://ü@b.c:443/ä', 'ssl://h:9/'),
    sources: fc.array(source, { minLength: 1, maxLength: 2 }),
    targets: fc.array(target, { maxLength: 2 }),
    clientCount: fc.integer({ min: 1, max: 1 }),
    processorPoolSize: fc.integer({ min: 1, max: 9 }),
    failoverEnabled: fc.boolean(),
    validateCertificates: fc.boolean(),
    specificConfig: texts,
    mappingDefinitions: fc.dictionary(word, definition, { maxKeys: 2 }),
    mappingContext: definition,
    credentials: fc.record({ type: fc.constant('plain'), username: anyText, password: anyText }),
    ca: anyText,
    tags: fc.array(anyText, { maxLength: 3 }),
    _revision: fc.nat(),
    _modified: fc.constant('2026-01-02T03:04:05.670Z'),
  },
  { requiredKeys: ['id', 'connectionType', 'connectionStatus', 'uri', 'sources'] },
);

/** Whatever is no Ditto error comes through. */
function onlyDittoErrors(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof DittoError)) throw error;
  }
}

describe('connections of every kind', () => {
  test('are written so that the same is read again', () => {
    fc.assert(
      fc.property(connection, (json) => {
        const parsed = parseConnection(json as unknown as JsonValue);
        const written = connectionToJson(parsed, { hidden: true });
        expect(parseConnection(written)).toEqual(parsed);
        expect(connectionToJson(parseConnection(written), { hidden: true })).toEqual(written);
        expect(JSON.stringify(parseConnection(JSON.parse(JSON.stringify(written)) as JsonValue))).toBe(
          JSON.stringify(parsed),
        );
      }),
      { numRuns: 300 },
    );
  });

  test('are validated and resolved without any foreign exception', () => {
    fc.assert(
      fc.property(connection, (json) => {
        const parsed = parseConnection(json as unknown as JsonValue);
        onlyDittoErrors(() => validateConnection(parsed));
        onlyDittoErrors(() => resolveHonoConnection(parsed, defaultHonoConfig));
      }),
      { numRuns: 300 },
    );
  });

  test('with any JSON in any place are refused with errors of Ditto alone', () => {
    const keys = [
      'id',
      'sources',
      'targets',
      'credentials',
      'sshTunnel',
      'uri',
      'ca',
      'tags',
      'specificConfig',
      'mappingDefinitions',
      'mappingContext',
      'clientCount',
      '_modified',
      '_revision',
      'name',
    ];
    fc.assert(
      fc.property(connection, fc.constantFrom(...keys), fc.jsonValue(), (json, key, value) => {
        const changed = { ...json, [key]: value } as unknown as JsonValue;
        onlyDittoErrors(() => validateConnection(parseConnection(changed)));
        onlyDittoErrors(() => parseStoredConnection(changed));
      }),
      { numRuns: 500 },
    );
  });

  test('that are no connections at all are refused with errors of Ditto alone', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        onlyDittoErrors(() => parseConnection(json as JsonValue));
        onlyDittoErrors(() => parseStoredConnection(json as JsonValue));
      }),
      { numRuns: 500 },
    );
  });
});
