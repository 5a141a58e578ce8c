import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { DittoError } from '../errors/dittoError.ts';
import type { Connection } from '../model/connection.ts';
import type { PublicKeyCredentials } from '../model/credentials.ts';
import { configurationInvalid } from './configurationInvalid.ts';

/*
 * Keys and certificates that a connection brings along, RSA alone
 * (connectivity/service/.../messaging/internal/ssl/SSLContextCreator.java, PublicKeyAuthenticationFactory.java).
 */

/** @throws DittoError `connectivity:connection.configuration.invalid` */
export function checkCertificates({ credentials, ca, validateCertificates }: Connection): void {
  if (
    credentials?.type === 'client-cert' &&
    credentials.cert !== undefined &&
    credentials.key !== undefined
  ) {
    if (!isPrivateKey(credentials.key))
      throw badFormat('/credentials/key', 'PRIVATE KEY', PRIVATE_KEY_DESCRIPTION);
    if (!areCertificates(credentials.cert)) throw badFormat('/credentials/cert', 'CERTIFICATE');
  }
  if (ca !== undefined && validateCertificates && !areCertificates(ca)) throw badFormat('/ca', 'CERTIFICATE');
}

/** @throws DittoError `connectivity:connection.configuration.invalid` */
export function checkKeyPair({ publicKey, privateKey }: PublicKeyCredentials): void {
  if (!isPublicKey(publicKey))
    throw badFormat(
      '/credentials/publicKey',
      'PUBLIC KEY',
      'Please format your public key as PEM-encoded unencrypted PKCS #8.',
    );
  if (!isPrivateKey(privateKey))
    throw badFormat('/credentials/privateKey', 'PRIVATE KEY', PRIVATE_KEY_DESCRIPTION);
}

const PRIVATE_KEY_DESCRIPTION = 'Please format your client key as PEM-encoded unencrypted PKCS #8.';

function badFormat(pointer: string, label: string, description?: string): DittoError {
  const encoding = label === 'CERTIFICATE' ? 'DER' : 'PKCS #8';
  return configurationInvalid(
    `${pointer}: bad format. Expect PEM-encoded ${encoding} data specified by RFC-7468 starting with '-----BEGIN ${label}-----'`,
    description,
  );
}

const isPrivateKey = (pem: string): boolean =>
  isRsa(pem, 'PRIVATE KEY', (key) => createPrivateKey({ key, format: 'der', type: 'pkcs8' }));

const isPublicKey = (pem: string): boolean =>
  isRsa(pem, 'PUBLIC KEY', (key) => createPublicKey({ key, format: 'der', type: 'spki' }));

function isRsa(pem: string, label: string, read: (der: Buffer) => KeyObject): boolean {
  const [der] = derBlocks(pem, label);
  return der !== undefined && succeeds(() => read(der).asymmetricKeyType === 'rsa');
}

function areCertificates(pem: string): boolean {
  const blocks = derBlocks(pem, 'CERTIFICATE');
  return blocks.length > 0 && blocks.every((der) => succeeds(() => new X509Certificate(der) !== undefined));
}

/** What node:crypto cannot read is badly formatted, whatever it says about it. */
function succeeds(read: () => boolean): boolean {
  try {
    return read();
  } catch {
    return false;
  }
}

function derBlocks(pem: string, label: string): readonly Buffer[] {
  const begin = `-----BEGIN ${label}-----`;
  const end = `-----END ${label}-----`;
  const blocks: Buffer[] = [];
  for (let from = pem.indexOf(begin); from >= 0; ) {
    const to = pem.indexOf(end, from);
    if (to < 0) break;
    blocks.push(Buffer.from(pem.slice(from + begin.length, to), 'base64'));
    from = pem.indexOf(begin, to);
  }
  return blocks;
}
