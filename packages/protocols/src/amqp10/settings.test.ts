import { MisconfiguredError } from '@hawser/core';
import { expect, test } from '@jest/globals';
import { Backoff } from './backoff.ts';
import { destinationOf } from './destination.ts';
import { amqp10Settings, failoverDelayMs } from './settings.ts';

const settings = (specificConfig: Record<string, string>, config: Record<string, unknown> = {}) =>
  amqp10Settings({ specificConfig }, { config });

test('without a word anywhere they are those of Ditto', () => {
  expect(settings({})).toMatchObject({
    connectTimeoutMs: 15_000,
    sendTimeoutMs: 60_000,
    requestTimeoutMs: 5_000,
    credit: 10,
    maxQueueSize: 1_000,
    producerCacheSize: 10,
    backoffMinMs: 1_000,
    backoffMaxMs: 600_000,
    idleTimeoutMs: 60_000,
    throttling: undefined,
  });
});

test('a connection overrides the configuration; the prefetch policy is ignored', () => {
  const specificConfig = {
    'jms.sendTimeout': '5',
    'jms.prefetchPolicy.all': '500',
    'amqp.vhost': 'v',
    'transport.verifyHost': 'false',
    'amqp.traceFrames': 'true',
  };
  expect(settings(specificConfig, { sendTimeoutMs: 7, requestTimeoutMs: 8, prefetch: 9 })).toMatchObject({
    sendTimeoutMs: 5,
    requestTimeoutMs: 8,
    credit: 9,
    virtualHost: 'v',
    verifyHost: false,
  });
});

test('throttling is on when the configuration says so', () => {
  const config = { throttlingEnabled: true, throttlingLimit: 10, throttlingMaxInFlightFactor: 1.5 };
  expect(settings({}, config).throttling).toEqual({
    intervalMs: 1_000,
    limit: 10,
    maxInFlight: 15,
    redeliveryExpectationMs: 120_000,
  });
});

test('what is no number is the fault of the user', () => {
  expect(() => settings({ 'jms.connectTimeout': 'soon' })).toThrow(
    new MisconfiguredError('For input string: "soon"'),
  );
});

test.each<[Record<string, string>, number[]]>([
  [{}, [128, 256, 512, 1_024]],
  [{ 'failover.initialReconnectDelay': '0', 'failover.reconnectDelay': '10' }, [0, 20, 40, 80]],
  [{ 'failover.maxReconnectDelay': '300' }, [128, 256, 300, 300]],
  [{ 'failover.reconnectBackOffMultiplier': '3' }, [128, 384, 1_152, 3_456]],
  [{ 'failover.useReconnectBackOff': 'false' }, [128, 128, 128, 128]],
  [{ 'failover.reconnectDelay': 'soon', 'failover.reconnectBackOffMultiplier': '0' }, [128, 256, 512, 1_024]],
])('failover with %p pauses %p', (specificConfig, delays) => {
  expect([1, 2, 3, 4].map((attempt) => failoverDelayMs({ specificConfig }, attempt))).toEqual(delays);
});

test('failover waits no longer than 15 min', () => {
  expect(failoverDelayMs({ specificConfig: {} }, 5_000)).toBe(900_000);
});

test('a back-off doubles, and begins again after a while without one', () => {
  const backoff = new Backoff(1_000, 3_000);
  expect([0, 1_100, 3_200, 6_300].map((now) => backoff.next(now))).toEqual([1_000, 2_000, 3_000, 3_000]);
  expect(backoff.next(6_300 + 6_001)).toBe(1_000);
});

test.each([
  ['name', 'name', 'queue'],
  ['queue://name', 'name', 'queue'],
  ['topic://name', 'name', 'topic'],
  ['/queue/name', '/queue/name', 'queue'],
])('the address %s is %s, a %s', (address, name, kind) => {
  expect(destinationOf(address)).toEqual({ name, kind });
});
