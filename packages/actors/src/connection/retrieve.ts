import {
  type AskedCommand,
  aggregateStatus,
  answerTo,
  type CommandAnswer,
  type ConnectionState,
  closedStatusResponse,
  entityIdOf,
  formatInstant,
  type JsonObject,
  missingRows,
  noLogsResponse,
  noMetricsResponse,
  retrieveConnectionLogsResponse,
  retrieveConnectionMetricsResponse,
  retrieveConnectionStatusResponse,
} from '@hawser/core';
import type { Clients } from './clients.ts';

export type Retrieval = 'retrieveStatus' | 'retrieveMetrics' | 'retrieveLogs';

/** Answers status, metrics and logs from what the clients have written; nobody has to be asked. */
export function retrieveFromClients(
  state: ConnectionState,
  asked: AskedCommand,
  what: Retrieval,
  clients: Clients,
  instance: string,
): CommandAnswer {
  const connectionId = entityIdOf(asked.command);
  const response = clients.isStarted
    ? responseOf(state, connectionId, what, clients)
    : responseWithoutClients(connectionId, what, clients, instance);
  return answerTo(asked, response);
}

function responseOf(
  state: ConnectionState,
  connectionId: string,
  what: Retrieval,
  clients: Clients,
): JsonObject {
  switch (what) {
    case 'retrieveMetrics':
      return retrieveConnectionMetricsResponse(connectionId, clients.monitor.metrics());
    case 'retrieveLogs':
      return retrieveConnectionLogsResponse(connectionId, clients.monitor.logs());
    case 'retrieveStatus': {
      const desired = state.lifecycle === 'active' ? state.connection.connectionStatus : 'closed';
      const rows = clients.rows();
      const missing = state.lifecycle === 'active' ? missingRows(state.connection, rows) : [];
      return retrieveConnectionStatusResponse(connectionId, aggregateStatus(desired, [...rows, ...missing]));
    }
  }
}

function responseWithoutClients(
  connectionId: string,
  what: Retrieval,
  clients: Clients,
  instance: string,
): JsonObject {
  switch (what) {
    case 'retrieveMetrics':
      return noMetricsResponse(connectionId);
    case 'retrieveLogs':
      return noLogsResponse(connectionId);
    case 'retrieveStatus':
      return closedStatusResponse(connectionId, instance, formatInstant(clients.closedAt));
  }
}
