import { describe, expect, test } from '@jest/globals';
import { configDurationMs, configInt } from './configValue.ts';

describe('durations of a specific configuration', () => {
  test.each([
    ['1.5 minutes', 90_000],
    ['1 minute', 60_000],
    ['-5s', -5_000],
    ['250', 250],
    ['1h', 3_600_000],
    ['1d', 86_400_000],
    ['500 us', 0.5],
    ['1e3', 1_000],
    ['.5s', 500],
    [' 3s ', 3_000],
    [' 3 days ', 259_200_000],
    ['10s', 10_000],
    ['10', 10],
    ['1.5 m', 90_000],
    ['2h', 7_200_000],
    ['999999999d', 9_223_372_036_854.775],
  ])('%s', (text, ms) => {
    expect(configDurationMs(text)).toBeCloseTo(ms, 3);
  });

  test.each([
    '',
    's',
    'x',
    '5 parsecs',
    '5S',
    '1.2.3s',
    '99999999999999999999s',
    `${'9'.repeat(200)}.0s`,
    'constructor',
    '5 constructor',
  ])('%s is none', (text) => {
    expect(configDurationMs(text)).toBeUndefined();
  });
});

describe('whole numbers of a specific configuration', () => {
  test.each([
    ['1', 1],
    ['+7', 7],
    ['-3', -3],
    ['1.9', 1],
    ['-0.5', 0],
    ['2e2', 200],
  ])('%s is %d', (text, value) => {
    expect(configInt(text)).toBe(value);
  });

  test.each(['', 'x', '1x', '2147483648', '1e400'])('%s is none', (text) => {
    expect(configInt(text)).toBeUndefined();
  });
});
