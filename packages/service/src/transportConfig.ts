import type { LineConfig } from '@hawser/actors';
import type { Config } from './config/config.ts';
import { version } from './version.ts';

/* Where the keys of the configuration reach the transports; durations in ms. */

type TransportConfig = Readonly<Record<string, unknown>>;

export function transportConfigOf(config: Config): LineConfig['protocols'] {
  const mqtt = mqttConfigOf(config);
  const kafka = kafkaConfigOf(config);
  return {
    mqtt,
    'mqtt-5': mqtt,
    'amqp-10': amqp10ConfigOf(config),
    kafka,
    hono: kafka,
    'http-push': httpPushConfigOf(config),
  };
}

function mqttConfigOf(config: Config): TransportConfig {
  const root = 'ditto.connectivity.connection.mqtt';
  return {
    cleanSession: config[`${root}.clean-session`],
    reconnectForRedelivery: config[`${root}.reconnect-for-redelivery`],
    reconnectForRedeliveryDelayMs: config[`${root}.reconnect-for-redelivery-delay`],
    sessionExpiryIntervalMs: config[`${root}.session-expiry-interval`],
    separatePublisherClient: config[`${root}.separate-publisher-client`],
    receiveMaximumClient: config[`${root}.receive-maximum-client`],
  };
}

function amqp10ConfigOf(config: Config): TransportConfig {
  const root = 'ditto.connectivity.connection.amqp10';
  return {
    connectTimeoutMs: config[`${root}.global-connect-timeout`],
    sendTimeoutMs: config[`${root}.global-send-timeout`],
    requestTimeoutMs: config[`${root}.global-request-timeout`],
    prefetch: config[`${root}.global-prefetch-policy-all-count`],
    maxQueueSize: config[`${root}.publisher.max-queue-size`],
    producerCacheSize: config[`${root}.producer-cache-size`],
    backoffMinTimeoutMs: config[`${root}.backoff.timeout.min-timeout`],
    backoffMaxTimeoutMs: config[`${root}.backoff.timeout.max-timeout`],
    throttlingEnabled: config[`${root}.consumer.throttling.enabled`],
    throttlingIntervalMs: config[`${root}.consumer.throttling.interval`],
    throttlingLimit: config[`${root}.consumer.throttling.limit`],
    throttlingMaxInFlightFactor: config[`${root}.consumer.throttling.max-in-flight-factor`],
    redeliveryExpectationTimeoutMs: config[`${root}.consumer.redelivery-expectation-timeout`],
  };
}

function kafkaConfigOf(config: Config): TransportConfig {
  const consumer = 'ditto.connectivity.connection.kafka.consumer';
  const producer = 'ditto.connectivity.connection.kafka.producer';
  const committer = 'ditto.connectivity.connection.kafka.committer.pekko-connectors';
  const ofConsumer = `${consumer}.pekko-connectors.kafka-clients` as const;
  const ofProducer = `${producer}.pekko-connectors.kafka-clients` as const;
  const limit = config[`${consumer}.throttling.limit`];
  return {
    maxInFlight: Math.trunc(limit * config[`${consumer}.throttling.max-in-flight-factor`]),
    isThrottling: config[`${consumer}.throttling.enabled`],
    throttlingLimit: limit,
    throttlingIntervalMs: config[`${consumer}.throttling.interval`],
    restartMinMs: config[`${consumer}.restart.exponential-backoff.min`],
    restartMaxMs: config[`${consumer}.restart.exponential-backoff.max`],
    restartRandomFactor: config[`${consumer}.restart.exponential-backoff.random-factor`],
    isAutoCommit: config[`${ofConsumer}.enable.auto.commit`],
    fetchMaxWaitMs: config[`${ofConsumer}.fetch.max.wait.ms`],
    sessionTimeoutMs: config[`${ofConsumer}.session.timeout.ms`],
    heartbeatIntervalMs: config[`${ofConsumer}.heartbeat.interval.ms`],
    consumerMetadataMaxAgeMs: config[`${ofConsumer}.metadata.max.age.ms`],
    commitMaxBatch: config[`${committer}.max-batch`],
    commitMaxIntervalMs: config[`${committer}.max-interval`],
    queueSize: config[`${producer}.queue-size`],
    parallelism: config[`${producer}.parallelism`],
    requestTimeoutMs: config[`${ofProducer}.request.timeout.ms`],
    producerMetadataMaxAgeMs: config[`${ofProducer}.metadata.max.age.ms`],
    reconnectMinMs: config[`${ofProducer}.reconnect.backoff.ms`],
    reconnectMaxMs: config[`${ofProducer}.reconnect.backoff.max.ms`],
  };
}

function httpPushConfigOf(config: Config): TransportConfig {
  const root = 'ditto.connectivity.connection.http-push';
  return {
    maxQueueSize: config[`${root}.max-queue-size`],
    requestTimeoutMs: config[`${root}.request-timeout`],
    proxyEnabled: config[`${root}.proxy.enabled`],
    proxyHostname: config[`${root}.proxy.hostname`],
    proxyPort: config[`${root}.proxy.port`],
    proxyUsername: config[`${root}.proxy.username`],
    proxyPassword: config[`${root}.proxy.password`],
    maxClockSkewMs: config[`${root}.oauth2.max-clock-skew`],
    omitRequestBodyMethods: config[`${root}.omit-request-body-methods`],
    issuedMaxBytes: config['ditto.connectivity.connection.acknowledgement.issued-max-bytes'],
    userAgent: `eclipse-ditto/${version}`,
  };
}

/** What Ditto compares with the limits of its consumers. */
export function throttlingOf(config: Config): NonNullable<LineConfig['throttling']> {
  const limitOf = (root: 'amqp10' | 'kafka', metric: 'consumed' | 'mapped') => {
    const key = `ditto.connectivity.connection.${root}.consumer.throttling` as const;
    if (!config[`${key}.enabled`]) return undefined;
    return { metric, perSecond: (config[`${key}.limit`] * 1_000) / config[`${key}.interval`] };
  };
  const amqp10 = limitOf('amqp10', 'consumed');
  const kafka = limitOf('kafka', 'mapped');
  return {
    ...(amqp10 === undefined ? {} : { 'amqp-10': amqp10 }),
    ...(kafka === undefined ? {} : { kafka, hono: kafka }),
  };
}
