import type { Connection } from '../model/connection.ts';
import { connectionUriInvalid, parseConnectionUri } from '../model/connectionUri.ts';
import { parseJavaUri } from '../model/javaUri.ts';
import { parseTokenEndpoint } from './credentialsRules.ts';
import { checkHost, type HostLookup } from './hostPolicy.ts';
import type { ValidationConfig } from './validationConfig.ts';

/** Every host that a connection names, those that cannot be read left out: its URI, its tunnel, token endpoint and bootstrap servers. */
export function connectionHosts(connection: Connection): readonly string[] {
  const { connectionType, uri, sshTunnel, credentials } = connection;
  const hosts = connectionType === 'hono' ? [] : [parseConnectionUri(uri).hostname];
  if (sshTunnel !== undefined) hosts.push(parseJavaUri(sshTunnel.uri)?.host ?? '');
  if (credentials?.type === 'oauth-client-credentials' || credentials?.type === 'oauth-password') {
    const endpoint = parseTokenEndpoint(credentials.tokenEndpoint);
    if ('host' in endpoint) hosts.push(endpoint.host);
  }
  return [...hosts, ...bootstrapHosts(connection)].filter((host) => host !== '');
}

const SERVER = /([a-zA-Z0-9.-]+):\d+/g;

function bootstrapHosts({ connectionType, specificConfig }: Connection): readonly string[] {
  if (connectionType !== 'kafka') return [];
  return [...(specificConfig['bootstrapServers'] ?? '').matchAll(SERVER)].map(([, host = '']) => host);
}

const MAX_HOST_LENGTH = 253;
const MAX_PORT = 65_535;

/**
 * Checks that Ditto does not make, for the strict profile of hosts alone.
 * @throws DittoError `connectivity:connection.uri.invalid`, `connectivity:connection.configuration.invalid`
 */
export function checkStrictly(connection: Connection, { hosts }: ValidationConfig, lookup: HostLookup): void {
  if (!hosts.isStrict || connection.connectionType === 'hono') return;
  const { hostname, port, userName = '', password = '' } = parseConnectionUri(connection.uri);
  const isOdd = `${userName}${password}`.includes('\0') || hostname.length > MAX_HOST_LENGTH;
  if (isOdd || port > MAX_PORT) throw connectionUriInvalid(connection.uri);
  for (const host of bootstrapHosts(connection)) checkHost(hosts, host, lookup);
}
