import {
  checkClientConfiguration,
  checkHost,
  compileHostPolicy,
  connectionToJson,
  defaultHonoConfig,
  defaultValidationConfig,
  type HostPolicy,
  type JsonObject,
  type JsonValue,
  parseConnection,
  parseConnectionId,
  parseConnectionUri,
  parseStoredConnection,
  resolveHonoConnection,
  validateConnection,
} from '@hawser/core';
import type { Readers } from '../reader.ts';

/** Model of the connection: parsing, serialisation, ids, URIs and old stored forms. */
export const connectionReaders: Readers = {
  'oracle:connection': ({ connection }) => connectionToJson(parseConnection(connection ?? null)),
  'oracle:connection-uri': ({ uri }) => readUri(String(uri)),
  'oracle:stored-connection-migration': ({ connection }) => migrate(connection ?? null),
  'oracle:connection-validation': ({ connection }) => ({
    valid: true,
    declaredAcks: [...validateConnection(parseConnection(connection ?? null))],
  }),
  connections: ({ connectionJson, stage, config }) =>
    readConnection(connectionJson ?? null, stage === 'service', (config ?? {}) as JsonObject),
  'oracle:hono-resolution': ({ connection }) =>
    connectionToJson(resolveHonoConnection(parseConnection(connection ?? null), defaultHonoConfig)),
  'oracle:host-validation': ({ host, settings }) => {
    checkHost(hostPolicyOf(settings as JsonObject), String(host));
    return { valid: true };
  },
  'commands:migration': ({ input }) => migrate(input ?? null),
  'commands:snapshot': (stored) => connectionToJson(parseStoredConnection(stored), { hidden: true }),
  'commands:connection-id': ({ input }) => parseConnectionId(String(input)),
};

/** What the service answers to a connection that is created; validation only where the case is about it. */
function readConnection(json: JsonValue, isValidated: boolean, settings: JsonObject): JsonObject {
  const connection = parseConnection(json);
  if (isValidated) {
    validateConnection(connection, { ...defaultValidationConfig, hosts: hostPolicyOf(settings) });
    checkClientConfiguration(connection);
  }
  return connectionToJson(connection);
}

/** The settings of a case over Ditto's defaults; lists are comma-separated as in its configuration. */
function hostPolicyOf(settings: JsonObject): HostPolicy {
  const list = (key: string, fallback: string): string[] =>
    String(settings[key] ?? fallback)
      .split(',')
      .filter((item) => item !== '');
  return compileHostPolicy({
    allowedHostnames: list('allowed-hostnames', 'hono-endpoint'),
    blockedHostnames: list('blocked-hostnames', ''),
    blockedSubnets: list('blocked-subnets', ''),
    blockedHostRegex: String(settings['blocked-host-regex'] ?? ''),
    profile: 'ditto',
  });
}

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
