import type { PeerCertificate } from 'node:tls';
import { sampleConnection } from '@hawser/testkit';
import { describe, expect, test } from '@jest/globals';
import { endpointOf } from './endpoint.ts';
import { tlsOptions } from './tlsOptions.ts';

const certificateOf = (subjectaltname: string): PeerCertificate =>
  ({ subject: {}, subjectaltname }) as PeerCertificate;

describe('TLS through a tunnel', () => {
  const tunnel = { host: '127.0.0.1', port: 4_711 };

  test.each([
    ['broker.example.com', 'DNS:broker.example.com'],
    ['192.0.2.7', 'IP Address:192.0.2.7'],
  ])('expects the certificate of %s', (host, subjectaltname) => {
    const connection = sampleConnection({ uri: `ssl://${host}:8883` });
    const endpoint = endpointOf(connection, tunnel);
    expect(endpoint).toMatchObject({ ...tunnel, serverName: host });
    const { checkServerIdentity } = tlsOptions(connection, endpoint.serverName, true);
    expect(checkServerIdentity?.('127.0.0.1', certificateOf(subjectaltname))).toBeUndefined();
    expect(checkServerIdentity?.('127.0.0.1', certificateOf('IP Address:127.0.0.1'))).toMatchObject({
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
  });
});
