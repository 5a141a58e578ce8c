import { availableParallelism, hostname, totalmem } from 'node:os';
import {
  compositeStatusInfo,
  type JsonObject,
  type JsonValue,
  type StatusInfo,
  statusInfo,
} from '@hawser/core';
import type { ServiceInfo } from '@hawser/http';
import type { Engine } from './composeEngine.ts';
import { type Config, settings } from './config/config.ts';
import { instanceOf } from './instanceOf.ts';
import type { ServiceLog } from './pinoLog.ts';
import { version } from './version.ts';

const SERVICE = 'connectivity';
const MASK = '***';
const SECRET = /password|key|secret|token|uri$/i;

/** What the HTTP door tells of the process. */
export function createServiceInfo(config: Config, engine: Engine, log: ServiceLog): ServiceInfo {
  const instance = instanceOf(config);
  return {
    serviceName: SERVICE,
    instance,
    staticStatus: () => ({
      name: `hawser-${SERVICE}`,
      version,
      hostname: hostname(),
      'local-address': config['ditto.gateway.http.hostname'],
      instance,
      'processor-count': availableParallelism(),
      'total-memory': `${Math.round(totalmem() / 2 ** 20)} MB`,
      node: process.version,
      store: engine.store.kind,
      'secrets-key': engine.keyOrigin,
      'last-failure': lastFailureOf(engine),
    }),
    health: () => health(engine),
    isReady: async () => engine.isReady() && (await engine.store.health()).status === 'UP',
    logLevel: () => log.level(),
    setLogLevel: (logger, level) => isOurLogger(logger) && log.setLevel(level),
    configAt: (path) => (path === 'ditto.info' ? info(instance) : configAt(config, path)),
  };
}

const lastFailureOf = (engine: Engine): JsonValue =>
  (engine.store.lastFailure as unknown as JsonObject | undefined) ?? null;

async function health(engine: Engine): Promise<StatusInfo> {
  const { status, detail } = await engine.store.health();
  const level = status === 'UP' ? 'INFO' : 'ERROR';
  return compositeStatusInfo([statusInfo(status, [{ level, message: detail }], 'persistence')]);
}

/** Hawser has one logger: the root, and Ditto's package as another name for it. */
const isOurLogger = (logger: string | undefined): boolean =>
  logger === undefined || logger === 'ROOT' || logger.startsWith('org.eclipse.ditto');

/** The configuration as nested JSON below a dotted path, secrets masked. */
function configAt(config: Config, path: string | undefined): JsonValue | undefined {
  let part: JsonValue | undefined = nested(config);
  for (const name of path === undefined || path === '' ? [] : path.split('.')) {
    part = isObject(part) && Object.hasOwn(part, name) ? part[name] : undefined;
  }
  return part;
}

function nested(config: Config): JsonObject {
  const root: Record<string, unknown> = {};
  for (const key of Object.keys(settings)) {
    const names = key.split('.');
    const last = names.pop() ?? '';
    let node = root;
    for (const name of names) {
      node[name] ??= {};
      node = node[name] as Record<string, unknown>;
    }
    const value = config[key as keyof Config];
    node[last] = SECRET.test(last) && value !== '' ? MASK : value;
  }
  return root as JsonObject;
}

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const info = (instance: string): JsonObject => ({
  env: Object.fromEntries(
    Object.values(settings)
      .flatMap(({ env }) => env)
      .filter((name) => process.env[name] !== undefined)
      .map((name) => [name, SECRET.test(name) ? MASK : (process.env[name] ?? '')]),
  ),
  service: { 'instance-id': instance, name: SERVICE },
  'vm-args': [],
});
