import type { LogKind, LogPublish, SampledTiming } from '@hawser/actors';
import { type Clock, isJsonObject, type JsonObject, type Log, parseJson } from '@hawser/core';
import { type Config, ConfigError } from '../config/config.ts';
import { instanceOf } from '../instanceOf.ts';
import { FluentdForwarder, type ForwarderState } from './fluentdForwarder.ts';
import { openForwardSession } from './forwardSender.ts';
import { createLogPublisher } from './logPublisher.ts';

const root = 'ditto.connectivity.monitoring.logger.publisher';

/** Longest pause before a receiver is tried again, ms: Ditto's is 30 s; logs are wanted while something happens. */
const longestRetryMs = 5_000;

export interface OpenLogPublisher {
  /** What publishes the entries of a logger; undefined: they are not wanted. */
  readonly publisherOf: (connectionId: string, kind: LogKind) => LogPublish | undefined;
  readonly state: () => ForwarderState;
  /** Sends what waits, within Ditto's `waitUntilAllBufferFlushedDurationOnClose`. */
  close(): Promise<void>;
}

/** @param prepared notes the time that entries take. @throws ConfigError */
export function openLogPublisher(
  config: Config,
  clock: Clock,
  log: Log,
  prepared: SampledTiming,
): OpenLogPublisher {
  const timeoutMs = config[`${root}.fluency.connectionTimeout`] + config[`${root}.fluency.readTimeout`];
  const endpoint = {
    host: config[`${root}.fluency.host`],
    port: config[`${root}.fluency.port`],
    tls: config[`${root}.fluency.sslEnabled`],
    acknowledged: config[`${root}.fluency.ackResponseMode`],
  };
  const forwarder = new FluentdForwarder({
    clock,
    log,
    open: () => openForwardSession(endpoint),
    limits: {
      maxBufferBytes: config[`${root}.fluency.maxBufferSize`],
      maxBatchBytes: config[`${root}.fluency.bufferChunkInitialSize`],
      flushIntervalMs: config[`${root}.fluency.flushAttemptInterval`],
      batchTimeoutMs: timeoutMs,
      minRetryMs: config[`${root}.fluency.senderBaseRetryInterval`],
      maxRetryMs: Math.min(longestRetryMs, config[`${root}.fluency.senderMaxRetryInterval`]),
    },
  });
  const publisherOf = createLogPublisher({
    forwarder,
    prepared,
    tag: config[`${root}.log-tag`],
    levels: config[`${root}.logLevels`],
    withContext: config[`${root}.logHeadersAndPayload`],
    instanceId: instanceOf(config),
    additional: contextOf(config[`${root}.additional-log-context`]),
  });
  return {
    publisherOf,
    state: () => forwarder.state,
    close: () => forwarder.close(config[`${root}.fluency.waitUntilAllBufferFlushedDurationOnClose`]),
  };
}

/** Text of a JSON object. @throws ConfigError */
function contextOf(text: string): JsonObject {
  if (text.trim() === '') return {};
  try {
    const json = parseJson(text);
    if (isJsonObject(json)) return json;
  } catch {
    // said below
  }
  throw new ConfigError(`${root}.additional-log-context: expected a JSON object, got ${text}`);
}
