import { randomUUID } from 'node:crypto';
import { createHttpApp, type HttpAppOptions, type HttpServer, startServer } from '@hawser/http';
import { composeEngine, type Engine } from './composeEngine.ts';
import type { Config } from './config/config.ts';
import { checkPasswords, type Realms, realmsOf } from './door/realms.ts';
import { type Tls, tlsOf } from './door/tls.ts';
import { instanceOf } from './instanceOf.ts';
import { createLogTails } from './observe/logTails.ts';
import { createMetricsPage } from './observe/metricsPage.ts';
import type { ServiceLog } from './pinoLog.ts';
import { createServiceInfo } from './serviceInfo.ts';
import { systemClock } from './systemClock.ts';

export interface ServiceOptions {
  readonly config: Config;
  /** Keys that were set by the operator; the others have their defaults. */
  readonly given: ReadonlySet<string>;
  readonly log: ServiceLog;
}

export interface RunningService {
  readonly url: string;
  /** Kind of the store. */
  readonly store: string;
  readonly instance: string;
  /** Stops accepting, finishes what is under way within the deadline, stops connections, closes the store. */
  stop(): Promise<void>;
}

/** Why the service cannot start here; its message is one line for the operator. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused';
}

/** How much longer than any answer takes a connection may be silent. */
const IDLE_BEYOND_REQUEST_MS = 15_000;

/** Starts everything, or nothing. @throws ConfigError, StartRefused */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  const { config, given, log } = options;
  const host = config['ditto.gateway.http.hostname'];
  checkPasswords(host, given, config, log);
  const realms = realmsOf(config);
  const tls = tlsOf(config);
  const engine = await composeEngine({ config, given, clock: systemClock, log }).catch((error: Error) => {
    throw new StartRefused(error.message, { cause: error });
  });
  const tails = createLogTails(engine.sessions, engine.logTimings.prepared);
  const observing = {
    metrics: createMetricsPage(engine, config['hawser.metrics.max-connections']),
    logTails: tails,
  };
  const server = await listen(engine, options, { ...realms, ...observing }, tls).catch(
    async (error: Error) => {
      await engine.stop();
      throw new StartRefused(
        `HTTP cannot listen on ${host}:${config['ditto.gateway.http.port']}: ${error.message}`,
      );
    },
  );
  const { kind: store } = engine.store;
  const end = (): Promise<void> => {
    tails.endAll();
    return stop(server, engine, config);
  };
  return { url: server.url, store, instance: instanceOf(config), stop: end };
}

async function listen(
  engine: Engine,
  { config, log }: ServiceOptions,
  given: Realms & Pick<HttpAppOptions, 'metrics' | 'logTails'>,
  tls: Tls | undefined,
): Promise<HttpServer> {
  const requestTimeoutMs = config['ditto.gateway.http.request-timeout'];
  const app = createHttpApp({
    commands: engine.commands,
    service: createServiceInfo(config, engine, log),
    log: log.child({ part: 'http' }),
    ...given,
    connections: {
      defaultTimeoutMs: config['ditto.gateway.command.default-timeout'],
      maxTimeoutMs: config['ditto.gateway.command.max-timeout'],
      retrieveLimit: config['ditto.gateway.command.connections-retrieve-limit'],
    },
    requestTimeoutMs,
    maxBodyBytes: config['hawser.http.max-body-bytes'],
    maxRequests: config['hawser.http.max-requests'],
    ratePerMinute: config['hawser.http.rate-limit'],
    accessLog: config['hawser.http.access-log'],
    newId: randomUUID,
  });
  return await startServer(app, {
    host: config['ditto.gateway.http.hostname'],
    port: config['ditto.gateway.http.port'],
    limits: {
      maxConnections: config['hawser.http.max-connections'],
      maxHeaderBytes: config['hawser.http.max-header-bytes'],
      headersTimeoutMs: config['hawser.http.headers-timeout'],
      receiveTimeoutMs: config['hawser.http.receive-timeout'],
      idleTimeoutMs: requestTimeoutMs + IDLE_BEYOND_REQUEST_MS,
    },
    tls,
  });
}

async function stop(server: HttpServer, engine: Engine, config: Config): Promise<void> {
  const deadlineMs = config['hawser.shutdown-timeout'];
  // requests under way may still need the engine; it stops when the door is shut or half of the time has gone
  await server.stop(deadlineMs / 2);
  await engine.stop();
}
