import type { SingleHandler } from '@hawser/actors';
import {
  type Clock,
  encryptionConfigProblem,
  type Log,
  retrieveConfigResponse,
  type Store,
} from '@hawser/core';
import { EncryptedStore, EncryptionMigration, timedStore } from '@hawser/persistence';
import { type Config, ConfigError } from '../config/config.ts';
import { configAt } from '../configView.ts';
import { cleanupSingle } from './cleanupSingle.ts';
import { migrationSingle } from './migrationSingle.ts';
import { cleanupConfigOf, encryptionConfigOf, migrationPaceOf } from './upkeepConfig.ts';

/** What happens to the store beside the connections, and the actors through which operators reach it. */
export interface StoreUpkeep {
  /** What the connections use: secrets encrypted as configured, writes timed for the cleanup. */
  readonly store: Store;
  readonly singles: Readonly<Record<string, SingleHandler>>;
  start(): void;
  stop(): void;
}

interface UpkeepParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
}

/** @throws ConfigError for keys that contradict each other */
export function storeUpkeep(inner: Store, { config, clock, log, random }: UpkeepParts): StoreUpkeep {
  const encryption = encryptionConfigOf(config);
  const problem = encryptionConfigProblem(encryption);
  if (problem !== undefined) throw new ConfigError(problem);
  const timed = timedStore(new EncryptedStore(inner, encryption, log), clock);
  const cleanup = cleanupSingle({
    store: timed.store,
    config: cleanupConfigOf(config),
    clock,
    log,
    pidPrefix: 'connection:',
    random,
    latencyMs: () => timed.slowestMs(),
  });
  const migration = new EncryptionMigration({
    upkeep: inner.upkeep,
    config: encryption,
    pace: migrationPaceOf(config),
    clock,
    log,
  });
  return {
    store: timed.store,
    singles: {
      '/user/connectivityRoot/persistenceCleanup': cleanup.handler,
      ...(EncryptionMigration.isConfigured(encryption)
        ? { '/user/connectivityRoot/encryptionMigration': migrationSingle(migration) }
        : {}),
      '/user/devOpsCommandsActor': configSingle(config),
    },
    start: () => cleanup.start(),
    stop: () => cleanup.stop(),
  };
}

/** `/user/devOpsCommandsActor`: `common.commands:retrieveConfig` (base/service/.../devops/DevOpsCommandsActor.java). */
const configSingle =
  (config: Config): SingleHandler =>
  (command, headers) => {
    if (command.type !== 'common.commands:retrieveConfig') return undefined;
    const json = retrieveConfigResponse(command.path, configAt(config, command.path));
    return { json, headers };
  };
