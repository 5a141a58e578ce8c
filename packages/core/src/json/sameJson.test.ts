import { describe, expect, test } from '@jest/globals';
import { JsonNumber, type JsonObject, type JsonValue } from './jsonValue.ts';
import { parseJson } from './parseJson.ts';
import { fingerprintOf, isSameJson } from './sameJson.ts';

const part = '{"a":["x",1,true,null],"b":{"c":"{{ header:c }}","__proto__":"p"}}';

describe('values written alike', () => {
  test.each<[string, string]>([
    [part, part],
    ['[]', '[]'],
    ['{}', '{}'],
    ['null', 'null'],
  ])('%s', (one, other) => {
    expect(isSameJson(parseJson(one), parseJson(other))).toBe(true);
    expect(fingerprintOf(parseJson(one), 1_000)).toBe(fingerprintOf(parseJson(other), 1_000));
  });
});

describe('values written otherwise', () => {
  test.each<[string, string]>([
    ['{"a":1,"b":2}', '{"b":2,"a":1}'],
    ['{"a":1}', '{"a":1,"b":2}'],
    ['{"a":1,"b":2}', '{"a":1}'],
    ['[1,2]', '[1]'],
    ['[1]', '[1,2]'],
    ['["1"]', '[1]'],
    ['{"a":{}}', '{"a":[]}'],
    ['[{}]', '[null]'],
    ['{"0":"x"}', '["x"]'],
    ['{"toString":1}', '{}'],
    ['{}', '{"__proto__":{}}'],
    ['12345678901234567890', '12345678901234567890'],
  ])('%s and %s', (one, other) => {
    expect(isSameJson(parseJson(one), parseJson(other))).toBe(false);
  });

  test('a number carried as text and an object that looks like it', () => {
    const carried: JsonValue = new JsonNumber('1');
    expect(isSameJson(carried, { text: '1' })).toBe(false);
    expect(isSameJson({ text: '1' }, carried)).toBe(false);
  });

  test('words of the same length have other fingerprints', () => {
    const of = (word: string) => fingerprintOf({ address: `acme/${word}` }, 1_000);
    expect(of('events')).not.toBe(of('alarms'));
  });
});

describe('a value too large', () => {
  test('has no fingerprint', () => {
    expect(fingerprintOf(['x'.repeat(1_001)], 1_000)).toBeUndefined();
  });

  test('is not looked into, however deep it is', () => {
    let deep: JsonObject = {};
    for (let level = 0; level < 100_000; level++) deep = { '': deep };
    expect(fingerprintOf(deep, 1_000)).toBeUndefined();
  });
});
