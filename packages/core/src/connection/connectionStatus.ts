import { isJsonObject, type JsonObject } from '../json/jsonValue.ts';
import type { Connection, ConnectivityStatus } from '../model/connection.ts';

type Rows = readonly JsonObject[];
type RecoveryStatus = 'ongoing' | 'succeeded' | 'backOffLimitReached' | 'unknown';

const LISTS = [
  ['client', 'clientStatus'],
  ['source', 'sourceStatus'],
  ['target', 'targetStatus'],
  ['ssh', 'sshTunnelStatus'],
] as const;

/**
 * The members of the answer to `retrieveConnectionStatus` after `connectionId`
 * (connectivity/service/.../monitoring/metrics/RetrieveConnectionStatusAggregatorActor.java).
 *
 * @param desired the stored status
 * @param rows resource entries of all clients; told apart by `type`
 */
export function aggregateStatus(desired: ConnectivityStatus, rows: Rows): JsonObject {
  const lists = LISTS.map(([type, member]) => [member, rows.filter((row) => row['type'] === type)] as const);
  const clients = rows.filter((row) => row['type'] === 'client');
  const connectedSince = earliest(clients.filter(isOpen));
  return {
    connectionStatus: desired,
    liveStatus: overallStatus(lists.map(([, list]) => listStatus(list))),
    recoveryStatus: recoveryStatus(clients),
    ...(connectedSince === undefined ? undefined : { connectedSince }),
    ...Object.fromEntries(lists.filter(([, list]) => list.length > 0)),
  };
}

/** Entries for what an open connection should have reported and has not. */
export function missingRows(connection: Connection, rows: Rows): Rows {
  if (connection.connectionStatus !== 'open') return [];
  return LISTS.flatMap(([type]) => {
    const reported = rows.filter((row) => row['type'] === type).length;
    const missing = Math.max(0, expectedRows(connection, type) - reported);
    return new Array<JsonObject>(missing).fill({
      type,
      client: 'unknown-client',
      status: 'failed',
      statusDetails: `The <${type}> failed to report its status within the timeout.`,
    });
  });
}

/** Clients of MQTT report one entry a source, with its addresses joined. */
function expectedRows(connection: Connection, type: (typeof LISTS)[number][0]): number {
  const { clientCount, connectionType, sources, targets, sshTunnel } = connection;
  const isMqtt = connectionType === 'mqtt' || connectionType === 'mqtt-5';
  switch (type) {
    case 'client':
      return clientCount;
    case 'source':
      return sources.reduce(
        (sum, { addresses, consumerCount }) =>
          sum + clientCount * (isMqtt ? 1 : addresses.length * consumerCount),
        0,
      );
    case 'target':
      return clientCount * targets.length;
    case 'ssh':
      return sshTunnel?.enabled === true ? clientCount : 0;
  }
}

const isOpen = (row: JsonObject): boolean => row['status'] === 'open';
const has = (list: Rows, status: ConnectivityStatus): boolean => list.some((row) => row['status'] === status);

function listStatus(list: Rows): ConnectivityStatus {
  if (list.every(isOpen)) return 'open';
  if (has(list, 'failed')) return 'failed';
  if (has(list, 'misconfigured')) return 'misconfigured';
  if (list.every((row) => row['status'] === 'closed')) return 'closed';
  // Targets with placeholders are unknown and must not spoil an open connection.
  const areClientsOpen = list.filter((row) => row['type'] === 'client').every(isOpen);
  return has(list, 'unknown') && areClientsOpen ? 'open' : 'unknown';
}

function overallStatus(statuses: readonly ConnectivityStatus[]): ConnectivityStatus {
  if (statuses.every((status) => status === 'open')) return 'open';
  if (statuses.includes('failed')) return 'failed';
  if (statuses.includes('misconfigured')) return 'misconfigured';
  return statuses.every((status) => status === 'closed') ? 'closed' : 'unknown';
}

function recoveryStatus(clients: Rows): RecoveryStatus {
  const statuses = clients.map((row) => row['recoveryStatus']).filter((status) => status !== undefined);
  if (statuses.every((status) => status === 'succeeded')) return 'succeeded';
  if (statuses.includes('backOffLimitReached')) return 'backOffLimitReached';
  return statuses.includes('ongoing') ? 'ongoing' : 'unknown';
}

function earliest(rows: Rows): string | undefined {
  const times = rows.map((row) => row['inStateSince']).filter((since) => typeof since === 'string');
  return times.sort((a, b) => Date.parse(a) - Date.parse(b))[0];
}

/**
 * Consumed and published messages of the longest interval: what orders connections after a restart
 * (connectivity/service/.../persistence/UsageBasedPriorityProvider.java). 0 when the metrics say nothing.
 */
export function usagePriority(metrics: JsonObject): number {
  const all = metrics['connectionMetrics'];
  if (!isJsonObject(all)) return 0;
  const sum = longestCount(all['inbound'], 'consumed') + longestCount(all['outbound'], 'published');
  return Math.min(sum, 2_147_483_647);
}

function longestCount(direction: unknown, type: string): number {
  const measured = isJsonObject(direction) ? direction[type] : undefined;
  const success = isJsonObject(measured) ? measured['success'] : undefined;
  const count = isJsonObject(success) ? success['PT24H'] : undefined;
  return typeof count === 'number' ? count : 0;
}
