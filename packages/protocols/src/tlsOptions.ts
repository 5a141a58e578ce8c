import { isIP } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { Connection } from '@hawser/core';

/**
 * TLS as a connection asks for it: the server is verified against `ca` (or the system's store) unless
 * `validateCertificates` is off; client certificates only where the protocol uses them (spec: AMQP 0.9.1 does not).
 */
export function tlsOptions(
  connection: Connection,
  host: string,
  clientCertificate: boolean,
): ConnectionOptions {
  const { ca, credentials, validateCertificates } = connection;
  const own = clientCertificate && credentials?.type === 'client-cert' ? credentials : undefined;
  return {
    rejectUnauthorized: validateCertificates,
    ...(isIP(host) ? {} : { servername: host }),
    ...(validateCertificates && ca !== undefined ? { ca } : {}),
    ...(own?.cert === undefined ? {} : { cert: own.cert }),
    ...(own?.key === undefined ? {} : { key: own.key }),
  };
}
