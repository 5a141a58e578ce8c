import type { BackoffConfig } from './nact/backoff.ts';

/** What the actors need of the configuration; names and defaults are Ditto's (`ditto.connectivity.connection.*`). */
export interface ActorsConfig {
  /** Fixed for the life of a store that several processes share. */
  readonly shards: number;
  readonly snapshotThreshold: number;
  readonly snapshotIntervalMs: number;
  /** Closed connections without access for this long leave memory; 0 keeps them. */
  readonly inactiveIntervalMs: number;
  readonly deletedIntervalMs: number;
  readonly backoff: BackoffConfig;
  readonly corruptedReceiveTimeoutMs: number;
  readonly localAskTimeoutMs: number;
  readonly clientAskTimeoutMs: number;
  /** For everything that an actor does when it stops, closing of its clients included. */
  readonly stopTimeoutMs: number;
  readonly priorityUpdateIntervalMs: number;
  readonly logDurationMs: number;
  readonly loggingActiveCheckIntervalMs: number;
  /** Messages that may wait in the mailbox of one connection. */
  readonly mailboxLimit: number;
  readonly recovery: RecoveryConfig;
  readonly ping: PingConfig;
  /** Journal tags and headers kept with events: `event.historical-headers-to-persist`. */
  readonly historicalHeaders: readonly string[];
  /** The same command with the same `correlation-id` is answered as before; per command by header `hawser-idempotent`. */
  readonly idempotentCommands: boolean;
  readonly idempotencyWindowMs: number;
}

export interface RecoveryConfig {
  /** Reopen the connections that were open (`remember-entities`). */
  readonly enabled: boolean;
  /** Journals read at the same time. */
  readonly parallel: number;
  /** Clients opened per interval after a start: Ditto's pace protects the brokers. 0 opens without a pace. */
  readonly opensPerInterval: number;
  readonly openIntervalMs: number;
}

export interface PingConfig {
  /** Empty: every connection that should be open, by whatever its newest event says. */
  readonly journalTag: string;
  readonly initialDelayMs: number;
  readonly intervalMs: number;
  readonly order: 'TAGS' | 'ID';
  readonly rateFrequencyMs: number;
  readonly rateEntities: number;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

export const defaultActorsConfig: ActorsConfig = {
  shards: 20,
  snapshotThreshold: 10,
  snapshotIntervalMs: 15 * MINUTE,
  inactiveIntervalMs: 45 * MINUTE,
  deletedIntervalMs: 5 * MINUTE,
  backoff: { minMs: SECOND, maxMs: 120 * SECOND, randomFactor: 1 },
  corruptedReceiveTimeoutMs: 600 * SECOND,
  localAskTimeoutMs: 50 * SECOND,
  clientAskTimeoutMs: 55 * SECOND,
  stopTimeoutMs: 10 * SECOND,
  priorityUpdateIntervalMs: 24 * HOUR,
  logDurationMs: 24 * HOUR,
  loggingActiveCheckIntervalMs: 5 * MINUTE,
  mailboxLimit: 1000,
  recovery: { enabled: true, parallel: 16, opensPerInterval: 10, openIntervalMs: 100 },
  ping: {
    journalTag: '',
    initialDelayMs: 5 * SECOND,
    intervalMs: 10 * MINUTE,
    order: 'TAGS',
    rateFrequencyMs: SECOND,
    rateEntities: 1,
  },
  historicalHeaders: [],
  idempotentCommands: false,
  idempotencyWindowMs: 10 * MINUTE,
};
