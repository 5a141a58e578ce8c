import { type ClientContext, type Connection, configDurationMs, configInt } from '@hawser/core';
import { configNumber } from '../configNumber.ts';

/** An HTTP proxy that carries every connection by CONNECT (`http-push.proxy`). */
export interface HttpProxy {
  readonly hostname: string;
  readonly port: number;
  /** Absent without a user name. */
  readonly credentials: { readonly username: string; readonly password: string } | undefined;
}

/** What `specificConfig` and the service's configuration say about an HTTP connection (spec 04, 7). */
export interface HttpPushSettings {
  /** Requests in flight, and connections. */
  readonly parallelism: number;
  /** Requests that may wait for their turn. */
  readonly maxQueueSize: number;
  /** Until the headers of the answer are there. */
  readonly requestTimeoutMs: number;
  /** Methods whose requests have no body. */
  readonly omitBodyMethods: ReadonlySet<string>;
  /** What one signal may take in of all its answers, bytes. */
  readonly maxAnswerBytes: number;
  readonly proxy: HttpProxy | undefined;
  readonly userAgent: string;
  /** A token is used no longer than this before it expires. */
  readonly maxClockSkewMs: number;
}

type Config = ClientContext['config'];

const MAX_PARALLELISM = 2 ** 30;

/** Values that validation refuses fall back to the default. */
export function httpPushSettings({ specificConfig }: Connection, config: Config): HttpPushSettings {
  const { parallelism, idleTimeout, omitRequestBody } = specificConfig;
  const timeoutMs = idleTimeout === undefined ? undefined : configDurationMs(idleTimeout);
  return {
    parallelism: powerOfTwo(parallelism === undefined ? 1 : (configInt(parallelism) ?? 1)),
    maxQueueSize: configNumber(config, 'maxQueueSize', 1_000),
    // zero would end every request before it began
    requestTimeoutMs: timeoutMs || configNumber(config, 'requestTimeoutMs', 60_000),
    omitBodyMethods: new Set(omitRequestBody?.split(',') ?? methods(config)),
    maxAnswerBytes: configNumber(config, 'issuedMaxBytes', 100_000),
    proxy: proxyOf(config),
    userAgent: text(config, 'userAgent') || 'eclipse-ditto',
    maxClockSkewMs: configNumber(config, 'maxClockSkewMs', 60_000),
  };
}

export function proxyOf(config: Config): HttpProxy | undefined {
  if (config['proxyEnabled'] !== true) return undefined;
  const username = text(config, 'proxyUsername');
  return {
    hostname: text(config, 'proxyHostname'),
    port: configNumber(config, 'proxyPort', 0),
    credentials: username === '' ? undefined : { username, password: text(config, 'proxyPassword') },
  };
}

function powerOfTwo(least: number): number {
  return Math.min(MAX_PARALLELISM, 2 ** Math.ceil(Math.log2(Math.max(1, least))));
}

function methods(config: Config): readonly string[] {
  const value = config['omitRequestBodyMethods'];
  return Array.isArray(value) ? value : ['GET', 'DELETE'];
}

function text(config: Config, key: string): string {
  const value = config[key];
  return typeof value === 'string' ? value : '';
}
