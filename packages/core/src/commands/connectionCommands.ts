import { optionalBoolean, requiredBoolean, requiredString } from '../json/fields.ts';
import type { JsonObject } from '../json/jsonValue.ts';
import type { Connection } from '../model/connection.ts';
import { parseConnection } from '../model/parseConnection.ts';

import { canonicalInstant } from '../protocol/instant.ts';
import {
  type CommandsOf,
  readConnectionId,
  requiredObjectOrNull,
  withConnectionId,
  withoutFields,
} from './commandReader.ts';
import { readSelectedFields } from './selectedFields.ts';

const withConnection = (json: JsonObject): { readonly connection: Connection } => ({
  connection: parseConnection(requiredObjectOrNull(json, 'connection')),
});

const withSelectedFields = (
  json: JsonObject,
): { readonly connectionId: string; readonly selectedFields: string | undefined } => ({
  connectionId: readConnectionId(json),
  selectedFields: readSelectedFields(json),
});

/** connectivity/model/.../signals/commands/{modify,query}/*.java and connectivity/service/.../migration/Migrate*.java */
export const connectionCommandReaders = {
  'connectivity.commands:createConnection': withConnection,
  'connectivity.commands:modifyConnection': withConnection,
  'connectivity.commands:testConnection': withConnection,
  'connectivity.commands:deleteConnection': withConnectionId,
  'connectivity.commands:openConnection': withConnectionId,
  'connectivity.commands:closeConnection': withConnectionId,
  'connectivity.commands:enableConnectionLogs': withConnectionId,
  'connectivity.commands:resetConnectionLogs': withConnectionId,
  'connectivity.commands:resetConnectionMetrics': withConnectionId,
  'connectivity.commands:loggingExpired': withConnectionId,
  'connectivity.commands:checkConnectionLogsActive': (json: JsonObject) => ({
    connectionId: readConnectionId(json),
    timestamp: canonicalInstant(requiredString(json, 'timestamp')),
  }),
  'connectivity.commands:retrieveConnection': withSelectedFields,
  'connectivity.commands:retrieveResolvedHonoConnection': withSelectedFields,
  'connectivity.commands:retrieveConnectionStatus': withConnectionId,
  'connectivity.commands:retrieveConnectionMetrics': withConnectionId,
  'connectivity.commands:retrieveConnectionLogs': withConnectionId,
  'connectivity.commands:retrieveAllConnectionIds': withoutFields,
  'connectivity.commands:retrieveConnections': (json: JsonObject) => ({
    idsOnly: requiredBoolean(json, 'idsOnly'),
    selectedFields: readSelectedFields(json),
  }),
  'connectivity.commands:migrateEncryption': (json: JsonObject) => ({
    dryRun: optionalBoolean(json, 'dryRun') ?? false,
    resume: optionalBoolean(json, 'resume') ?? false,
  }),
  'connectivity.commands:migrateEncryptionStatus': withoutFields,
  'connectivity.commands:migrateEncryptionAbort': withoutFields,
} as const;

export type ConnectionCommand = CommandsOf<typeof connectionCommandReaders>;
