import { describe, expect, test } from '@jest/globals';
import { DittoError } from '../errors/dittoError.ts';
import type { ConnectionType } from '../model/connection.ts';
import { parseConnection } from '../model/parseConnection.ts';
import { checkClientConfiguration, validateConnection } from './validateConnection.ts';

const uris: Readonly<Record<ConnectionType, string>> = {
  'amqp-091': 'amqp://broker:5672/vhost',
  'amqp-10': 'amqps://broker:5671',
  mqtt: 'tcp://broker:1883',
  'mqtt-5': 'ssl://broker:8883',
  'http-push': 'https://endpoint:443',
  kafka: 'tcp://user:secret@broker:9092',
  hono: '',
};

const source = (changes: object): object => ({
  sources: [{ addresses: ['a'], authorizationContext: ['x:y'], qos: 1, ...changes }],
});
const target = (changes: object): object => ({
  targets: [
    { address: 'a/b', authorizationContext: ['x:y'], topics: ['_/_/things/twin/events'], qos: 1, ...changes },
  ],
});

function answer(connectionType: ConnectionType, changes: object): string {
  const connection = parseConnection({
    id: 'c',
    connectionType,
    connectionStatus: 'open',
    uri: uris[connectionType],
    ...(connectionType === 'kafka' ? { specificConfig: { bootstrapServers: 'a:1' } } : {}),
    ...changes,
  });
  try {
    validateConnection(connection);
    checkClientConfiguration(connection);
    return 'valid';
  } catch (error) {
    if (!(error instanceof DittoError)) throw error;
    return error.message;
  }
}

const NOT_RESOLVED = /could not be resolved\.$/;

