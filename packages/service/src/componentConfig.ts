import {
  type ActorsConfig,
  defaultActorsConfig,
  defaultLineConfig,
  type LineConfig,
  type SettleMode,
} from '@hawser/actors';
import {
  compileHostPolicy,
  defaultValidationConfig,
  type HonoConfig,
  type HostLookup,
  type ValidationConfig,
} from '@hawser/core';
import { type Config, ConfigError } from './config/config.ts';
import { instanceOf } from './instanceOf.ts';
import type { ScriptLimits } from './scripts/scriptLimits.ts';
import { version } from './version.ts';

/* Where the keys of the configuration reach the parts that they are for. */

/** The names of `blocked-hostnames`, to be looked up before the rules can be made. */
export const blockedHostnamesOf = (config: Config): readonly string[] =>
  listOf(config['ditto.connectivity.connection.blocked-hostnames']);

/** @param lookup knows the blocked names */
export function validationConfigOf(config: Config, lookup: HostLookup): ValidationConfig {
  return {
    ...defaultValidationConfig,
    maxSources: config['ditto.connectivity.connection.max-source-number'],
    maxTargets: config['ditto.connectivity.connection.max-target-number'],
    maxSourceMappers: config['ditto.connectivity.mapping.mapper-limits.max-source-mappers'],
    maxTargetMappers: config['ditto.connectivity.mapping.mapper-limits.max-target-mappers'],
    hosts: compileHostPolicy(
      {
        allowedHostnames: listOf(config['ditto.connectivity.connection.allowed-hostnames']),
        blockedHostnames: blockedHostnamesOf(config),
        blockedSubnets: listOf(config['ditto.connectivity.connection.blocked-subnets']),
        blockedHostRegex: config['ditto.connectivity.connection.blocked-host-regex'],
        profile: config['hawser.strict-hosts'] ? 'strict' : 'ditto',
      },
      lookup,
    ),
    enforceHttpsForOAuth2: config['ditto.connectivity.connection.http-push.oauth2.enforce-https'],
  };
}

export function lineConfigOf(config: Config): LineConfig {
  const mqtt = {
    cleanSession: config['ditto.connectivity.connection.mqtt.clean-session'],
    reconnectForRedelivery: config['ditto.connectivity.connection.mqtt.reconnect-for-redelivery'],
    reconnectForRedeliveryDelayMs:
      config['ditto.connectivity.connection.mqtt.reconnect-for-redelivery-delay'],
    sessionExpiryIntervalMs: config['ditto.connectivity.connection.mqtt.session-expiry-interval'],
    separatePublisherClient: config['ditto.connectivity.connection.mqtt.separate-publisher-client'],
    receiveMaximumClient: config['ditto.connectivity.connection.mqtt.receive-maximum-client'],
  };
  const kafka = kafkaConfigOf(config);
  return {
    ...defaultLineConfig,
    instanceId: instanceOf(config),
    settle: settleModeOf(config['hawser.settle']),
    publishTimeoutMs: config['hawser.publish-timeout'],
    maxInboundBytes: config['hawser.max-inbound-bytes'],
    maxInFlight: config['hawser.max-in-flight'],
    maxUnsourced: config['hawser.max-queued-signals'],
    maxPoolSize: config['ditto.connectivity.mapping.max-pool-size'],
    publishFailedEnrichments: config['ditto.connectivity.mapping.publish-failed-enrichments'],
    ackForwarderTimeoutMs: config['ditto.connectivity.connection.acknowledgement.forwarder-fallback-timeout'],
    ackCollectorLifetimeMs:
      config['ditto.connectivity.connection.acknowledgement.collector-fallback-lifetime'],
    ackLabelDeclareIntervalMs: config['ditto.connectivity.connection.ack-label-declare-interval'],
    client: {
      ...defaultLineConfig.client,
      connectingMinTimeoutMs: config['ditto.connectivity.client.connecting-min-timeout'],
      connectingMaxTimeoutMs: config['ditto.connectivity.client.connecting-max-timeout'],
      connectingMaxTries: config['ditto.connectivity.client.connecting-max-tries'],
      minBackoffMs: config['ditto.connectivity.client.min-backoff'],
      maxBackoffMs: config['ditto.connectivity.client.max-backoff'],
      disconnectingMaxTimeoutMs: config['ditto.connectivity.client.disconnecting-max-timeout'],
      disconnectAnnouncementTimeoutMs: config['ditto.connectivity.client.disconnect-announcement-timeout'],
      testingTimeoutMs: config['ditto.connectivity.client.testing-timeout'],
    },
    shutdownTimeoutMs: config['ditto.connectivity.connection.shutdown-timeout'],
    logs: {
      successCapacity: config['ditto.connectivity.monitoring.logger.successCapacity'],
      failureCapacity: config['ditto.connectivity.monitoring.logger.failureCapacity'],
      maxLogSizeBytes: config['ditto.connectivity.monitoring.logger.maxLogSizeBytes'],
    },
    throttling: throttlingOf(config),
    protocols: {
      mqtt,
      'mqtt-5': mqtt,
      'amqp-10': amqp10ConfigOf(config),
      kafka,
      hono: kafka,
      'http-push': httpPushConfigOf(config),
    },
  };
}

