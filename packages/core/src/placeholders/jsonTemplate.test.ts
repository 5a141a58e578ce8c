import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { JsonValue } from '../json/jsonValue.ts';
import { stringifyJson } from '../json/stringifyJson.ts';
import { compileJsonTemplate } from './jsonTemplate.ts';
import { headerPlaceholder } from './placeholders.ts';

const template = {
  thingId: '{{ header:v }}',
  attributes: { n: 1, list: ['a', 'x{{ header:v }}y', null], '{{ header:v }}': true },
  policyId: 'fixed',
};

test('a template without placeholders is its own result', () => {
  const fixed = { a: ['b', 1, null] };
  expect(compileJsonTemplate(fixed, [headerPlaceholder])({})).toBe(fixed);
});

test('a part that does not resolve is an error', () => {
  const resolve = compileJsonTemplate(template, [headerPlaceholder]);
  expect(() => resolve({ headers: {} })).toThrow("The placeholder '{{ header:v }}' could not be resolved.");
});

/** The JSON with every text replaced: what is left is its shape. */
const shape = (json: JsonValue): string => stringifyJson(json).replace(/"(?:[^"\\]|\\.)*"/g, '""');

test('no value changes the shape of the result', () => {
  const resolve = compileJsonTemplate(template, [headerPlaceholder]);
  const hostile = fc.string({
    unit: fc.constantFrom('"', '\\', '{', '}', ',', ':', '\n', '\r', '{{', '}}', '_policy', '__proto__', ' '),
    maxLength: 20,
  });
  fc.assert(
    fc.property(hostile, (v) => {
      const result = resolve({ headers: { v } });
      expect(shape(JSON.parse(stringifyJson(result)) as JsonValue)).toBe(shape(template));
    }),
  );
});
