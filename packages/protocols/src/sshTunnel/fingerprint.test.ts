import { describe, expect, test } from '@jest/globals';
import { isKnownHost } from './fingerprint.ts';

// fingerprints of this key as ssh-keygen -l prints them
const key = Buffer.from('AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl', 'base64');
const sha256 = 'SHA256:+DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU';
const md5 = 'MD5:65:96:2d:fc:e8:d5:a9:11:64:0c:0f:ea:00:6e:5b:bd';

describe('the fingerprint of an SSH server', () => {
  test.each([
    ['SHA256', [sha256], true],
    ['SHA256 with its padding', [`${sha256}=`], true],
    ['MD5', [md5], true],
    ['MD5 in capitals', [md5.toUpperCase()], true],
    ['one of several', ['SHA256:other', md5], true],
    ['another SHA256', ['SHA256:/DiY3wvvV6TuJJhbpZisF/zLDA0zPMSvHdkr4UvCOqU'], false],
    ['another MD5', [md5.replace('bd', 'be')], false],
    ['a digest under the wrong name', [sha256.replace('SHA256', 'MD5')], false],
    ['no name of a digest', [sha256.slice(7)], false],
    ['an unknown digest', [sha256.replace('SHA256', 'SHA1')], false],
    ['an empty text', [''], false],
    ['a name alone', ['SHA256:', 'MD5:'], false],
    ['none', [], false],
  ])('%s', (_name, knownHosts, expected) => {
    expect(isKnownHost(key, knownHosts)).toBe(expected);
  });
});
