import type { ConnectionType } from '@hawser/core';
import type { LineLimits } from '../pipeline/line.ts';
import { defaultLogLimits, type LogKind, type LogLimits, type LogPublish } from '../pipeline/logRing.ts';
import type { ThrottleLimit } from '../pipeline/throttling.ts';
import type { RetryLimits } from './retrySchedule.ts';

/** Everything about clients and their lines that is configuration; durations in ms. */
export interface LineConfig extends LineLimits {
  /** Shown as `client` of status entries: `INSTANCE_INDEX`, else the host name. */
  readonly instanceId: string;
  /** `HAWSER_PUBLISH_TIMEOUT`. */
  readonly publishTimeoutMs: number;
  /** Largest message taken from a broker, bytes. */
  readonly maxInboundBytes: number;
  /** Most source messages under way per client. */
  readonly maxInFlight: number;
  /** Most unfinished publishes of signals that come from no source message, per client. */
  readonly maxUnsourced: number;
  /** `ditto.connectivity.client.*` */
  readonly client: RetryLimits & {
    readonly disconnectingMaxTimeoutMs: number;
    readonly disconnectAnnouncementTimeoutMs: number;
    readonly testingTimeoutMs: number;
    readonly socketProbeTimeoutMs: number;
  };
  /** `ditto.connectivity.connection.shutdown-timeout`: how long a closing client waits for what is under way. */
  readonly shutdownTimeoutMs: number;
  readonly logs: LogLimits;
  /** What gets the entries of a logger, whether the connection's own log is muted or not; asked once a logger. */
  readonly publishLog?: (connectionId: string, kind: LogKind) => LogPublish | undefined;
  /** Messages that the sources of a connection type may take in; beyond they count as throttled. */
  readonly throttling?: Readonly<Partial<Record<ConnectionType, ThrottleLimit>>>;
  /** `ditto.connectivity.connection.<protocol>.*` by connection type; durations as numbers of ms, keys in camel case. */
  readonly protocols: Readonly<Partial<Record<ConnectionType, Readonly<Record<string, unknown>>>>>;
}

/** Ditto's defaults; what Ditto does not know is documented in docs/configuration. */
export const defaultLineConfig: LineConfig = {
  instanceId: 'unknown-client',
  settle: 'finished',
  publishTimeoutMs: 60_000,
  maxInboundBytes: 1_048_576,
  maxInFlight: 1_000,
  maxUnsourced: 1_000,
  maxPoolSize: 5,
  publishFailedEnrichments: false,
  ackForwarderTimeoutMs: 65_000,
  ackCollectorLifetimeMs: 100_000,
  ackLabelDeclareIntervalMs: 10_000,
  client: {
    connectingMinTimeoutMs: 50_000,
    connectingMaxTimeoutMs: 3_600_000,
    connectingMaxTries: 50,
    minBackoffMs: 5_000,
    maxBackoffMs: 3_600_000,
    disconnectingMaxTimeoutMs: 5_000,
    disconnectAnnouncementTimeoutMs: 3_000,
    testingTimeoutMs: 10_000,
    socketProbeTimeoutMs: 2_000,
  },
  shutdownTimeoutMs: 3_000,
  logs: defaultLogLimits,
  protocols: {},
};
