import { expect, test } from '@jest/globals';
import { comparerWith, parseBasicAuthorization } from './basic.ts';

const header = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;

test('user and password are parted at the first colon', () => {
  expect(parseBasicAuthorization(header('devops:a:b'))).toEqual({ user: 'devops', password: 'a:b' });
  expect(parseBasicAuthorization(header(':'))).toEqual({ user: '', password: '' });
  expect(parseBasicAuthorization(header('dev\nops:ü'))).toEqual({ user: 'dev\nops', password: 'ü' });
});

test.each(['', 'Basic', 'Basic ', 'Basic !!', 'Basic YTpi=YTpi', 'Bearer YTpi', header('nocolon')])(
  '%j is none',
  (text) => {
    expect(parseBasicAuthorization(text)).toBeUndefined();
  },
);

test('a long header is read in linear time', () => {
  const begun = performance.now();
  parseBasicAuthorization(`Basic ${' '.repeat(1_000_000)}`);
  parseBasicAuthorization(`Basic ${'A'.repeat(1_000_000)}${' '.repeat(100_000)}x`);
  expect(performance.now() - begun).toBeLessThan(1000);
});

test('texts of any lengths are compared', () => {
  expect(comparerWith('a')('a')).toBe(true);
  expect(comparerWith('aa')('a')).toBe(false);
  expect(comparerWith('a')('')).toBe(false);
});
