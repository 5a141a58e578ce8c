import type { CommandType } from './parseCommand.ts';

const connectionId = {
  type: 'string',
  pattern: '^[a-zA-Z0-9-_:]{1,100}$',
  description: 'Id of the connection.',
} as const;

const connection = {
  type: 'object',
  description: 'The whole connection as it is to be; nothing is merged. See the schema of connections.',
} as const;

const selectedFields = {
  type: 'string',
  minLength: 1,
  description:
    'Field selector, e.g. `id,name,sources(addresses)`. Hidden fields may be named: `_revision`, `_created`.',
} as const;

const addressee = {
  serviceName: {
    type: ['string', 'null'],
    description: 'Service that is meant; all when absent.',
  },
  instance: {
    type: ['string', 'null'],
    description: 'Instance that is meant; all when absent.',
  },
} as const;

type Properties = Readonly<Record<string, object>>;

/** Members that are not described are ignored, as in Ditto. */
function schema<
  T extends string,
  const P extends Properties,
  const R extends readonly (keyof P & string)[] = readonly [],
>(type: T, description: string, properties: P, ...[required]: R extends readonly [] ? [] | [R] : [R]) {
  return {
    $id: type,
    title: type.slice(type.indexOf(':') + 1),
    description,
    type: 'object',
    properties: { type: { const: type }, ...properties },
    required: ['type', ...(required ?? [])] as unknown as readonly ['type', ...R],
  } as const;
}

const forId = <T extends string>(type: T, description: string) =>
  schema(type, description, { connectionId }, ['connectionId']);

const forConnection = <T extends string>(type: T, description: string) =>
  schema(type, description, { connection }, ['connection']);

const forSelection = <T extends string>(type: T, description: string) =>
  schema(type, description, { connectionId, selectedFields }, ['connectionId']);

/**
 * JSON Schema (draft 2020-12) of every command. They describe; the readers of `parseCommand` decide and answer with
 * Ditto's errors.
 */
