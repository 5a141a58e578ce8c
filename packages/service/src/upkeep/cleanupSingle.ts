import type { SingleHandler } from '@hawser/actors';
import { askError, type JsonObject, statusInfo, statusInfoToJson } from '@hawser/core';
import { BackgroundCleanup, type CleanupConfig, type CleanupParts } from '@hawser/persistence';
import { changedCleanupConfig, cleanupConfigToJson } from './upkeepConfig.ts';

/** The cleanup of old history as an actor that operators ask, pause and configure. */
export interface CleanupSingle {
  readonly handler: SingleHandler;
  start(): void;
  stop(): void;
}

/** `/user/connectivityRoot/persistenceCleanup` (internal/utils/persistent-actors/.../cleanup/PersistenceCleanupActor.java). */
export function cleanupSingle(parts: CleanupParts): CleanupSingle {
  let config: CleanupConfig = parts.config;
  let cleanup = new BackgroundCleanup(parts);

  /** Begins a quiet period anew; the walk goes on where it was. */
  const restart = (lastPid: string): void => {
    cleanup.stop();
    cleanup = new BackgroundCleanup({ ...parts, config, lastPid });
    cleanup.start();
  };
  const configured = (type: string) => ({ type, status: 200, config: cleanupConfigToJson(config) });

  return {
    start: () => cleanup.start(),
    stop: () => cleanup.stop(),
    handler: (command, headers) => {
      switch (command.type) {
        case 'status.commands:retrieveHealth':
          return { json: healthResponse({ ...cleanup.health() }), headers };
        case 'common.commands:retrieveConfig':
          return { json: configured('common.responses:retrieveConfig'), headers };
        case 'common.commands:modifyConfig': {
          const { 'last-pid': lastPid } = command.config;
          config = changed(config, command.config);
          restart(typeof lastPid === 'string' ? lastPid : cleanup.health().pid);
          return { json: configured('common.responses:modifyConfig'), headers };
        }
        case 'common.commands:shutdown':
          restart(cleanup.health().pid);
          return undefined;
        default:
          return undefined;
      }
    },
  };
}

const healthResponse = (state: JsonObject): JsonObject => ({
  type: 'status.responses:retrieveHealth',
  status: 200,
  statusInfo: statusInfoToJson(statusInfo('UP', [{ level: 'INFO', message: state }])),
});

function changed(config: CleanupConfig, changes: JsonObject): CleanupConfig {
  try {
    return changedCleanupConfig(config, changes);
  } catch (error) {
    // a plain failure in Ditto, which askers see so
    throw askError((error as Error).message);
  }
}