function kafkaConfigOf(config: Config): Readonly<Record<string, unknown>> {
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

function httpPushConfigOf(config: Config): Readonly<Record<string, unknown>> {
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

function amqp10ConfigOf(config: Config): Readonly<Record<string, unknown>> {
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

/** What Ditto compares with the limits of its consumers. */
function throttlingOf(config: Config): NonNullable<LineConfig['throttling']> {
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

export function actorsConfigOf(config: Config): ActorsConfig {
  const connection = 'ditto.connectivity.connection';
  return {
    ...defaultActorsConfig,
    shards: config['ditto.cluster.number-of-shards'],
    snapshotThreshold: config[`${connection}.snapshot.threshold`],
    snapshotIntervalMs: config[`${connection}.snapshot.interval`],
    inactiveIntervalMs: config[`${connection}.activity-check.inactive-interval`],
    deletedIntervalMs: config[`${connection}.activity-check.deleted-interval`],
    backoff: {
      minMs: config[`${connection}.supervisor.exponential-backoff.min`],
      maxMs: config[`${connection}.supervisor.exponential-backoff.max`],
      randomFactor: config[`${connection}.supervisor.exponential-backoff.random-factor`],
    },
    corruptedReceiveTimeoutMs:
      config[`${connection}.supervisor.exponential-backoff.corrupted-receive-timeout`],
    localAskTimeoutMs: config[`${connection}.supervisor.local-ask.timeout`],
    clientAskTimeoutMs: config[`${connection}.client-actor-ask-timeout`],
    priorityUpdateIntervalMs: config[`${connection}.priority-update-interval`],
    logDurationMs: config['ditto.connectivity.monitoring.logger.logDuration'],
    loggingActiveCheckIntervalMs: config['ditto.connectivity.monitoring.logger.loggingActiveCheckInterval'],
    recovery: {
      ...defaultActorsConfig.recovery,
      opensPerInterval: config['hawser.recovery.entities'],
      openIntervalMs: config['hawser.recovery.interval'],
    },
    ping: {
      journalTag: config['ditto.connectivity.persistence-ping.journal-tag'],
      initialDelayMs: config['ditto.connectivity.persistence-ping.initial-delay'],
      intervalMs: config['ditto.connectivity.persistence-ping.interval'],
      order: config['ditto.connectivity.persistence-ping.streaming-order'] === 'ID' ? 'ID' : 'TAGS',
      rateFrequencyMs: config['ditto.connectivity.persistence-ping.rate.frequency'],
      rateEntities: config['ditto.connectivity.persistence-ping.rate.entities'],
    },
    historicalHeaders: config[`${connection}.event.historical-headers-to-persist`],
    idempotentCommands: config['hawser.idempotent-commands'],
  };
}

export const honoConfigOf = (config: Config): HonoConfig => ({
  baseUri: config['ditto.connectivity.hono.base-uri'],
  validateCertificates: config['ditto.connectivity.hono.validate-certificates'],
  ca: config['ditto.connectivity.hono.ca'],
  saslMechanism: config['ditto.connectivity.hono.sasl-mechanism'],
  bootstrapServers: config['ditto.connectivity.hono.bootstrap-servers'],
  username: config['ditto.connectivity.hono.username'],
  password: config['ditto.connectivity.hono.password'],
});

export const scriptLimitsOf = (config: Config): ScriptLimits => ({
  maxScriptSizeBytes: config['ditto.connectivity.mapping.javascript.maxScriptSizeBytes'],
  maxExecutionTimeMs: config['ditto.connectivity.mapping.javascript.maxScriptExecutionTime'],
  maxStackDepth: config['ditto.connectivity.mapping.javascript.maxScriptStackDepth'],
  maxMemoryBytes: config['hawser.scripts.max-memory-bytes'],
  maxThreads: config['hawser.scripts.max-threads'],
  maxQueuedCalls: config['hawser.scripts.max-queued-messages'],
});

function settleModeOf(text: string): SettleMode {
  if (text === 'finished' || text === 'ditto') return text;
  throw new ConfigError(`hawser.settle: expected finished or ditto, got ${JSON.stringify(text)}`);
}

const listOf = (text: string): readonly string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
