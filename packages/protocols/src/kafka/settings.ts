import { type ClientContext, type Connection, compileTemplate, connectionPlaceholder } from '@hawser/core';
import { configNumber } from '../configNumber.ts';
import { endpointOf } from '../endpoint.ts';

/** What the URI, `specificConfig` and the service's configuration say about a Kafka connection (spec 04, 8). */
export interface KafkaSettings {
  /** `host:port`, each once; the one of the URI first. */
  readonly bootstrapServers: readonly string[];
  readonly saslMechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512';
  readonly groupId: string;
  /** Where a group begins that has no committed offset yet. */
  readonly offsetReset: 'earliest' | 'latest';
  /** Acknowledgements say where the record was written. */
  readonly isDebugEnabled: boolean;
  /** Most records under way per consumer. */
  readonly maxInFlight: number;
  /** Records taken in per interval and consumer; absent: as fast as they come. */
  readonly throttling: { readonly limit: number; readonly intervalMs: number } | undefined;
  /** Offsets of sources with qos 0 are committed now and then. */
  readonly isAutoCommit: boolean;
  readonly fetchMaxWaitMs: number;
  readonly sessionTimeoutMs: number;
  readonly heartbeatIntervalMs: number;
  readonly consumerMetadataMaxAgeMs: number;
  readonly restart: { readonly minMs: number; readonly maxMs: number; readonly randomFactor: number };
  readonly commit: { readonly maxBatch: number; readonly maxIntervalMs: number };
  readonly queueSize: number;
  readonly parallelism: number;
  readonly requestTimeoutMs: number;
  readonly producerMetadataMaxAgeMs: number;
}

const placeholders = [connectionPlaceholder];

/** Of what validation has accepted: unknown texts do not get here. */
export function kafkaSettings(
  connection: Connection,
  { config, maxInFlight }: Pick<ClientContext, 'config' | 'maxInFlight'>,
): KafkaSettings {
  const { specificConfig, id } = connection;
  const number = (key: string, otherwise: number): number => configNumber(config, key, otherwise);
  const groupId = specificConfig['groupId'];
  return {
    bootstrapServers: bootstrapServersOf(connection),
    saslMechanism: mechanismOf(specificConfig['saslMechanism'] ?? 'PLAIN'),
    groupId:
      groupId === undefined ? id : compileTemplate(groupId, placeholders).require({ connectionId: id }),
    offsetReset: specificConfig['consumerOffsetReset']?.toLowerCase() === 'earliest' ? 'earliest' : 'latest',
    isDebugEnabled: specificConfig['debugEnabled']?.toLowerCase() === 'true',
    maxInFlight: Math.max(
      1,
      Math.min(number('maxInFlight', 200), Math.ceil(maxInFlight / consumersOf(connection))),
    ),
    throttling:
      config['isThrottling'] === true
        ? {
            limit: Math.max(1, number('throttlingLimit', 100)),
            intervalMs: number('throttlingIntervalMs', 1_000),
          }
        : undefined,
    isAutoCommit: config['isAutoCommit'] !== false,
    fetchMaxWaitMs: number('fetchMaxWaitMs', 2_500),
    sessionTimeoutMs: number('sessionTimeoutMs', 10_000),
    heartbeatIntervalMs: number('heartbeatIntervalMs', 3_000),
    consumerMetadataMaxAgeMs: number('consumerMetadataMaxAgeMs', 180_000),
    restart: {
      minMs: number('restartMinMs', 100),
      maxMs: number('restartMaxMs', 60_000),
      randomFactor: number('restartRandomFactor', 1),
    },
    commit: {
      maxBatch: number('commitMaxBatch', 1_000),
      maxIntervalMs: number('commitMaxIntervalMs', 10_000),
    },
    queueSize: number('queueSize', 1_000),
    parallelism: number('parallelism', 10),
    requestTimeoutMs: number('requestTimeoutMs', 10_000),
    producerMetadataMaxAgeMs: number('producerMetadataMaxAgeMs', 180_000),
  };
}

/** The URI's server and those of `bootstrapServers`, in which whatever is no part of a server may separate them. */
function bootstrapServersOf(connection: Connection): readonly string[] {
  const { host, port } = endpointOf(connection);
  const given = connection.specificConfig['bootstrapServers']?.match(/[^\s,]+/g) ?? [];
  return [...new Set([`${host.includes(':') ? `[${host}]` : host}:${port}`, ...given])];
}

function mechanismOf(text: string): KafkaSettings['saslMechanism'] {
  const mechanism = text.toLowerCase();
  return mechanism === 'scram-sha-256' || mechanism === 'scram-sha-512' ? mechanism : 'plain';
}

function consumersOf({ sources }: Connection): number {
  const count = sources.reduce(
    (sum, source) => sum + source.addresses.length * Math.max(1, source.consumerCount),
    0,
  );
  return Math.max(1, count);
}
