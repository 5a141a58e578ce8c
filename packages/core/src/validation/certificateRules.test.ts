import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { parseConnection } from '../model/parseConnection.ts';
import { checkCertificates, checkKeyPair } from './certificateRules.ts';

const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIDDzCCAfegAwIBAgIULv6JeEJUDUGYKzH3Sp1MOg1vPtIwDQYJKoZIhvcNAQEL
BQAwFjEUMBIGA1UEAwwLaGF3c2VyIHRlc3QwIBcNMjYxMTI1MDQ0ODQzWhgPMjEy
NjExMDEwNDQ4NDNaMBYxFDASBgNVBAMMC2hhd3NlciB0ZXN0MIIBIjANBgkqhkiG
9w0BAQEFAAOCAQ8AMIIBCgKCAQEAx7mDwS3+5Lq/+KsYmXJAHuV/q0f8eGU6PPkZ
6Aw9C7JJ8puAHIJsGCD8rswPwrO+6R+iLlDwKk7YcN/MUyWN2+wlMJnBrkl9qmZJ
a89rMTy18cp4Ck3vw+ZzuYCQxXmo5FC9pcC4TsKUeaovoukM/2dhhED85my9McGi
2+mk3lt81XXbSCllNeqL+Y7OT7EGukzMuL82Wzwvq6wkZLmMwe68wLXalWQuibQR
ihaSPO4l4L7Cpt9QbR9yNI6S+VzQrae3cAvifPjFKHBugfkb3M17C4OerezqbEGJ
s6I/1Z5gVWr43XUQfwVXnRJ+izgRpt7K9W5uTfQoX7Hnpwb6aQIDAQABo1MwUTAd
BgNVHQ4EFgQUW1au+vifKaFaOPlWpk4JBbvOpD0wHwYDVR0jBBgwFoAUW1au+vif
KaFaOPlWpk4JBbvOpD0wDwYDVR0TAQH/BAUwAwEB/zANBgkqhkiG9w0BAQsFAAOC
AQEAK40Nv+PScTpVXGSQWl+RsbtMRqb7EuXI3zj6LIh5Za8q0YN9jEfxLYhrtK/V
Na5iTRWGdcwdC+pZCTn+2mJ+pvyBwvkQDMuy7hl8uhoMLQituXfSMrcpYQYSH7Mi
DII/Dx6HBNxrJ1qQsbRo48N4Jj75qMejbE87Ck6hKeDWck9Eryk505BzRkcLRcLn
um8u0aJfGWC1RZwNf0DzpMe81yK9LoDnFQ/ojxe6gAwX5r8cVfY3ACb2PLBzXdEG
l8s5qqFcs0XIuqIG2gQAyedymeICvuZLJuwOlNuUY7MHVvlUgBHWPLXYJaK4A3vZ
RJbJElArO90X6w41MUupX+NUsg==
-----END CERTIFICATE-----
`;
const publicKeyEncoding = { type: 'spki', format: 'pem' } as const;
const privateKeyEncoding = { type: 'pkcs8', format: 'pem' } as const;
const rsa = generateKeyPairSync('rsa', { modulusLength: 1024, publicKeyEncoding, privateKeyEncoding });
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256', publicKeyEncoding, privateKeyEncoding });

function check(changes: object): string {
  const base = {
    id: 'c',
    connectionType: 'mqtt-5',
    connectionStatus: 'open',
    uri: 'ssl://broker:8883',
    sources: [{ addresses: ['a'], authorizationContext: ['x:y'], qos: 0 }],
  };
  try {
    checkCertificates(parseConnection({ ...base, ...changes }));
    return 'valid';
  } catch (error) {
    return String((error as Error).message);
  }
}

const client = (cert: string, key: string): object => ({ credentials: { type: 'client-cert', cert, key } });

describe('certificates of a connection', () => {
  test('a chain of trusted certificates is read', () => {
    expect(check({ ca: CERTIFICATE })).toBe('valid');
    expect(check({ ca: `${CERTIFICATE}${CERTIFICATE}` })).toBe('valid');
  });

  test.each([
    'no certificate',
    CERTIFICATE.replace('MIID', 'AAAA'),
    `${CERTIFICATE}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----`,
    CERTIFICATE.replace('-----END', '----END'),
  ])('what is no certificate is refused', (ca) => {
    expect(check({ ca })).toMatch(/^\/ca: bad format\. Expect PEM-encoded DER data/);
  });

  test('trusted certificates are not looked at when none is checked', () => {
    expect(check({ ca: 'no certificate', validateCertificates: false })).toBe('valid');
  });

  test('a client certificate needs a readable RSA key', () => {
    expect(check(client(CERTIFICATE, rsa.privateKey))).toBe('valid');
    expect(check(client(CERTIFICATE, ec.privateKey))).toMatch(/^\/credentials\/key: bad format/);
    expect(check(client(CERTIFICATE, rsa.publicKey))).toMatch(/^\/credentials\/key: bad format/);
    expect(check(client('c', rsa.privateKey))).toMatch(/^\/credentials\/cert: bad format/);
  });
});

describe('the key pair of a tunnel', () => {
  const pair = { type: 'public-key', username: 'u' } as const;

  test('both halves must be RSA', () => {
    expect(() => checkKeyPair({ ...pair, ...rsa })).not.toThrow();
    expect(() => checkKeyPair({ ...pair, ...rsa, publicKey: ec.publicKey })).toThrow(
      /^\/credentials\/publicKey/,
    );
    expect(() => checkKeyPair({ ...pair, ...rsa, privateKey: ec.privateKey })).toThrow(
      /^\/credentials\/privateKey/,
    );
  });
});
