import { expect, test } from '@jest/globals';
import { loadConfig } from './config/config.ts';
import { transportConfigOf } from './transportConfig.ts';
import { version } from './version.ts';

test("the variables of Ditto's HTTP push reach its transport", () => {
  const { config, warnings } = loadConfig({
    env: {
      CONNECTIVITY_HTTP_PUSH_MAX_QUEUE_SIZE: '7',
      CONNECTIVITY_HTTP_PUSH_REQUEST_TIMEOUT: '5s',
      CONNECTIVITY_HTTP_PROXY_ENABLED: 'true',
      CONNECTIVITY_HTTP_PROXY_HOST: 'proxy',
      CONNECTIVITY_HTTP_PROXY_PORT: '3128',
      CONNECTIVITY_HTTP_PROXY_USERNAME: 'u',
      CONNECTIVITY_HTTP_PROXY_PASSWORD: 'p',
      CONNECTIVITY_HTTP_OAUTH2_MAX_CLOCK_SKEW: '1m',
      CONNECTIVITY_HTTP_OMIT_REQUEST_BODY_METHODS: 'GET, PUT',
      CONNECTIVITY_ACKNOWLEDGEMENT_ISSUED_MAX_BYTES: '99',
    },
  });
  expect(warnings).toEqual([]);
  expect(transportConfigOf(config)['http-push']).toEqual({
    maxQueueSize: 7,
    requestTimeoutMs: 5_000,
    proxyEnabled: true,
    proxyHostname: 'proxy',
    proxyPort: 3128,
    proxyUsername: 'u',
    proxyPassword: 'p',
    maxClockSkewMs: 60_000,
    omitRequestBodyMethods: ['GET', 'PUT'],
    issuedMaxBytes: 99,
    userAgent: `eclipse-ditto/${version}`,
  });
});

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
  expect(transportConfigOf(loadConfig({ env }).config)['amqp-10']).toEqual({
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
