import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isDittoError } from '../errors/dittoError.ts';
import { allPlaceholders } from './placeholders.ts';
import { compileTemplate } from './template.ts';

/** Runs a template in bounded time of the processor; the outcome is a resolution or a Ditto error. */
function outcome(text: string, headers: Record<string, string> = {}): string {
  const begun = process.cpuUsage();
  try {
    return compileTemplate(text, allPlaceholders).resolve({ headers }).state;
  } catch (error) {
    if (isDittoError(error)) return error.code;
    throw error;
  } finally {
    expect(process.cpuUsage(begun).user).toBeLessThan(1_000_000);
  }
}

describe('a hostile template is answered quickly and with a Ditto error', () => {
  const n = 100_000;
  test.each([
    [
      '10,000 functions',
      `{{ header:a${' | fn:upper()'.repeat(10_000)} }}`,
      'placeholder:function.too.complex',
    ],
    ['nested braces', '{{ '.repeat(n), 'resolved'],
    ['nested and closed braces', `${'{{ '.repeat(n)}}}`, 'placeholder:unresolved'],
    ['open legacy placeholders', '${ '.repeat(n), 'resolved'],
    ['both kinds, open', '${{{'.repeat(n), 'resolved'],
    ['a run of blanks', `{{${' '.repeat(n)}`, 'resolved'],
    ['an open quote', `{{ header:a | fn:default('${'a'.repeat(n)} }}`, 'placeholder:unresolved'],
    [
      'many quotes',
      `{{ header:a | fn:default(${"''".repeat(n)}) }}`,
      'placeholder:function.signature.invalid',
    ],
    ['many commas', `{{ header:a | fn:filter(${','.repeat(n)}) }}`, 'placeholder:function.signature.invalid'],
    [
      'a long placeholder as parameter',
      `{{ header:a | fn:default(a:${')'.repeat(n)}x,) }}`,
      'placeholder:function.signature.invalid',
    ],
    [
      'nested functions',
      `{{ ${'fn:default('.repeat(n)}${')'.repeat(n)} }}`,
      'placeholder:function.too.complex',
    ],
    ['nested sections', `{{ header:a | fn:format('${'{#a}'.repeat(n)}') }}`, 'json.invalid'],
    ['open tags', `{{ header:a | fn:format('${'{'.repeat(n)}') }}`, 'unresolved'],
  ])('%s', (_, text, expected) => {
    expect(outcome(text)).toBe(expected);
  });
});

describe('a hostile value is worked on quickly', () => {
  const long = 'a'.repeat(50_000);
  test.each([
    ['stars', "fn:filter('like','*a*a*a*a*a*a*a*b')", 'unresolved'],
    ['a pattern that blows up others', "fn:replace('b','(a*)*c') | fn:split('(a*)*c')", 'resolved'],
    [
      'growth without bound',
      `fn:replace('','${'x'.repeat(1000)}') | fn:replace('','${'x'.repeat(1000)}')`,
      'placeholder:function.too.complex',
    ],
    ['split into characters', "fn:split('')", 'resolved'],
  ])('%s', (_, functions, expected) => {
    expect(outcome(`{{ header:v | ${functions} }}`, { v: `${long}(a*)*c` })).toBe(expected);
  });

  test('and lists are not multiplied without bound', () => {
    const list = "{{ header:v | fn:split(',') }}";
    const v = Array.from({ length: 100 }, (_, i) => i).join(',');
    expect(outcome(list.repeat(8), { v })).toBe('placeholder:function.too.complex');
    expect(compileTemplate(list.repeat(8), allPlaceholders).first({ headers: { v } })).toBe('00000000');
  });
});

const nasty = fc.string({
  unit: fc.constantFrom(
    '{{',
    '}}',
    '{',
    '}',
    '${',
    '|',
    "'",
    '"',
    '\\',
    '(',
    ')',
    ',',
    ':',
    ' ',
    '\r',
    '\n',
    'a',
    'fn:default(',
    'header:v',
    'fn:upper()',
    '#',
    '/',
    '\u0000',
    '\ud800',
  ),
  maxLength: 30,
});

describe('for any text', () => {
  test('a template resolves or fails with a Ditto error', () => {
    fc.assert(
      fc.property(nasty, nasty, (text, value) => {
        outcome(text, { v: value });
      }),
      { numRuns: 2000 },
    );
  });

  test('a value appears in the result as it is, and nothing else of the result depends on it', () => {
    const template = compileTemplate(
      'a/{{ header:v }}/{{ header:none | fn:default(header:v) }}?{{ connection:id }}',
      allPlaceholders,
    );
    fc.assert(
      fc.property(fc.oneof(nasty, fc.string()), (value) => {
        expect(template.first({ headers: { v: value }, connectionId: 'c' })).toBe(`a/${value}/${value}?c`);
      }),
    );
  });
});
