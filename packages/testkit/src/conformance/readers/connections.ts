import {
  connectionToJson,
  type JsonObject,
  type JsonValue,
  parseConnection,
  parseConnectionId,
  parseConnectionUri,
  parseStoredConnection,
} from '@hawser/core';
import type { Readers } from '../reader.ts';

/** Model of the connection: parsing, serialisation, ids, URIs and old stored forms. */
export const connectionReaders: Readers = {
  'oracle:connection': ({ connection }) => connectionToJson(parseConnection(connection ?? null)),
  'oracle:connection-uri': ({ uri }) => readUri(String(uri)),
  'oracle:stored-connection-migration': ({ connection }) => migrate(connection ?? null),
  'commands:migration': ({ input }) => migrate(input ?? null),
  'commands:snapshot': (stored) => connectionToJson(parseStoredConnection(stored), { hidden: true }),
  'commands:connection-id': ({ input }) => parseConnectionId(String(input)),
};

const migrate = (stored: JsonValue): JsonObject => connectionToJson(parseStoredConnection(stored));

function readUri(text: string): JsonObject {
  const uri = parseConnectionUri(text);
  return {
    protocol: uri.protocol ?? null,
    userName: uri.userName ?? null,
    password: uri.password ?? null,
    hostname: uri.hostname,
    port: uri.port,
    path: uri.path ?? null,
    uriStringWithMaskedPassword: uri.masked,
    string: uri.uri,
  };
}
