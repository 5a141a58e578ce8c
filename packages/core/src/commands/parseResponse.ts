import { loggerConfigFromJson, loggerConfigToJson } from '../devops/loggerConfig.ts';
import { statusInfoFromJson, statusInfoToJson } from '../devops/statusInfo.ts';
import { typeNotParsable } from '../errors/baseErrors.ts';
import { parseError, readErrorPayload, signalRefusal } from '../errors/errorRegistry.ts';
import {
  optionalArray,
  optionalBoolean,
  optionalString,
  requiredArray,
  requiredBoolean,
  requiredObject,
  requiredString,
} from '../json/fields.ts';
import { distinct, onlyStrings } from '../json/items.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/jsonValue.ts';
import { connectionToJson } from '../model/connectionToJson.ts';
import { parseConnection } from '../model/parseConnection.ts';
import { readConnectionId, requiredObjectOrNull } from './commandReader.ts';
import { instantField, logEntryFromJson, logEntryToJson } from './logEntry.ts';
import type { SignalToJsonOptions } from './parseCommand.ts';
import { type ResponseReader, readResponse } from './responseReader.ts';

const withId = (json: JsonObject): JsonObject => ({ connectionId: readConnectionId(json) });

/** Status and metrics are carried as they came: their members are the business of whoever made them. */
const withAllMembers = (json: JsonObject): JsonObject => ({ ...withId(json), ...json });

const idsOf = (json: JsonObject, field: string): JsonObject => ({
  [field]: distinct(onlyStrings(requiredArray(json, field))),
});

function logsOf(json: JsonObject): JsonObject {
  const entries = (optionalArray(json, 'connectionLogs') ?? []).filter(isJsonObject);
  return {
    ...withId(json),
    connectionLogs: entries.map((entry) => logEntryToJson(logEntryFromJson(entry))),
    enabledSince: optionalInstant(json, 'enabledSince'),
    enabledUntil: optionalInstant(json, 'enabledUntil'),
  };
}

function optionalInstant(json: JsonObject, field: string): string | null {
  const text = optionalString(json, field);
  return text === undefined ? null : instantField(field, text);
}

const from = (json: JsonObject): JsonObject => ({
  serviceName: optionalString(json, 'serviceName') ?? null,
  instance: optionalString(json, 'instance') ?? null,
});

const members = (json: JsonObject, fields: readonly string[]): JsonObject =>
  Object.fromEntries(fields.flatMap((field) => (Object.hasOwn(json, field) ? [[field, json[field]]] : [])));

const reader = (
  className: string,
  statuses: readonly number[],
  read: ResponseReader['read'],
): ResponseReader => ({ className, statuses, read });

