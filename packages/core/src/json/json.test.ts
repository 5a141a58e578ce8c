import { describe, expect, test } from '@jest/globals';
import { JsonNumber } from './jsonValue.ts';
import { JsonSyntaxError, parseJson } from './parseJson.ts';
import { stringifyJson } from './stringifyJson.ts';

describe('numbers', () => {
  test.each([
    '9007199254740993',
    '-9223372036854775808',
    '0.12345678901234567890',
    '1e400',
    '12345678901234567890123',
  ])('%s leaves as it came', (text) => {
    const value = parseJson(`{"a":[${text}],"b":1}`);
    expect(stringifyJson(value)).toBe(`{"a":[${text}],"b":1}`);
  });

  test('is written for people with the same numbers', () => {
    const text = '{\n  "a": [\n    9007199254740993,\n    {}\n  ],\n  "b": [],\n  "c": 1\n}';
    expect(stringifyJson(parseJson(text), '  ')).toBe(text);
    expect(stringifyJson({ c: 1, d: undefined }, '  ')).toBe('{\n  "c": 1\n}');
  });

  test('what a double holds is a plain number, also on the exact path', () => {
    expect(parseJson('[1,2.5,1234567890123456,1e2]')).toEqual([1, 2.5, 1234567890123456, 100]);
    expect(parseJson('["1234567890123456789"]')).toEqual(['1234567890123456789']);
    expect(parseJson('["device001",1e-5]')).toEqual(['device001', 1e-5]);
  });

  test('a carried number compares as its double', () => {
    const [value] = parseJson('[9007199254740993]') as JsonNumber[];
    expect(value).toBeInstanceOf(JsonNumber);
    expect(Number(value)).toBe(9007199254740992);
  });
});

describe('shape', () => {
  test.each([
    '{',
    '[1,]',
    '{"a":1234567890123456789,}',
    '[1234567890123456789 x]',
    '',
    'NaN',
    "{'a':1}",
    '01234567890123456789',
  ])('refuses %j', (text) => {
    expect(() => parseJson(text)).toThrow(JsonSyntaxError);
  });

  test('refuses what is nested too deep before parsing it', () => {
    expect(() => parseJson('['.repeat(100_000))).toThrow(/deeper than 200/);
    expect(() => parseJson(`${'['.repeat(201)}${']'.repeat(201)}`)).toThrow(JsonSyntaxError);
    expect(parseJson(`"${'['.repeat(300)}"`)).toBe('['.repeat(300));
  });

  test('__proto__ is an own key on both paths and the last duplicate wins', () => {
    for (const text of [
      '{"__proto__":{"x":1},"a":1,"a":2}',
      '{"__proto__":{"x":1234567890123456789},"a":1,"a":2}',
    ]) {
      const value = parseJson(text) as Record<string, unknown>;
      expect(Object.keys(value)).toEqual(['__proto__', 'a']);
      expect(value['a']).toBe(2);
      expect(({} as Record<string, unknown>)['x']).toBeUndefined();
    }
  });

  test('strings with escapes survive the exact path', () => {
    const text = '{"s":"\\u00fc\\n\\"\\\\","n":12345678901234567890}';
    expect(stringifyJson(parseJson(text))).toBe('{"s":"ü\\n\\"\\\\","n":12345678901234567890}');
  });
});
