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
import type { Config } from './config/config.ts';
import { configAt, serviceName } from './configView.ts';
import { instanceOf } from './instanceOf.ts';
import type { ServiceLog } from './pinoLog.ts';
import { version } from './version.ts';

/** What the HTTP door tells of the process. */
export function createServiceInfo(config: Config, engine: Engine, log: ServiceLog): ServiceInfo {
  const instance = instanceOf(config);
  return {
    serviceName,
    instance,
    staticStatus: () => ({
      name: `hawser-${serviceName}`,
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
    configAt: (path) => configAt(config, path),
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