describe('what connections of each type may hold', () => {
  test.each<[ConnectionType, object, string | RegExp]>([
    [
      'amqp-091',
      source({ enforcement: { input: '{{ header:x }}', filters: ['{{ feature:id }}'] } }),
      'valid',
    ],
    ['amqp-091', source({ enforcement: { input: '{{ source:address }}', filters: [] } }), NOT_RESOLVED],
    ['amqp-091', target({ address: '/queue' }), 'valid'],
    [
      'amqp-091',
      target({ address: 'a/b/c' }),
      /^The target address 'a\/b\/c' must be specified in the format/,
    ],
    ['amqp-10', target({ address: '{{ thing:id | fn:upper() }}' }), 'valid'],
    ['amqp-10', target({ address: '{{ thing:id | fn:nope() }}' }), 'The function <fn:nope()> is not known.'],
    ['amqp-10', { ...source({}), uri: 'tcp://broker:1' }, "The URI scheme 'tcp' is not valid for AMQP 1.0."],
    [
      'amqp-10',
      {
        ...source({}),
        credentials: { type: 'hmac', algorithm: 'az-sasl', parameters: { sharedKeyName: 'k' } },
      },
      /^Failed to instantiate an amqp provider from the given configuration: JSON did not include required/,
    ],
    ['mqtt', source({ addresses: ['a/#'] }), 'valid'],
    ['mqtt', target({ address: 'a/#' }), /^The provided topic 'a\/#' is not valid: Topic \[a\/#\] must not/],
    ['mqtt', { ...source({}), clientCount: 2 }, 'Client count limited to 1 for MQTT 3.1.1 connections.'],
    ['mqtt', source({ consumerCount: 2 }), 'Consumer count limited to 1 for MQTT 3.1.1 connections.'],
    ['mqtt', source({ headerMapping: { x: '{{ header:mqtt.qos }}' } }), 'valid'],
    ['mqtt', source({ headerMapping: { x: '{{ header:y }}' } }), NOT_RESOLVED],
    [
      'mqtt',
      target({ headerMapping: { x: 'y' } }),
      "The header 'x' is not allowed in MQTT 3.1.1 target header mapping.",
    ],
    ['mqtt', { ...source({}), specificConfig: { keepAlive: 'soon' } }, /^Configured value for Keep Alive/],
    ['mqtt-5', source({ qos: null }), /^MQTT Source <Source of index 0 of connection 'c'> must contain QoS/],
    ['mqtt-5', source({ qos: -1000 }), /^Invalid value '-1,000' for configuration 'qos'/],
    ['mqtt-5', source({ enforcement: { input: '{{ header:x }}', filters: ['{{ thing:id }}'] } }), 'valid'],
    ['mqtt-5', { ...source({}), specificConfig: { lastWillTopic: 'a', lastWillQos: '3.9' } }, /^<3> is not/],
    ['mqtt-5', { ...source({}), specificConfig: { lastWillTopic: 'a', lastWillQos: 'x' } }, 'valid'],
    ['http-push', source({}), "A connection of type 'http-push' may not have any source."],
    ['http-push', target({ address: 'POST:/x:y' }), 'valid'],
    ['http-push', target({ address: 'get:/x' }), /The method 'get' is not supported$/],
    [
      'http-push',
      { ...target({ address: 'PUT:' }), specificConfig: { idleTimeout: '61s' } },
      /^Idle timeout '61'/,
    ],
    ['http-push', { ...target({ address: 'PUT:' }), specificConfig: { parallelism: '0.5' } }, /value '0' of/],
    ['http-push', { ...target({ address: 'PUT:' }), specificConfig: { omitRequestBody: 'GET,,' } }, 'valid'],
    [
      'kafka',
      source({ addresses: ['a/b'] }),
      /^The provided topic 'a\/b' is not valid: Topic name is invalid/,
    ],
    ['kafka', source({ qos: 2 }), /^Invalid 'qos' value for Kafka source/],
    ['kafka', target({ address: 'a#{{ header:p }}' }), 'valid'],
    [
      'kafka',
      target({ address: 'a#{{ header:p }}x' }),
      'Can not parse partition number from <placeholder>x.',
    ],
    ['kafka', target({ address: 'a#2147483648' }), 'Can not parse partition number from 2147483648.'],
    ['kafka', target({ address: '{{ thing:id }}/k' }), 'valid'],
    [
      'kafka',
      { ...target({}), specificConfig: { bootstrapServers: 'a:1 , ' } },
      /^The provided list of bootstrap/,
    ],
    ['kafka', { ...target({}), specificConfig: { bootstrapServers: 'a.b.:65535,b:1' } }, 'valid'],
    [
      'kafka',
      { ...target({}), specificConfig: { bootstrapServers: 'a:65536' } },
      /^The provided list of bootstrap/,
    ],
    ['hono', source({ addresses: ['event'] }), 'valid'],
    ['hono', source({ addresses: ['events'] }), /It should be one of the defined aliases/],
    ['hono', target({ address: 'command' }), 'valid'],
    ['hono', target({}), 'The provided target address <a/b> is invalid. It should be <command>.'],
  ])('%s with %j', (type, changes, expected) => {
    expect(answer(type, changes)).toEqual(
      expected instanceof RegExp ? expect.stringMatching(expected) : expected,
    );
  });

  test('extra fields fail with the error of the placeholder', () => {
    const topics = ['_/_/things/twin/events?extraFields=features/{{ nope:id }}'];
    expect(answer('amqp-10', target({ topics }))).toMatch(NOT_RESOLVED);
  });

  test('a list of bootstrap servers is judged in linear time', () => {
    const bootstrapServers = `${'a:1'.repeat(20_000)}!`;
    const begun = process.cpuUsage();
    expect(answer('kafka', { ...target({}), specificConfig: { bootstrapServers } })).toMatch(
      /^The provided list/,
    );
    expect(process.cpuUsage(begun).user).toBeLessThan(1_000_000);
  });
});

describe('the order of checks', () => {
  test('what concerns every type comes before what concerns one', () => {
    const connection = { ...source({ addresses: [] }), uri: 'wrong://broker:1' };
    expect(answer('kafka', connection)).toBe('Source 0 of connection <c>: addresses may not be empty.');
  });

  test('labels to declare are given, the connection id resolved', () => {
    const connection = parseConnection({
      id: 'c',
      connectionType: 'amqp-10',
      connectionStatus: 'open',
      uri: uris['amqp-10'],
      ...source({ declaredAcks: ['{{connection:id}}:seen'] }),
      ...target({ issuedAcknowledgementLabel: 'live-response' }),
    });
    expect(validateConnection(connection)).toEqual(['c:seen']);
  });
});