export const commandSchemas = {
  'connectivity.commands:createConnection': forConnection(
    'connectivity.commands:createConnection',
    'Creates a connection under the id that it carries, and opens it when its status is `open`.',
  ),
  'connectivity.commands:modifyConnection': forConnection(
    'connectivity.commands:modifyConnection',
    'Replaces a connection, or creates it when there is none of this id.',
  ),
  'connectivity.commands:testConnection': forConnection(
    'connectivity.commands:testConnection',
    'Connects once, proves sources and targets, disconnects. Nothing is stored.',
  ),
  'connectivity.commands:deleteConnection': forId(
    'connectivity.commands:deleteConnection',
    'Closes and deletes a connection.',
  ),
  'connectivity.commands:openConnection': forId(
    'connectivity.commands:openConnection',
    'Opens a connection; answered when it is connected.',
  ),
  'connectivity.commands:closeConnection': forId(
    'connectivity.commands:closeConnection',
    'Closes a connection; answered when it is disconnected.',
  ),
  'connectivity.commands:enableConnectionLogs': forId(
    'connectivity.commands:enableConnectionLogs',
    'Starts the log of a connection, or prolongs it.',
  ),
  'connectivity.commands:resetConnectionLogs': forId(
    'connectivity.commands:resetConnectionLogs',
    'Clears the log of a connection.',
  ),
  'connectivity.commands:resetConnectionMetrics': forId(
    'connectivity.commands:resetConnectionMetrics',
    'Sets the counters of a connection to zero.',
  ),
  'connectivity.commands:checkConnectionLogsActive': schema(
    'connectivity.commands:checkConnectionLogsActive',
    'Internal: clients whose log has expired by then mute it.',
    { connectionId, timestamp: { type: 'string', description: 'ISO-8601 instant.' } },
    ['connectionId', 'timestamp'],
  ),
  'connectivity.commands:loggingExpired': forId(
    'connectivity.commands:loggingExpired',
    'Internal: the log of a connection has expired.',
  ),
  'connectivity.commands:retrieveConnection': forSelection(
    'connectivity.commands:retrieveConnection',
    'A connection, whole or in part.',
  ),
  'connectivity.commands:retrieveResolvedHonoConnection': forSelection(
    'connectivity.commands:retrieveResolvedHonoConnection',
    'A connection of type `hono` as the Kafka connection that it stands for.',
  ),
  'connectivity.commands:retrieveConnectionStatus': forId(
    'connectivity.commands:retrieveConnectionStatus',
    'Live status of a connection, its clients, sources and targets.',
  ),
  'connectivity.commands:retrieveConnectionMetrics': forId(
    'connectivity.commands:retrieveConnectionMetrics',
    'Counters of a connection.',
  ),
  'connectivity.commands:retrieveConnectionLogs': forId(
    'connectivity.commands:retrieveConnectionLogs',
    'Log of a connection.',
  ),
  'connectivity.commands:retrieveAllConnectionIds': schema(
    'connectivity.commands:retrieveAllConnectionIds',
    'Ids of all connections.',
    {},
  ),
  'connectivity.commands:retrieveConnections': schema(
    'connectivity.commands:retrieveConnections',
    'All connections or their ids.',
    {
      idsOnly: { type: 'boolean', description: 'Ids in place of connections.' },
      selectedFields,
    },
    ['idsOnly'],
  ),
  'connectivity.commands:migrateEncryption': schema(
    'connectivity.commands:migrateEncryption',
    'Brings the secrets of stored connections under the configured key.',
    {
      dryRun: { type: 'boolean', default: false, description: 'Count, but write nothing.' },
      resume: { type: 'boolean', default: false, description: 'Go on where the last run stopped.' },
    },
  ),
  'connectivity.commands:migrateEncryptionStatus': schema(
    'connectivity.commands:migrateEncryptionStatus',
    'How far the migration of secrets is.',
    {},
  ),
  'connectivity.commands:migrateEncryptionAbort': schema(
    'connectivity.commands:migrateEncryptionAbort',
    'Stops the migration of secrets; it can be resumed.',
    {},
  ),
  'connectivity.sudo.commands:sudoRetrieveConnectionTags': forId(
    'connectivity.sudo.commands:sudoRetrieveConnectionTags',
    'Tags of a connection.',
  ),
  'connectivity.sudo.commands:sudoRetrieveConnectionIdsByTag': schema(
    'connectivity.sudo.commands:sudoRetrieveConnectionIdsByTag',
    'Ids of the connections with a tag.',
    { tag: { type: 'string', description: 'Tag of the newest journal entry.' } },
    ['tag'],
  ),
  'connectivity.sudo.commands:sudoAddConnectionLogEntry': schema(
    'connectivity.sudo.commands:sudoAddConnectionLogEntry',
    'Adds an entry to the log of a connection; not answered.',
    { connectionId, logEntry: { type: 'object', description: 'An entry of the log of a connection.' } },
    ['connectionId', 'logEntry'],
  ),
  'cleanup.sudo.commands:cleanupPersistence': schema(
    'cleanup.sudo.commands:cleanupPersistence',
    'Removes what the newest snapshot makes superfluous.',
    {
      entityType: { type: 'string', description: '`connection`.' },
      entityId: { type: 'string', description: 'Id of the connection.' },
    },
    ['entityType', 'entityId'],
  ),
  'common.commands:shutdown': schema(
    'common.commands:shutdown',
    'Stops the actors that the reason names; not answered.',
    {
      reason: {
        type: 'object',
        description: 'Which actors are to stop.',
        properties: {
          type: { type: 'string', description: '`purge-entities`, `purge-namespace`, …' },
          details: { description: 'Ids of connections, or a namespace.' },
        },
        required: ['type'],
      },
    },
    ['reason'],
  ),
  'common.commands:retrieveConfig': schema(
    'common.commands:retrieveConfig',
    'Configuration in force, secrets masked.',
    { path: { type: 'string', description: 'Dotted path; the whole configuration when absent.' } },
  ),
  'common.commands:modifyConfig': schema(
    'common.commands:modifyConfig',
    'Changes configuration at run time.',
    { config: { type: 'object', description: 'Members to change.' } },
    ['config'],
  ),
  'status.commands:retrieveHealth': schema('status.commands:retrieveHealth', 'Health of an actor.', {}),
  'devops.commands:retrieveLoggerConfig': schema(
    'devops.commands:retrieveLoggerConfig',
    'Levels of the loggers.',
    {
      ...addressee,
      allKnownLoggers: { type: 'boolean', default: false, description: 'Also those without a level.' },
      includeDisabledLoggers: { type: 'boolean', default: false, description: 'Also those of level off.' },
      specificLoggers: {
        type: 'array',
        items: { type: 'string' },
        description: 'Names of the loggers that are meant; all when absent.',
      },
    },
  ),
  'devops.commands:changeLogLevel': schema(
    'devops.commands:changeLogLevel',
    'Sets the level of a logger.',
    {
      ...addressee,
      loggerConfig: {
        type: 'object',
        description: 'Logger and level; the root logger when none is named.',
        properties: {
          level: { type: 'string', description: 'off, error, warn, info, debug, trace or all.' },
          logger: { type: 'string', description: 'Name of the logger.' },
        },
        required: ['level'],
      },
    },
    ['loggerConfig'],
  ),
  'devops.commands:executePiggybackCommand': schema(
    'devops.commands:executePiggybackCommand',
    'A command inside a command, for the actor at a path.',
    {
      ...addressee,
      targetActorSelection: { type: 'string', description: 'Path of the actor, without address.' },
      headers: { type: ['object', 'null'], description: 'Ditto headers of the command.' },
      piggybackCommand: { type: ['object', 'null'], description: 'The command, with its `type`.' },
    },
    ['targetActorSelection', 'headers', 'piggybackCommand'],
  ),
} as const satisfies Record<CommandType, object>;
