import { sampleConnection, sampleSource } from '@hawser/testkit';
import { expect, test } from '@jest/globals';
import { kafkaSettings } from './settings.ts';
import { toBroker } from './sockets.ts';

const settings = (
  parts: Parameters<typeof sampleConnection>[0] = {},
  config: Record<string, unknown> = {},
  maxInFlight = 1_000,
) =>
  kafkaSettings(sampleConnection({ id: 'c1', connectionType: 'kafka', uri: 'tcp://kafka:9092', ...parts }), {
    config,
    maxInFlight,
  });

test('Ditto’s defaults', () => {
  expect(settings()).toMatchObject({
    bootstrapServers: ['kafka:9092'],
    saslMechanism: 'plain',
    groupId: 'c1',
    offsetReset: 'latest',
    isDebugEnabled: false,
    maxInFlight: 200,
    throttling: undefined,
    fetchMaxWaitMs: 2_500,
    sessionTimeoutMs: 10_000,
    heartbeatIntervalMs: 3_000,
    commit: { maxBatch: 1_000, maxIntervalMs: 10_000 },
    restart: { minMs: 100, maxMs: 60_000 },
    queueSize: 1_000,
  });
});

test('what a connection says of its own', () => {
  const specificConfig = {
    bootstrapServers: 'a:1, b:2,\n kafka:9092',
    saslMechanism: 'SCRAM-SHA-512',
    groupId: 'g-{{ connection:id }}',
    consumerOffsetReset: 'EARLIEST',
    debugEnabled: 'TRUE',
  };
  expect(settings({ specificConfig })).toMatchObject({
    bootstrapServers: ['kafka:9092', 'a:1', 'b:2'],
    saslMechanism: 'scram-sha-512',
    groupId: 'g-c1',
    offsetReset: 'earliest',
    isDebugEnabled: true,
  });
});

test('all consumers of a client share what may be under way', () => {
  const sources = [
    sampleSource({ addresses: ['a', 'b'], consumerCount: 2 }),
    sampleSource({ addresses: ['c'] }),
  ];
  expect(settings({ sources }, {}, 100).maxInFlight).toBe(20);
  expect(settings({ sources }, { maxInFlight: 10 }, 100).maxInFlight).toBe(10);
  expect(settings({ sources }, { maxInFlight: 0 }, 100).maxInFlight).toBe(1);
});

test('throttling is off unless it is switched on', () => {
  expect(settings({}, { throttlingLimit: 7, throttlingIntervalMs: 50 }).throttling).toBeUndefined();
  expect(
    settings({}, { isThrottling: true, throttlingLimit: 7, throttlingIntervalMs: 50 }).throttling,
  ).toEqual({
    limit: 7,
    intervalMs: 50,
  });
});

test('servers with addresses of IPv6 survive the driver, which splits at the first colon', () => {
  expect(settings({ uri: 'tcp://[::1]:9092' }).bootstrapServers).toEqual(['[::1]:9092']);
  expect(toBroker('[::1]:9092').split(':')).toEqual(['%3A%3A1', '9092']);
  expect(toBroker('host:9092')).toBe('host:9092');
});
