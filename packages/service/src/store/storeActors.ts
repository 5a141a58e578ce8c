import type { SingleHandler } from '@hawser/actors';
import {
  type CommandAnswer,
  configResponse,
  type DittoHeaders,
  type JsonObject,
  type JsonValue,
  retrieveConfigResponse,
  retrieveHealthResponse,
  shutdownResponse,
  statusInfo,
} from '@hawser/core';
import type { BackgroundCleanup, EncryptionMigration } from '@hawser/persistence';
import { changedCleanupConfig, cleanupConfigToJson } from './cleanupConfig.ts';
import type { OpenStore } from './openStore.ts';

/** The actors through which operators reach what works on the store, by selection. */
export const storeActors = ({ cleanup, migration }: OpenStore): Readonly<Record<string, SingleHandler>> => ({
  '/user/connectivityRoot/persistenceCleanup': persistenceCleanup(cleanup),
  ...(migration === undefined
    ? {}
    : { '/user/connectivityRoot/encryptionMigration': encryptionMigration(migration) }),
});

const answer = async (
  json: Promise<JsonObject> | JsonObject,
  headers: DittoHeaders,
): Promise<CommandAnswer> => ({
  json: await json,
  headers,
});

/** `/user/connectivityRoot/encryptionMigration` (connectivity/service/.../migration/EncryptionMigrationActor.java). */
export const encryptionMigration =
  (migration: EncryptionMigration): SingleHandler =>
  (command, headers) => {
    switch (command.type) {
      case 'connectivity.commands:migrateEncryption':
        return answer(migration.migrate(command.dryRun, command.resume), headers);
      case 'connectivity.commands:migrateEncryptionStatus':
        return answer(migration.status(), headers);
      case 'connectivity.commands:migrateEncryptionAbort':
        return answer(migration.abort(), headers);
      default:
        return undefined;
    }
  };

/** `/user/connectivityRoot/persistenceCleanup` (internal/utils/persistent-actors/.../cleanup/PersistenceCleanupActor.java). */
export const persistenceCleanup =
  (cleanup: BackgroundCleanup): SingleHandler =>
  (command, headers) => {
    switch (command.type) {
      case 'status.commands:retrieveHealth': {
        const { state, pid } = cleanup.health();
        const info = statusInfo('UP', [{ level: 'INFO', message: { state, pid } }]);
        return answer(retrieveHealthResponse(info), headers);
      }
      case 'common.commands:retrieveConfig':
        return answer(retrieveConfigResponse(command.path, configAt(cleanup, command.path)), headers);
      case 'common.commands:modifyConfig':
        return answer(modify(cleanup, command.config), headers);
      case 'common.commands:shutdown':
        cleanup.interrupt();
        return answer(shutdownResponse(nextWalk(cleanup)), headers);
      default:
        return undefined;
    }
  };

function configAt(cleanup: BackgroundCleanup, path: string | undefined): JsonValue | undefined {
  const config = cleanupConfigToJson(cleanup.config);
  if (path === undefined || path === '') return config;
  return Object.hasOwn(config, path) ? config[path] : undefined;
}

async function modify(cleanup: BackgroundCleanup, change: JsonObject): Promise<JsonObject> {
  const lastPid = change['last-pid'];
  cleanup.modify(
    changedCleanupConfig(cleanup.config, change),
    typeof lastPid === 'string' ? lastPid : undefined,
  );
  return configResponse('modifyConfig', cleanupConfigToJson(cleanup.config));
}

const nextWalk = ({ config }: BackgroundCleanup): string =>
  config.enabled ? `Restarting stream in <PT${config.quietPeriodMs / 1000}S>.` : 'The stream is disabled.';
