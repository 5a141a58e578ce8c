import { type ClientContext, type Connection, MisconfiguredError } from '@hawser/core';
import { configNumber } from '../configNumber.ts';

/** What `specificConfig` and the service's configuration say about an AMQP 1.0 connection (spec 04, 5); times in ms. */
export interface Amqp10Settings {
  readonly connectTimeoutMs: number;
  /** 0: a message that the peer does not settle is waited for as long as the connection lasts. */
  readonly sendTimeoutMs: number;
  /** For attaching a link or beginning a session. */
  readonly requestTimeoutMs: number;
  /** Credit of a consumer. */
  readonly credit: number;
  readonly maxQueueSize: number;
  readonly producerCacheSize: number;
  readonly backoffMinMs: number;
  readonly backoffMaxMs: number;
  readonly maxFrameBytes: number;
  /** 0: none. */
  readonly idleTimeoutMs: number;
  /** Host name in the SASL and the open frame, where it is another than the URI's. */
  readonly virtualHost: string | undefined;
  readonly queuePrefix: string;
  readonly topicPrefix: string;
  readonly noDelay: boolean;
  readonly keepAlive: boolean;
  readonly verifyHost: boolean;
  readonly throttling: ThrottlingSettings | undefined;
}

/** `amqp10.consumer.throttling`; absent while it is off. */
export interface ThrottlingSettings {
  readonly intervalMs: number;
  /** Messages in an interval. */
  readonly limit: number;
  /** Messages under way, those that are expected again included. */
  readonly maxInFlight: number;
  readonly redeliveryExpectationMs: number;
}

type Context = Pick<ClientContext, 'config'>;

const smallestMaxFrame = 512;
const largestMaxFrame = 16 * 1_048_576;

/** Options that have no meaning for this client are accepted. @throws MisconfiguredError for a value that is no number */
export function amqp10Settings(
  { specificConfig }: Pick<Connection, 'specificConfig'>,
  { config }: Context,
): Amqp10Settings {
  const configured = (key: string, otherwise: number): number => configNumber(config, key, otherwise);
  const int = (key: string, otherwise: number): number => intOption(specificConfig, key, otherwise);
  const flag = (key: string, otherwise: boolean): boolean =>
    specificConfig[key] === undefined ? otherwise : specificConfig[key].toLowerCase() === 'true';
  const backoffMinMs = Math.max(1, configured('backoffMinTimeoutMs', 1_000));
  return {
    connectTimeoutMs: unlimited(int('jms.connectTimeout', configured('connectTimeoutMs', 15_000))),
    sendTimeoutMs: Math.max(0, int('jms.sendTimeout', configured('sendTimeoutMs', 60_000))),
    requestTimeoutMs: unlimited(int('jms.requestTimeout', configured('requestTimeoutMs', 5_000))),
    credit: Math.max(1, configured('prefetch', 10)),
    maxQueueSize: Math.max(1, configured('maxQueueSize', 1_000)),
    producerCacheSize: Math.max(1, configured('producerCacheSize', 10)),
    backoffMinMs,
    backoffMaxMs: Math.max(backoffMinMs, configured('backoffMaxTimeoutMs', 600_000)),
    maxFrameBytes: frameLimit(int('amqp.maxFrameSize', 1_048_576)),
    idleTimeoutMs: Math.max(0, int('amqp.idleTimeout', 60_000)),
    virtualHost: specificConfig['amqp.vhost'],
    queuePrefix: specificConfig['jms.queuePrefix'] ?? '',
    topicPrefix: specificConfig['jms.topicPrefix'] ?? '',
    noDelay: flag('transport.tcpNoDelay', true),
    keepAlive: flag('transport.tcpKeepAlive', false),
    verifyHost: flag('transport.verifyHost', true),
    throttling: throttlingOf(config, configured),
  };
}

/**
 * Pauses of Ditto's failover: 128 ms, doubling up to 15 min, or as `failover.*` says.
 * @param attempt from 1
 */
export function failoverDelayMs(
  { specificConfig }: Pick<Connection, 'specificConfig'>,
  attempt: number,
): number {
  const int = (key: string, otherwise: number): number => {
    const text = specificConfig[`failover.${key}`];
    return text !== undefined && /^\d{1,12}$/.test(text) ? Number(text) : otherwise;
  };
  if (attempt === 1) return int('initialReconnectDelay', 128);
  const delayMs = int('reconnectDelay', 128);
  if (specificConfig['failover.useReconnectBackOff']?.toLowerCase() === 'false') return delayMs;
  const multiplier = Number(specificConfig['failover.reconnectBackOffMultiplier'] ?? 2);
  const factor = Number.isFinite(multiplier) && multiplier >= 1 ? multiplier : 2;
  return Math.min(delayMs * factor ** (attempt - 1), int('maxReconnectDelay', 900_000));
}

function throttlingOf(
  config: Context['config'],
  configured: (key: string, otherwise: number) => number,
): ThrottlingSettings | undefined {
  if (config['throttlingEnabled'] !== true) return undefined;
  const limit = Math.max(1, configured('throttlingLimit', 100));
  return {
    intervalMs: Math.max(1, configured('throttlingIntervalMs', 1_000)),
    limit,
    maxInFlight: Math.max(1, Math.floor(limit * configured('throttlingMaxInFlightFactor', 2))),
    redeliveryExpectationMs: Math.max(1_000, configured('redeliveryExpectationTimeoutMs', 120_000)),
  };
}

function intOption(options: Connection['specificConfig'], key: string, otherwise: number): number {
  const text = options[key];
  if (text === undefined) return otherwise;
  if (!/^[+-]?\d{1,12}$/.test(text)) throw new MisconfiguredError(`For input string: "${text}"`);
  return Number(text);
}

/** Qpid JMS takes negative numbers, and 0, for no limit; so long that nobody sees it is none. */
const unlimited = (ms: number): number => (ms > 0 ? Math.min(ms, 2 ** 31 - 1) : 2 ** 31 - 1);

const frameLimit = (bytes: number): number =>
  bytes <= 0 ? 1_048_576 : Math.min(largestMaxFrame, Math.max(smallestMaxFrame, bytes));
