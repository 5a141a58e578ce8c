import { randomUUID } from 'node:crypto';
import { isIP } from 'node:net';
import { createHttpApp, type HttpServer, type RealmConfig, startServer } from '@hawser/http';
import { composeEngine, type Engine } from './composeEngine.ts';
import { type Config, ConfigError } from './config/config.ts';
import { instanceOf } from './instanceOf.ts';
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

/** Who may come through which part of the door. */
type Realms = Readonly<Record<'devops' | 'status', RealmConfig>>;

const MAX_HTTP_CONNECTIONS = 2000;

/** Starts everything, or nothing. @throws ConfigError, StartRefused */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  const { config, given, log } = options;
  const host = config['ditto.gateway.http.hostname'];
  checkPasswords(host, given, config, log);
  const realms = { devops: devopsRealm(config), status: statusRealm(config) };
  const engine = await composeEngine({ config, given, clock: systemClock, log }).catch((error: Error) => {
    throw new StartRefused(error.message, { cause: error });
  });
  const server = await listen(engine, options, realms).catch(async (error: Error) => {
    await engine.stop();
    throw new StartRefused(
      `HTTP cannot listen on ${host}:${config['ditto.gateway.http.port']}: ${error.message}`,
    );
  });
  const { kind: store } = engine.store;
  return { url: server.url, store, instance: instanceOf(config), stop: () => stop(server, engine, config) };
}

/** Ditto's well-known passwords are for loopback addresses alone. */
function checkPasswords(host: string, given: ReadonlySet<string>, config: Config, log: ServiceLog): void {
  const key = 'ditto.gateway.authentication.devops.password';
  if (!config['ditto.gateway.authentication.devops.secured']) {
    log.warn('DEVOPS_SECURED is false: anyone who reaches this address may do anything', { host });
    return;
  }
  if (given.has(key)) return;
  if (!isLoopback(host)) {
    throw new ConfigError(
      `DEVOPS_PASSWORD must be set to listen on ${host}: Ditto's default password is for loopback addresses alone`,
    );
  }
  log.warn("Ditto's default passwords apply; set DEVOPS_PASSWORD and STATUS_PASSWORD", { host });
}

function isLoopback(host: string): boolean {
  if (host === 'localhost' || host === '::1') return true;
  return isIP(host) === 4 && host.startsWith('127.');
}

async function listen(engine: Engine, { config, log }: ServiceOptions, realms: Realms): Promise<HttpServer> {
  const app = createHttpApp({
    commands: engine.commands,
    service: createServiceInfo(config, engine, log),
    log: log.child({ part: 'http' }),
    ...realms,
    connections: {
      defaultTimeoutMs: config['ditto.gateway.command.default-timeout'],
      maxTimeoutMs: config['ditto.gateway.command.max-timeout'],
      retrieveLimit: config['ditto.gateway.command.connections-retrieve-limit'],
    },
    maxBodyBytes: config['hawser.http.max-body-bytes'],
    newId: randomUUID,
  });
  return await startServer(app, {
    host: config['ditto.gateway.http.hostname'],
    port: config['ditto.gateway.http.port'],
    requestTimeoutMs: config['ditto.gateway.http.request-timeout'],
    maxConnections: MAX_HTTP_CONNECTIONS,
  });
}

function devopsRealm(config: Config): RealmConfig {
  const password = config['ditto.gateway.authentication.devops.password'];
  const readOnly = config['hawser.read-only-password'];
  return {
    secured: config['ditto.gateway.authentication.devops.secured'],
    method: methodOf(config['ditto.gateway.authentication.devops.devops-authentication-method'], 'devops'),
    users: [
      { user: 'devops', password, role: 'full' },
      ...(readOnly === '' ? [] : [{ user: 'viewer', password: readOnly, role: 'read-only' } as const]),
    ],
    verifyToken: undefined,
  };
}

function statusRealm(config: Config): RealmConfig {
  const passwords = [
    config['ditto.gateway.authentication.devops.password'],
    config['ditto.gateway.authentication.devops.statusPassword'],
  ];
  return {
    secured:
      config['ditto.gateway.authentication.devops.secured'] &&
      config['ditto.gateway.authentication.devops.status-secured'],
    method: methodOf(config['ditto.gateway.authentication.devops.status-authentication-method'], 'status'),
    users: passwords.map((password) => ({ user: 'devops', password, role: 'full' })),
    verifyToken: undefined,
  };
}

function methodOf(name: string, realm: string): 'basic' {
  if (name === 'basic') return name;
  if (name === 'oauth2')
    throw new ConfigError(`${realm} authentication by oauth2 is not supported yet; use basic`);
  throw new ConfigError(`Could not find ${realm} authentication method with name <${name}>`);
}

async function stop(server: HttpServer, engine: Engine, config: Config): Promise<void> {
  const deadlineMs = config['hawser.shutdown-timeout'];
  // requests under way may still need the engine; it stops when the door is shut or half of the time has gone
  await server.stop(deadlineMs / 2);
  await engine.stop();
}
