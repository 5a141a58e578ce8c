import { connectivityStatuses } from '../model/connection.ts';
import { logCategories, logLevels, logTypes } from './logEntry.ts';

const instant = { type: 'string', format: 'date-time' } as const;
const statuses = { enum: connectivityStatuses } as const;
const recoveryStatus = { enum: ['ongoing', 'succeeded', 'backOffLimitReached', 'unknown'] } as const;
const connectionId = { type: 'string', description: 'Id of the connection.' } as const;
const connection = {
  type: 'object',
  description: 'The connection, or the fields of it that were asked for.',
} as const;
const counts = {
  type: 'object',
  properties: { processed: { type: 'integer' }, skipped: { type: 'integer' }, failed: { type: 'integer' } },
  required: ['processed', 'skipped', 'failed'],
} as const;

const resourceStatuses = {
  type: 'array',
  items: {
    title: 'Status of a resource',
    type: 'object',
    properties: {
      type: { enum: ['client', 'source', 'target', 'ssh', 'unknown'] },
      client: { type: 'string', description: 'Instance that the client runs in.' },
      address: { type: 'string', description: 'Of a source or target.' },
      status: statuses,
      recoveryStatus,
      statusDetails: { type: 'string' },
      inStateSince: instant,
    },
    required: ['type', 'client', 'status'],
  },
} as const;

const measurement = {
  title: 'Counter',
  description: 'How many messages in the last minute, hour and day.',
  type: 'object',
  properties: {
    PT1M: { type: 'integer' },
    PT1H: { type: 'integer' },
    PT24H: { type: 'integer' },
    lastMessageAt: { type: ['string', 'null'] },
  },
} as const;

/** `consumed`, `mapped`, … to successes and failures. */
const countersByType = {
  title: 'Counters by type',
  type: ['object', 'null'],
  additionalProperties: { type: 'object', properties: { success: measurement, failure: measurement } },
} as const;

const countersByAddress = {
  title: 'Counters by address',
  type: 'object',
  properties: { addressMetrics: { type: ['object', 'null'], additionalProperties: countersByType } },
  required: ['addressMetrics'],
} as const;

const logEntry = {
  title: 'Log entry',
  type: 'object',
  properties: {
    correlationId: { type: 'string' },
    timestamp: instant,
    category: { enum: logCategories },
    type: { enum: logTypes },
    level: { enum: logLevels },
    message: { type: 'string' },
    address: { type: 'string' },
    entityType: { type: 'string' },
    entityId: { type: 'string' },
  },
  required: ['correlationId', 'timestamp', 'category', 'type', 'level', 'message'],
} as const;

/** The logs of a connection, as `/api/2` shows them: without `type` and `status`. */
export const connectionLogsSchema = {
  title: 'Connection logs',
  type: 'object',
  properties: {
    connectionId,
    connectionLogs: { type: 'array', items: logEntry, description: 'Oldest first.' },
    enabledSince: { type: ['string', 'null'] },
    enabledUntil: { type: ['string', 'null'] },
  },
  required: ['connectionId', 'connectionLogs', 'enabledSince', 'enabledUntil'],
} as const;

type Properties = Readonly<Record<string, object>>;

function response<T extends string, P extends Properties>(
  type: T,
  status: number | readonly number[],
  properties: P,
  optional: readonly (keyof P & string)[] = [],
) {
  return {
    $id: type,
    title: `${type.slice(type.indexOf(':') + 1)} response`,
    type: 'object',
    properties: {
      type: { const: type },
      status: typeof status === 'number' ? { const: status } : { enum: status },
      ...properties,
    },
    required: ['type', 'status', ...Object.keys(properties).filter((name) => !optional.includes(name))],
  } as const;
}

const forId = <N extends string>(name: N, status: number) =>
  response(`connectivity.responses:${name}`, status, { connectionId });

/** JSON Schema (draft 2020-12) of the answers to commands, by their type. */
export const responseSchemas = {
  'connectivity.responses:createConnection': response('connectivity.responses:createConnection', 201, {
    connection,
  }),
  'connectivity.responses:retrieveConnection': response('connectivity.responses:retrieveConnection', 200, {
    connection,
  }),
  'connectivity.responses:testConnection': response('connectivity.responses:testConnection', [200, 409], {
    connectionId,
    testResult: { type: 'string' },
  }),
  'connectivity.responses:modifyConnection': forId('modifyConnection', 204),
  'connectivity.responses:deleteConnection': forId('deleteConnection', 204),
  'connectivity.responses:openConnection': forId('openConnection', 200),
  'connectivity.responses:closeConnection': forId('closeConnection', 200),
  'connectivity.responses:enableConnectionLogs': forId('enableConnectionLogs', 200),
  'connectivity.responses:resetConnectionLogs': forId('resetConnectionLogs', 200),
  'connectivity.responses:resetConnectionMetrics': forId('resetConnectionMetrics', 200),
  'connectivity.responses:retrieveAllConnectionIds': response(
    'connectivity.responses:retrieveAllConnectionIds',
    200,
    { connectionIds: { type: 'array', items: { type: 'string' } } },
  ),
  'connectivity.responses:retrieveConnectionStatus': response(
    'connectivity.responses:retrieveConnectionStatus',
    200,
    {
      connectionId,
      connectionStatus: { ...statuses, description: 'As it is wanted.' },
      liveStatus: { ...statuses, description: 'As it is.' },
      recoveryStatus,
      connectedSince: instant,
      clientStatus: resourceStatuses,
      sourceStatus: resourceStatuses,
      targetStatus: resourceStatuses,
      sshTunnelStatus: resourceStatuses,
    },
    ['connectedSince', 'clientStatus', 'sourceStatus', 'targetStatus', 'sshTunnelStatus'],
  ),
  'connectivity.responses:retrieveConnectionMetrics': response(
    'connectivity.responses:retrieveConnectionMetrics',
    200,
    {
      connectionId,
      connectionMetrics: {
        type: 'object',
        properties: { inbound: countersByType, outbound: countersByType },
      },
      containsFailures: { type: 'boolean' },
      sourceMetrics: countersByAddress,
      targetMetrics: countersByAddress,
    },
  ),
  'connectivity.responses:retrieveConnectionLogs': response(
    'connectivity.responses:retrieveConnectionLogs',
    200,
    connectionLogsSchema.properties,
  ),
  'connectivity.responses:migrateEncryption': response(
    'connectivity.responses:migrateEncryption',
    [202, 200],
    {
      phase: { enum: ['started', 'already_completed'] },
      dryRun: { type: 'boolean' },
      resumed: { type: 'boolean' },
      startedAt: instant,
    },
  ),
  'connectivity.responses:migrateEncryptionAbort': response(
    'connectivity.responses:migrateEncryptionAbort',
    200,
    { phase: { type: 'string' }, snapshots: counts, journalEvents: counts, abortedAt: instant },
  ),
} as const;
