import { describe, expect, test } from '@jest/globals';
import { readPayload } from './messagePayload.ts';

describe('a binary payload is base64 as it is written', () => {
  test('each length and each last character is read as a decoder reads it', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    for (const start of ['', 'QUJD', 'QUJDQUJD']) {
      for (const last of alphabet) {
        for (const text of [`A${last}`, `A${last}==`, `AB${last}`, `AB${last}=`, `ABC${last}`]) {
          const written = Buffer.from(start + text, 'base64').toString('base64');
          expect(readPayload(start + text, undefined)).toBe(written);
        }
      }
    }
  });

  test.each(['A', 'A=', 'AB=', 'AB==x', 'AQ==\n', 'ab c', 'ü'])('%j stands for its own bytes', (text) => {
    expect(readPayload(text, 'application/octet-stream')).toBe(Buffer.from(text).toString('base64'));
  });
});
