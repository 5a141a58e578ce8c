import { expect, test } from '@jest/globals';
import { javaHash, shardNumber } from './shardNumber.ts';

test.each([
  ['', 0],
  ['a', 97],
  ['polygenelubricants', -2147483648],
  ['urn:uuid:1', 'urn:uuid:1'.split('').reduce((h, c) => (Math.imul(31, h) + c.charCodeAt(0)) | 0, 0)],
])('the hash of %p is that of Java', (text, hash) => {
  expect(javaHash(text)).toBe(hash);
});

test('a shard is the absolute hash modulo their number, and 0 for the hash without an absolute value', () => {
  expect(shardNumber('a', 20)).toBe(17);
  expect(shardNumber('polygenelubricants', 20)).toBe(0);
});
