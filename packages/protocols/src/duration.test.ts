import { expect, test } from '@jest/globals';
import { durationMs } from './duration.ts';

test.each([
  ['10s', 10_000],
  ['10', 10],
  ['1.5 m', 90_000],
  ['2h', 7_200_000],
  [' 3 days ', 259_200_000],
  ['x', undefined],
  ['', undefined],
  ['5 constructor', undefined],
])('%j is %s ms', (text, expected) => {
  expect(durationMs(text)).toBe(expected);
});