const readers: Readonly<Record<string, ResponseReader>> = {
  'connectivity.responses:modifyConnection': reader('ModifyConnectionResponse', [204], withId),
  'connectivity.responses:deleteConnection': reader('DeleteConnectionResponse', [204], withId),
  'connectivity.responses:openConnection': reader('OpenConnectionResponse', [200], withId),
  'connectivity.responses:closeConnection': reader('CloseConnectionResponse', [200], withId),
  'connectivity.responses:enableConnectionLogs': reader('EnableConnectionLogsResponse', [200], withId),
  'connectivity.responses:resetConnectionLogs': reader('ResetConnectionLogsResponse', [200], withId),
  'connectivity.responses:resetConnectionMetrics': reader('ResetConnectionMetricsResponse', [200], withId),
  'connectivity.responses:testConnection': reader('TestConnectionResponse', [200, 409], (json) => ({
    ...withId(json),
    testResult: requiredString(json, 'testResult'),
  })),
  'connectivity.responses:retrieveConnection': reader('RetrieveConnectionResponse', [200], (json) => ({
    connection: requiredObjectOrNull(json, 'connection'),
  })),
  'connectivity.responses:retrieveConnections': reader('RetrieveConnectionsResponse', [200], (json) => ({
    connections: requiredArray(json, 'connections'),
  })),
  'connectivity.responses:retrieveAllConnectionIds': reader(
    'RetrieveAllConnectionIdsResponse',
    [200],
    (json) => idsOf(json, 'connectionIds'),
  ),
  'connectivity.responses:retrieveConnectionStatus': reader(
    'RetrieveConnectionStatusResponse',
    [200],
    withAllMembers,
  ),
  'connectivity.responses:retrieveConnectionMetrics': reader(
    'RetrieveConnectionMetricsResponse',
    [200],
    withAllMembers,
  ),
  'connectivity.responses:retrieveConnectionLogs': reader('RetrieveConnectionLogsResponse', [200], logsOf),
  'connectivity.responses:migrateEncryption': reader(
    'MigrateConnectionEncryptionResponse',
    [200, 202],
    (json) => ({
      phase: requiredString(json, 'phase'),
      dryRun: optionalBoolean(json, 'dryRun') ?? false,
      resumed: optionalBoolean(json, 'resumed') ?? false,
      startedAt: requiredString(json, 'startedAt'),
    }),
  ),
  'connectivity.responses:migrateEncryptionStatus': reader(
    'MigrateConnectionEncryptionStatusResponse',
    [200],
    (json) => ({
      phase: requiredString(json, 'phase'),
      ...members(json, ['snapshots', 'journalEvents', 'progress', 'timing', 'dryRun', 'migrationActive']),
    }),
  ),
  'connectivity.responses:migrateEncryptionAbort': reader(
    'MigrateConnectionEncryptionAbortResponse',
    [200],
    (json) => ({
      phase: requiredString(json, 'phase'),
      ...members(json, ['snapshots', 'journalEvents', 'abortedAt']),
    }),
  ),
  'connectivity.sudo.responses:sudoRetrieveConnectionTags': reader(
    'SudoRetrieveConnectionTagsResponse',
    [200],
    (json) => idsOf(json, 'connectionTags'),
  ),
  'connectivity.sudo.responses:sudoRetrieveConnectionIdsByTag': reader(
    'SudoRetrieveConnectionIdsByTagResponse',
    [200],
    (json) => idsOf(json, 'connectionIds'),
  ),
  'cleanup.sudo.responses:cleanupPersistence': reader('CleanupPersistenceResponse', [], (json) => ({
    entityType: requiredString(json, 'entityType'),
    entityId: requiredString(json, 'entityId'),
  })),
  'common.responses:retrieveConfig': reader('RetrieveConfigResponse', [], (json) =>
    members(json, ['config']),
  ),
  'common.responses:modifyConfig': reader('ModifyConfigResponse', [], (json) => members(json, ['config'])),
  'status.responses:retrieveHealth': reader('RetrieveHealthResponse', [], (json) => ({
    statusInfo: statusInfoToJson(statusInfoFromJson(requiredObject(json, 'statusInfo'))),
  })),
  'devops.responses:retrieveLoggerConfig': reader('RetrieveLoggerConfigResponse', [200], (json) => ({
    ...from(json),
    loggerConfigs: requiredArray(json, 'loggerConfigs')
      .filter(isJsonObject)
      .map((config) => loggerConfigToJson(loggerConfigFromJson(config))),
  })),
  'devops.responses:changeLogLevel': reader('ChangeLogLevelResponse', [200, 500], (json) => ({
    ...from(json),
    successful: requiredBoolean(json, 'successful'),
  })),
  'devops.responses:executePiggybackCommand': reader('ExecutePiggybackCommandResponse', [], (json) => ({
    ...from(json),
    response: (json['response'] ?? null) as JsonValue,
  })),
  'devops.responses:errorResponse': reader('DevOpsErrorResponse', [], (json) => ({
    ...from(json),
    payload: requiredObject(json, 'payload'),
  })),
  'devops.responses:aggregatedResponse': reader('AggregatedDevOpsCommandResponse', [], (json) => ({
    ...from(json),
    responsesType: requiredString(json, 'responsesType'),
    responses: requiredObject(json, 'responses'),
  })),
};

const CREATE = 'connectivity.responses:createConnection';
const ERROR = 'connectivity.responses:errorResponse';

export const responseTypes: readonly string[] = [...Object.keys(readers), CREATE, ERROR];

/**
 * Reads the JSON of a response and gives its canonical form (base/model/.../GlobalCommandResponseRegistry.java).
 *
 * @throws DittoError `json.type.notparsable`, `json.invalid`
 */
export function parseResponse(json: JsonObject, options: SignalToJsonOptions = {}): JsonObject {
  const type = requiredString(json, 'type');
  if (type === ERROR) return readErrorResponse(json);
  const known =
    type === CREATE ? createReader(options) : Object.hasOwn(readers, type) ? readers[type] : undefined;
  if (known === undefined) throw typeNotParsable(type, 'GlobalCommandResponseRegistry');
  return readResponse(json, type, known);
}

const createReader = (options: SignalToJsonOptions): ResponseReader =>
  reader('CreateConnectionResponse', [201], (json) => ({
    connection: connectionToJson(parseConnection(requiredObjectOrNull(json, 'connection')), options),
  }));

/** The status is that of the error inside. */
function readErrorResponse(json: JsonObject): JsonObject {
  try {
    const { error } = parseError(readErrorPayload(json));
    return { type: ERROR, status: error.status, payload: error.toJson() };
  } catch (error) {
    throw signalRefusal(error, json);
  }
}
