import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isDittoError } from '../errors/dittoError.ts';
import { httpPushHeaders } from './httpHeaders.ts';

test('headers that mean something to the request are taken out of it', () => {
  expect(
    httpPushHeaders({ 'Content-Type': 'a/b', 'HTTP.query': 'q=1', 'http.path': '/p', 'X-a': 'ü' }),
  ).toEqual({
    headers: { 'X-a': 'ü' },
    contentType: 'a/b',
    overrides: { path: '/p', query: 'q=1' },
  });
});

test('no header breaks out of its line', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', ':', ' ', '\r', '\n', '\u0000', 'ü', '€', '"', '{{'),
    maxLength: 8,
  });
  fc.assert(
    fc.property(text, text, (name, value) => {
      try {
        for (const [key, sent] of Object.entries(httpPushHeaders({ [name]: value }).headers)) {
          expect(`${key}: ${sent}`).not.toMatch(/[\r\n\u0000]/);
          expect(key).not.toMatch(/[: ]/);
        }
      } catch (error) {
        expect(isDittoError(error, 'connectivity:message.sending.failed')).toBe(true);
      }
    }),
  );
});
