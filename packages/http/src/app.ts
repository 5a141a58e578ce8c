import type { ConnectivityCommands, Log } from '@hawser/core';
import express, { type Express } from 'express';
import { accessLog } from './accessLog.ts';
import { authenticate, type RealmConfig } from './auth/authenticate.ts';
import { readBody } from './body.ts';
import { loggedCommands } from './commandLog.ts';
import { renderErrors } from './errorMiddleware.ts';
import { limitRate } from './limits/limitRate.ts';
import { limitRequests } from './limits/limitRequests.ts';
import type { LogTails, MetricsPage, ServiceInfo } from './ports.ts';
import { type ConnectionsConfig, connectionsRouter } from './routes/connections.ts';
import { devopsRouter } from './routes/devops.ts';
import { documentationRouter } from './routes/documentation.ts';
import { healthRouter, overallRouter } from './routes/health.ts';
import { logStream } from './routes/logStream.ts';
import { metricsRoute } from './routes/metrics.ts';
import { apiVersion, notFound } from './routes/unknown.ts';
import { securityHeaders } from './securityHeaders.ts';
import { ensureEncoding } from './uriEncoding.ts';
import { readOnlyGuard } from './viewer/readOnly.ts';

export interface HttpAppOptions {
  readonly commands: ConnectivityCommands;
  readonly service: ServiceInfo;
  readonly log: Log;
  readonly devops: RealmConfig;
  readonly status: RealmConfig;
  readonly connections: ConnectionsConfig;
  readonly maxBodyBytes: number;
  /** Requests under way at once, health apart; by default 2000. */
  readonly maxRequests?: number;
  /** Requests a minute from one address, health apart; 0 (the default): no limit. */
  readonly ratePerMinute?: number;
  /** A piggyback command is answered within this whatever it asks for, ms; by default one minute. */
  readonly requestTimeoutMs?: number;
  /** A line at `info` for each request; by default it is one at `debug`. */
  readonly accessLog?: boolean;
  /** For `/metrics`; absent: there is none. */
  readonly metrics?: MetricsPage;
  /** For live tails of logs; absent: there are none. */
  readonly logTails?: LogTails;
  /** Random ids for connections and correlation. */
  readonly newId: () => string;
}

const MAX_REQUESTS = 2000;
const REQUEST_TIMEOUT_MS = 60_000;
const MAX_LOG_STREAMS = 100;

/** The HTTP door. A request runs through it from top to bottom. */
export function createHttpApp(options: HttpAppOptions): Express {
  const { service, log, newId } = options;
  const commands = loggedCommands(options.commands, log);
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.set('strict routing', false);
  app.use(securityHeaders);
  app.use(accessLog(log, options.accessLog === true ? 'info' : 'debug'));
  app.use(ensureEncoding);
  // before the limits: an orchestrator asks how a busy service is
  app.use(healthRouter(service));
  app.use(limitRequests(options.maxRequests ?? MAX_REQUESTS));
  if (options.ratePerMinute) app.use(limitRate(options.ratePerMinute));
  const guard = authenticate('DITTO-DEVOPS', options.devops);
  const body = readBody(options.maxBodyBytes);
  const devops = {
    commands,
    service,
    newId,
    requestTimeoutMs: options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
  };
  app.use('/devops', guard, body, devopsRouter(devops));
  if (options.logTails !== undefined) {
    const tails = { commands, tails: options.logTails, newId, maxStreams: MAX_LOG_STREAMS };
    app.get('/api/2/connections/:connectionId/logs/stream', guard, logStream(tails));
  }
  app.use(
    '/api/2/connections',
    guard,
    readOnlyGuard,
    body,
    connectionsRouter(commands, options.connections, newId),
  );
  const statusGuard = authenticate('DITTO-STATUS', options.status);
  if (options.metrics !== undefined) app.get('/metrics', statusGuard, metricsRoute(options.metrics));
  app.use(overallRouter(service, statusGuard));
  app.use(documentationRouter(String(service.staticStatus()['version'])));
  app.use('/api/:version', apiVersion);
  app.use(notFound);
  app.use(renderErrors(log));
  return app;
}
