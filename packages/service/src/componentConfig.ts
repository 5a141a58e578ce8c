import {
  type ActorsConfig,
  defaultActorsConfig,
  defaultLineConfig,
  type InProcessTwinOptions,
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
import { throttlingOf, transportConfigOf } from './transportConfig.ts';

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
    protocols: transportConfigOf(config),
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

export const twinConfigOf = (config: Config): Pick<InProcessTwinOptions, 'authorization' | 'maxCached'> => ({
  authorization: twinAuthorizationOf(config['hawser.twin.authorization']),
  maxCached: config['hawser.twin.max-cached'],
});

function twinAuthorizationOf(text: string): InProcessTwinOptions['authorization'] {
  if (text === 'static-grant' || text === 'policies') return text;
  throw new ConfigError(
    `hawser.twin.authorization: expected static-grant or policies, got ${JSON.stringify(text)}`,
  );
}

function settleModeOf(text: string): SettleMode {
  if (text === 'finished' || text === 'ditto') return text;
  throw new ConfigError(`hawser.settle: expected finished or ditto, got ${JSON.stringify(text)}`);
}

const listOf = (text: string): readonly string[] =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
