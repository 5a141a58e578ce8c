import { expect, test } from '@jest/globals';
import { copyJson } from './copyJson.ts';
import { parseJson } from './parseJson.ts';
import { stringifyJson } from './stringifyJson.ts';

test('a copy is written as its original and shares nothing with it', () => {
  const text = '{"a":[{"b":12345678901234567890},null,"x",true],"__proto__":{"c":[]}}';
  const original = parseJson(text) as { readonly a: readonly unknown[] };
  const copy = copyJson(original as never) as typeof original;
  expect(stringifyJson(copy as never)).toBe(text);
  expect(copy).not.toBe(original);
  expect(copy.a).not.toBe(original.a);
  expect(copy.a[0]).not.toBe(original.a[0]);
});
