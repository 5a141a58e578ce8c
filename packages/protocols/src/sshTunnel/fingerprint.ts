import { createHash } from 'node:crypto';

/**
 * Whether a server's key is one of the known ones. Each of these says its digest itself: `MD5:aa:bb:…` or
 * `SHA256:<Base64>`, as `ssh-keygen -l` prints them (connectivity/.../messaging/tunnel/FingerprintVerifier.java).
 *
 * @param key as it comes over the wire
 */
export function isKnownHost(key: Buffer, knownHosts: readonly string[]): boolean {
  return knownHosts.some((fingerprint) => isFingerprintOf(key, fingerprint.trim()));
}

function isFingerprintOf(key: Buffer, fingerprint: string): boolean {
  const [algorithm = ''] = fingerprint.split(':', 1);
  const digest = fingerprint.slice(algorithm.length + 1);
  switch (algorithm.toUpperCase()) {
    case 'MD5':
      return digest.replaceAll(':', '').toLowerCase() === createHash('md5').update(key).digest('hex');
    case 'SHA256':
      return withoutPadding(digest) === withoutPadding(createHash('sha256').update(key).digest('base64'));
    default:
      return false;
  }
}

const withoutPadding = (base64: string): string => base64.replace(/=+$/, '');
