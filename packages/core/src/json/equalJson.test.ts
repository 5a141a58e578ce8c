import { describe, expect, test } from '@jest/globals';
import { isEqualJson } from './equalJson.ts';
import { parseJson } from './parseJson.ts';

describe('equal values', () => {
  test.each([
    ['{"a":1,"b":[{"c":null,"__proto__":2}]}', '{"b":[{"__proto__":2,"c":null}],"a":1}'],
    ['[12345678901234567890]', '[12345678901234567890]'],
    ['"x"', '"x"'],
    ['[]', '[]'],
  ])('%s and %s', (one, other) => {
    expect(isEqualJson(parseJson(one), parseJson(other))).toBe(true);
  });
});

describe('different values', () => {
  test.each([
    ['[1,2]', '[2,1]'],
    ['[1]', '[1,1]'],
    ['{"a":1}', '{"b":1}'],
    ['{"a":1}', '{"a":1,"b":1}'],
    ['{"a":1,"b":1}', '{"a":1}'],
    ['{"__proto__":{}}', '{"a":{}}'],
    ['[12345678901234567890]', '[12345678901234567891]'],
    ['[12345678901234567890]', '[{}]'],
    ['{"0":1}', '[1]'],
    ['[1]', '{"0":1}'],
    ['null', '{}'],
    ['{}', 'null'],
    ['1', '"1"'],
  ])('%s and %s', (one, other) => {
    expect(isEqualJson(parseJson(one), parseJson(other))).toBe(false);
  });
});
