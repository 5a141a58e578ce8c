import type { DittoError } from '../errors/dittoError.ts';
import { parseFieldSelector, selectFields } from '../json/fieldSelector.ts';
import type { JsonArray, JsonObject } from '../json/jsonValue.ts';
import type { Connection } from '../model/connection.ts';
import { connectionToJson } from '../model/connectionToJson.ts';

/*
 * Builders of response JSON (connectivity/model/.../signals/commands/**Response.java); hidden fields of connections are left out.
 */

export const createConnectionResponse = (connection: Connection): JsonObject => ({
  type: 'connectivity.responses:createConnection',
  status: 201,
  connection: connectionToJson(connection),
});

/** Commands that are answered with the id alone, and the status of their answer. */
const idOnlyStatus = {
  modifyConnection: 204,
  deleteConnection: 204,
  openConnection: 200,
  closeConnection: 200,
  enableConnectionLogs: 200,
  resetConnectionLogs: 200,
  resetConnectionMetrics: 200,
} as const;

export const idResponse = (name: keyof typeof idOnlyStatus, connectionId: string): JsonObject => ({
  type: `connectivity.responses:${name}`,
  status: idOnlyStatus[name],
  connectionId,
});

export const testConnectionResponse = (connectionId: string, testResult: string): JsonObject => ({
  type: 'connectivity.responses:testConnection',
  status: 200,
  connectionId,
  testResult,
});

/** A connection of this id exists, so that nothing is tested. */
export const testConnectionConflict = (connectionId: string): JsonObject => ({
  type: 'connectivity.responses:testConnection',
  status: 409,
  connectionId,
  testResult: 'Connection was already created - no test possible',
});

/** Answers `retrieveConnection` and `retrieveResolvedHonoConnection`. @throws DittoError `json.fieldselector.invalid` */
export const retrieveConnectionResponse = (connection: Connection, selectedFields?: string): JsonObject => ({
  type: 'connectivity.responses:retrieveConnection',
  status: 200,
  connection: selectedConnection(connection, selectedFields),
});

/** The regular fields, or those that are named: these may be hidden ones. */
export function selectedConnection(connection: Connection, selectedFields?: string): JsonObject {
  if (selectedFields === undefined) return connectionToJson(connection);
  return selectFields(connectionToJson(connection, { hidden: true }), parseFieldSelector(selectedFields));
}

/** `connections`: ids or (partial) connections. */
export const retrieveConnectionsResponse = (connections: JsonArray): JsonObject => ({
  type: 'connectivity.responses:retrieveConnections',
  status: 200,
  connections,
});

export const retrieveAllConnectionIdsResponse = (connectionIds: readonly string[]): JsonObject => ({
  type: 'connectivity.responses:retrieveAllConnectionIds',
  status: 200,
  connectionIds,
});

/** `members`: everything after `connectionId`, in its order. */
const viewResponse = (name: string, connectionId: string, members: JsonObject): JsonObject => ({
  type: `connectivity.responses:${name}`,
  status: 200,
  connectionId,
  ...members,
});

export const retrieveConnectionStatusResponse = (connectionId: string, members: JsonObject): JsonObject =>
  viewResponse('retrieveConnectionStatus', connectionId, members);
export const retrieveConnectionMetricsResponse = (connectionId: string, members: JsonObject): JsonObject =>
  viewResponse('retrieveConnectionMetrics', connectionId, members);
export const retrieveConnectionLogsResponse = (connectionId: string, members: JsonObject): JsonObject =>
  viewResponse('retrieveConnectionLogs', connectionId, members);

/** Status of a connection without clients. `client`: instance id; `closedAt`: ISO-8601, 1970 when unknown. */
export const closedStatusResponse = (connectionId: string, client: string, closedAt: string): JsonObject =>
  retrieveConnectionStatusResponse(connectionId, {
    connectionStatus: 'closed',
    liveStatus: 'closed',
    recoveryStatus: 'unknown',
    clientStatus: [
      {
        type: 'client',
        client,
        status: 'closed',
        recoveryStatus: 'unknown',
        statusDetails: '[DISCONNECTED] connection is closed',
        inStateSince: closedAt,
      },
    ],
  });

export const noMetricsResponse = (connectionId: string): JsonObject =>
  retrieveConnectionMetricsResponse(connectionId, {
    connectionMetrics: { inbound: null, outbound: null },
    containsFailures: false,
    sourceMetrics: { addressMetrics: null },
    targetMetrics: { addressMetrics: null },
  });

export const noLogsResponse = (connectionId: string): JsonObject =>
  retrieveConnectionLogsResponse(connectionId, {
    connectionLogs: [],
    enabledSince: null,
    enabledUntil: null,
  });

/** The form in which errors travel between services. */
export const errorResponse = (error: DittoError): JsonObject => ({
  type: 'connectivity.responses:errorResponse',
  status: error.status,
  payload: error.toJson(),
});

export const sudoTagsResponse = (connectionTags: readonly string[]): JsonObject => ({
  type: 'connectivity.sudo.responses:sudoRetrieveConnectionTags',
  status: 200,
  connectionTags,
});

export const sudoIdsByTagResponse = (connectionIds: readonly string[]): JsonObject => ({
  type: 'connectivity.sudo.responses:sudoRetrieveConnectionIdsByTag',
  status: 200,
  connectionIds,
});

export const cleanupResponse = (isDone: boolean, entityType: string, entityId: string): JsonObject => ({
  type: 'cleanup.sudo.responses:cleanupPersistence',
  status: isDone ? 200 : 500,
  entityType,
  entityId,
});
