import { loggerConfigFromJson } from '../devops/loggerConfig.ts';
import { readPiggybackCommand } from '../devops/piggybackCommand.ts';
import {
  optionalArray,
  optionalBoolean,
  optionalString,
  requiredObject,
  requiredString,
} from '../json/fields.ts';
import { mapDefined, onlyStrings } from '../json/items.ts';
import { isJsonArray, type JsonArray, type JsonObject } from '../json/jsonValue.ts';
import {
  type CommandsOf,
  readConnectionId,
  requiredObjectOrNull,
  withConnectionId,
  withoutFields,
} from './commandReader.ts';
import { logEntryFromJson } from './logEntry.ts';

/** What `common.commands:shutdown` is to stop (base/api/.../common/ShutdownReason*.java). */
export interface ShutdownReason {
  /** `purge-entities`, `purge-namespace`, … */
  readonly type: string;
  /** Connection ids for `purge-entities`. */
  readonly details: JsonArray | string | undefined;
}

function readShutdownReason(json: JsonObject): ShutdownReason {
  const reason = requiredObjectOrNull(json, 'reason');
  const details = reason['details'];
  return {
    type: requiredString(reason, 'type'),
    details: isJsonArray(details) || typeof details === 'string' ? details : undefined,
  };
}

/** Of a service and an instance; `null` addresses all. */
const withAddressee = (
  json: JsonObject,
): { readonly serviceName: string | null; readonly instance: string | null } => ({
  serviceName: optionalString(json, 'serviceName') ?? null,
  instance: optionalString(json, 'instance') ?? null,
});

/**
 * Commands of operators and of the service to itself: `connectivity/api/.../commands/sudo/*.java`,
 * `base/api/.../persistence/cleanup/*.java`, `base/api/.../common/*.java`, `base/api/.../devops/signals/commands/*.java`.
 */
export const systemCommandReaders = {
  'connectivity.sudo.commands:sudoRetrieveConnectionTags': withConnectionId,
  'connectivity.sudo.commands:sudoRetrieveConnectionIdsByTag': (json: JsonObject) => ({
    tag: requiredString(json, 'tag'),
  }),
  'connectivity.sudo.commands:sudoAddConnectionLogEntry': (json: JsonObject) => ({
    connectionId: readConnectionId(json),
    logEntry: logEntryFromJson(requiredObject(json, 'logEntry')),
  }),
  'cleanup.sudo.commands:cleanupPersistence': (json: JsonObject) => ({
    entityType: requiredString(json, 'entityType'),
    entityId: requiredString(json, 'entityId'),
  }),
  'common.commands:shutdown': (json: JsonObject) => ({ reason: readShutdownReason(json) }),
  'common.commands:retrieveConfig': (json: JsonObject) => ({ path: optionalString(json, 'path') }),
  'common.commands:modifyConfig': (json: JsonObject) => ({ config: requiredObject(json, 'config') }),
  'status.commands:retrieveHealth': withoutFields,
  'devops.commands:retrieveLoggerConfig': (json: JsonObject) => ({
    ...withAddressee(json),
    allKnownLoggers: optionalBoolean(json, 'allKnownLoggers') ?? false,
    includeDisabledLoggers: optionalBoolean(json, 'includeDisabledLoggers') ?? false,
    specificLoggers: mapDefined(optionalArray(json, 'specificLoggers'), onlyStrings),
  }),
  'devops.commands:changeLogLevel': (json: JsonObject) => ({
    ...withAddressee(json),
    loggerConfig: loggerConfigFromJson(requiredObject(json, 'loggerConfig')),
  }),
  'devops.commands:executePiggybackCommand': (json: JsonObject) => ({
    ...withAddressee(json),
    targetActorSelection: requiredString(json, 'targetActorSelection'),
    headers: requiredObjectOrNull(json, 'headers'),
    piggybackCommand: readPiggybackCommand(json),
  }),
} as const;

export type SystemCommand = CommandsOf<typeof systemCommandReaders>;
