import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compileLike } from './like.ts';

const like = (pattern: string, text: string, ignoreCase = false): boolean =>
  compileLike(pattern, { ignoreCase })(text);

test.each([
  ['', '', true],
  ['', 'a', false],
  ['**', '', true],
  ['a*a', 'a', false],
  ['a*a', 'aa', true],
  ['*ab*ab*', 'xabyab', true],
  ['*ab*ab*', 'xaby', false],
  ['H?llo', 'Hello', true],
  ['?', '', false],
  ['?', '😀', true],
  ['a?c*', 'a😀c', true],
  ['*?', '😀', true],
  ['H.*', 'Hello', false],
  ['a*b?c', 'a*b?c', true],
  ['*', 'two\nlines', false],
  ['two?lines', 'two\nlines', false],
  ['t*\n*s', 'two\nlines', true],
])('%j on %j is %s', (pattern, text, expected) => {
  expect(like(pattern, text)).toBe(expected);
});

test('case is ignored for ASCII alone', () => {
  expect(like('ÜBER', 'Über', true)).toBe(true);
  expect(like('über', 'Über', true)).toBe(false);
  expect(like('K', '\u212a', true)).toBe(false);
});

test('matches as the regular expression of the pattern does', () => {
  const alphabet = fc.constantFrom('a', 'b', '*', '?', '.', '😀', '\u2028');
  const text = fc.array(alphabet, { maxLength: 12 }).map((chars) => chars.join(''));
  fc.assert(
    fc.property(text, text, (pattern, subject) => {
      const regex = pattern.replaceAll('.', '\\.').replaceAll(/\*+/g, '.*').replaceAll('?', '.');
      expect(like(pattern, subject)).toBe(new RegExp(`^${regex}$`, 'u').test(subject));
    }),
    { numRuns: 3000 },
  );
});

test('a pattern made to blow up stays cheap', () => {
  const begun = process.cpuUsage();
  expect(like(`${'*a'.repeat(50)}*b`, 'a'.repeat(100_000))).toBe(false);
  expect(like(`*${'a?'.repeat(20)}b`, 'a'.repeat(100_000))).toBe(false);
  expect(process.cpuUsage(begun).user).toBeLessThan(2_000_000);
});
