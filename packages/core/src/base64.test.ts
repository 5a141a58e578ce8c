import { describe, expect, test } from '@jest/globals';
import { decodeBase64Bytes, encodeBase64Bytes, isCanonicalBase64 } from './base64.ts';

const bytesOf = (text: string): number[] | undefined => {
  const bytes = decodeBase64Bytes(text);
  return bytes === undefined ? undefined : [...bytes];
};

describe('base64', () => {
  test.each([
    ['', [], true],
    ['AQ==', [1], true],
    ['AQ', [1], false],
    ['AR==', [1], false],
    ['AQI=', [1, 2], true],
    ['AQI', [1, 2], false],
    ['AQID', [1, 2, 3], true],
    ['A', undefined, false],
    ['AQ=', undefined, false],
    ['AQ-_', undefined, false],
    ['A Q=', undefined, false],
  ])('%j is %j, canonical: %s', (text, bytes, isCanonical) => {
    expect([bytesOf(text), isCanonicalBase64(text)]).toEqual([bytes, isCanonical]);
  });

  test('what was written is read again, also after something else was written', () => {
    const text = encodeBase64Bytes(Uint8Array.of(1, 2, 255));
    expect([text, bytesOf(text), isCanonicalBase64(text)]).toEqual(['AQL/', [1, 2, 255], true]);
    encodeBase64Bytes(Uint8Array.of(7));
    expect([bytesOf(text), isCanonicalBase64(text)]).toEqual([[1, 2, 255], true]);
  });

  test('only the part of a buffer that is in view is written', () => {
    expect(encodeBase64Bytes(Uint8Array.of(9, 1, 9).subarray(1, 2))).toBe('AQ==');
  });
});
