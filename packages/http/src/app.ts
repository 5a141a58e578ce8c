import type { ConnectivityCommands, Log } from '@hawser/core';
import express, { type Express } from 'express';
import { accessLog } from './accessLog.ts';
import { authenticate, type RealmConfig } from './auth/authenticate.ts';
import { readBody } from './body.ts';
import { renderErrors } from './errorMiddleware.ts';
import type { ServiceInfo } from './ports.ts';
import { readOnlyGuard } from './readOnly.ts';
import { type ConnectionsConfig, connectionsRouter } from './routes/connections.ts';
import { devopsRouter } from './routes/devops.ts';
import { healthRouter } from './routes/health.ts';
import { apiVersion, notFound } from './routes/unknown.ts';
import { securityHeaders } from './securityHeaders.ts';

export interface HttpAppOptions {
  readonly commands: ConnectivityCommands;
  readonly service: ServiceInfo;
  readonly log: Log;
  readonly devops: RealmConfig;
  readonly status: RealmConfig;
  readonly connections: ConnectionsConfig;
  readonly maxBodyBytes: number;
  /** Random ids for connections and correlation. */
  readonly newId: () => string;
}

/** The HTTP door. A request runs through it from top to bottom. */
export function createHttpApp(options: HttpAppOptions): Express {
  const { commands, service, log, newId } = options;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.set('query parser', 'simple');
  app.set('strict routing', false);
  app.use(securityHeaders);
  app.use(accessLog(log));
  app.use(healthRouter(service, authenticate('DITTO-STATUS', options.status)));
  const devopsAuth = authenticate('DITTO-DEVOPS', options.devops);
  const body = readBody(options.maxBodyBytes);
  app.use('/devops', devopsAuth, body, devopsRouter(commands, service, newId));
  app.use(
    '/api/2/connections',
    devopsAuth,
    readOnlyGuard,
    body,
    connectionsRouter(commands, options.connections, newId),
  );
  app.use('/api/:version', apiVersion);
  app.use(notFound);
  app.use(renderErrors(log));
  return app;
}
