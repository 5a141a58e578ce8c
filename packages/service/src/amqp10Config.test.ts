import { expect, test } from '@jest/globals';
import { lineConfigOf } from './componentConfig.ts';
import { loadConfig } from './config/config.ts';

test("Ditto's settings of AMQP 1.0 reach its clients", () => {
  const env = {
    AMQP10_GLOBAL_CONNECT_TIMEOUT: '1s',
    AMQP10_GLOBAL_SEND_TIMEOUT: '2s',
    AMQP10_GLOBAL_REQUEST_TIMEOUT: '3s',
    AMQP10_GLOBAL_PREFETCH_POLICY_ALL_COUNT: '4',
    AMQP10_PUBLISHER_MAX_QUEUE_SIZE: '5',
    AMQP10_PRODUCER_CACHE_SIZE: '6',
    AMQP10_BACK_OFF_MIN_TIMEOUT: '7s',
    AMQP10_BACK_OFF_MAX_TIMEOUT: '8s',
    AMQP10_CONSUMER_THROTTLING_ENABLED: 'true',
    AMQP10_CONSUMER_THROTTLING_INTERVAL: '9s',
    AMQP10_CONSUMER_THROTTLING_LIMIT: '10',
    AMQP10_CONSUMER_THROTTLING_MAX_IN_FLIGHT_FACTOR: '1.5',
    AMQP10_CONSUMER_REDELIVERY_EXPECTATION_TIMEOUT: '11s',
  };
  expect(lineConfigOf(loadConfig({ env }).config).protocols['amqp-10']).toEqual({
    connectTimeoutMs: 1_000,
    sendTimeoutMs: 2_000,
    requestTimeoutMs: 3_000,
    prefetch: 4,
    maxQueueSize: 5,
    producerCacheSize: 6,
    backoffMinTimeoutMs: 7_000,
    backoffMaxTimeoutMs: 8_000,
    throttlingEnabled: true,
    throttlingIntervalMs: 9_000,
    throttlingLimit: 10,
    throttlingMaxInFlightFactor: 1.5,
    redeliveryExpectationTimeoutMs: 11_000,
  });
});
