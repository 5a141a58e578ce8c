import { isIP } from 'node:net';
import { type ConnectionOptions, checkServerIdentity } from 'node:tls';
import type { Connection } from '@hawser/core';

/**
 * TLS as a connection asks for it: the server is verified against `ca` (or the system's store) unless
 * `validateCertificates` is off; client certificates only where the protocol uses them (spec: AMQP 0.9.1 does not).
 */
export function tlsOptions(
  connection: Connection,
  serverName: string,
  clientCertificate: boolean,
): ConnectionOptions {
  const { ca, credentials, validateCertificates } = connection;
  const own = clientCertificate && credentials?.type === 'client-cert' ? credentials : undefined;
  return {
    rejectUnauthorized: validateCertificates,
    ...(isIP(serverName) ? {} : { servername: serverName }),
    // a driver that has no name to check takes the address that it connects to, which may be a tunnel's end
    checkServerIdentity: (_host, certificate) => checkServerIdentity(serverName, certificate),
    ...(validateCertificates && ca !== undefined ? { ca } : {}),
    ...(own?.cert === undefined ? {} : { cert: own.cert }),
    ...(own?.key === undefined ? {} : { key: own.key }),
  };
}
