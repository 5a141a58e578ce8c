import { describe, expect, test } from '@jest/globals';
import { depthOf } from './depthOf.ts';
import type { JsonValue } from './jsonValue.ts';
import { parseJson } from './parseJson.ts';
import { stringifyJson } from './stringifyJson.ts';
import { valueAt, withoutValueAt, withValueAt } from './valueAt.ts';

const json = parseJson('{"a":{"b":[1,{"c":2}],"__proto__":{"d":null}},"e":3}');
const before = stringifyJson(json);
const written = (value: JsonValue | undefined): string | undefined =>
  value === undefined ? undefined : stringifyJson(value);

test.each([
  [[], before],
  [['e'], '3'],
  [['a', 'b'], '[1,{"c":2}]'],
  [['a', 'b', '1'], undefined],
  [['a', '__proto__', 'd'], 'null'],
  [['__proto__'], undefined],
  [['a', 'constructor'], undefined],
  [['e', 'x'], undefined],
])('at %j is %s', (keys, expected) => {
  expect(written(valueAt(json, keys))).toBe(expected);
});

describe('a change', () => {
  test.each([
    [[], 'null'],
    [['a'], '{"a":null,"e":3}'],
    [['a', '__proto__'], '{"a":{"b":[1,{"c":2}],"__proto__":null},"e":3}'],
    [['__proto__', 'x'], '{"a":{"b":[1,{"c":2}],"__proto__":{"d":null}},"e":3,"__proto__":{"x":null}}'],
    [['e', 'f'], '{"a":{"b":[1,{"c":2}],"__proto__":{"d":null}},"e":{"f":null}}'],
    [['a', 'b', '0'], '{"a":{"b":{"0":null},"__proto__":{"d":null}},"e":3}'],
  ])('at %j makes %s, and leaves what was', (keys, expected) => {
    expect(written(withValueAt(json, keys, null))).toBe(expected);
    expect(written(json)).toBe(before);
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });
});

describe('without what is', () => {
  test.each([
    [[], before],
    [['e'], '{"a":{"b":[1,{"c":2}],"__proto__":{"d":null}}}'],
    [['a', '__proto__'], '{"a":{"b":[1,{"c":2}]},"e":3}'],
    [['a', 'b', '0'], before],
    [['x', 'y'], before],
  ])('at %j it is %s', (keys, expected) => {
    expect(written(withoutValueAt(json, keys))).toBe(expected);
    expect(written(json)).toBe(before);
  });
});

test.each([
  ['1', 0],
  ['12345678901234567890', 0],
  ['null', 0],
  ['[]', 1],
  ['{"a":[1,{"b":{}}],"c":{}}', 4],
])('the depth of %s is %d', (text, depth) => {
  expect(depthOf(parseJson(text))).toBe(depth);
});
