import { describe, expect, test } from '@jest/globals';
import { isDittoError } from '../errors/dittoError.ts';
import type { PlaceholderContext } from './placeholder.ts';
import { allPlaceholders, exactHeaderPlaceholder } from './placeholders.ts';
import { compileTemplate } from './template.ts';
import { replaceInTemplate, validateTemplate } from './validateTemplate.ts';

const context: PlaceholderContext = {
  headers: {
    device: 'ns:dev-1',
    csv: 'a,b,c',
    words: 'x y',
    Mixed: 'MiX',
    empty: '',
    obj: '{"n":1,"r":["p","q"]}',
  },
  authSubjects: ['i:a', 'i:b'],
  connectionId: 'conn-1',
};

/** The old form of a placeholder. */
const legacy = (expression: string) => `\${${expression}}`;

const resolve = (text: string, given = context) => compileTemplate(text, allPlaceholders).resolve(given);
const values = (text: string) => resolve(text).values;
const errorOf = (run: () => unknown): { code: string; message: string; description: string | undefined } => {
  try {
    run();
  } catch (error) {
    if (isDittoError(error))
      return { code: error.code, message: error.message, description: error.description };
    throw error;
  }
  throw new Error('nothing was thrown');
};

describe('a template', () => {
  test('without placeholders is its own text and is never looked at again', () => {
    const template = compileTemplate('a { b } }} {{ c', allPlaceholders);
    expect(template.isConstant).toBe(true);
    expect(template.first({})).toBe('a { b } }} {{ c');
    expect(template.resolve({})).toBe(template.resolve(context));
  });

  test('that is empty resolves to the empty text', () => {
    expect(resolve('')).toEqual({ state: 'resolved', values: [''] });
  });

  test.each([
    ['{{ header:device }}', ['ns:dev-1']],
    ['{{header:DEVICE}}', ['ns:dev-1']],
    [legacy('header:mixed'), ['MiX']],
    ['<{{ header:csv | fn:split(",") }}>', ['<a>', '<b>', '<c>']],
    ["{{ header:words | fn:split(' ') }}-{{ request:subjectId }}", ['x-i:a', 'x-i:b', 'y-i:a', 'y-i:b']],
    ["{{ header:csv | fn:split(',') }}{{ fn:delete() }}", ['a', 'b', 'c']],
  ])('%s has the values %j', (text, expected) => {
    expect(values(text)).toEqual(expected);
  });

  test('takes what begins first: the old form, which ends at the first brace', () => {
    expect(() => values(legacy('{ header:mixed }'))).toThrow("The placeholder '{ header:mixed' could");
  });

  test('is unresolved as a whole when one part is, and deleted only when all are', () => {
    expect(resolve('a{{ header:none }}').state).toBe('unresolved');
    expect(resolve('{{ header:none }}{{ fn:delete() }}').state).toBe('unresolved');
    expect(resolve(`{{ fn:delete() }}${legacy('fn:delete()')}`).state).toBe('deleted');
    expect(resolve('a{{ fn:delete() }}').values).toEqual(['a']);
  });

  test('tells in each mode what there is', () => {
    const template = compileTemplate('{{ header:csv | fn:split(",") }}', allPlaceholders);
    expect(template.first(context)).toBe('a');
    expect(template.require(context)).toBe('a');
    expect(template.requireAll(context)).toEqual(['a', 'b', 'c']);
    expect(template.first({})).toBeUndefined();
    expect(() => template.require({})).toThrow(`The placeholder '${template.text}' could not be resolved.`);
    expect(() => template.requireAll({})).toThrow(
      `The placeholder '${template.text}' could not be resolved.`,
    );
    expect(template.partially({})).toBe('{{header:csv | fn:split(",") }}');
  });

  test('that is wrong throws when it is used, the first fault first, and does not hinder compiling', () => {
    const template = compileTemplate('{{ header:device | fn:base64-decode() | fn:nope() }}', allPlaceholders);
    expect(errorOf(() => template.resolve(context)).code).toBe('json.invalid');
    expect(errorOf(() => template.resolve({})).code).toBe('placeholder:function.unknown');
  });

  test('resolved partially keeps what is unknown, but not wrong functions', () => {
    const partially = (text: string) => compileTemplate(text, [exactHeaderPlaceholder]).partially(context);
    expect(partially('a {{ thing:id }} {{ header:csv }}')).toBe('a {{thing:id }} a,b,c');
    expect(errorOf(() => partially('{{ header:csv | fn:nope() }}')).code).toBe(
      'placeholder:function.unknown',
    );
  });

  test('never reads a resolved value as a template', () => {
    const hostile = { headers: { a: '{{ header:b }}', b: "x' | fn:delete() }}" } };
    expect(compileTemplate('{{ header:a }}|{{ header:b }}', allPlaceholders).first(hostile)).toBe(
      "{{ header:b }}|x' | fn:delete() }}",
    );
    expect(compileTemplate('{{ header:none | fn:default(header:a) }}', allPlaceholders).first(hostile)).toBe(
      '{{ header:b }}',
    );
  });
});

describe('an expression', () => {
  test.each([
    ['{{ }}', "The placeholder '' could not be resolved."],
    ['{{ nope }}', "The placeholder 'nope' could not be resolved."],
    ['{{ {{ header:a }} }}', "The placeholder '{{ header:a' could not be resolved."],
    ['{{ | fn:upper() }}', "The placeholder '| fn:upper() ' could not be resolved."],
    ['{{ header:a | fn:default("x }}', "The placeholder 'header:a | fn:default(\"x ' could not be resolved."],
    ['{{ header:a | }}', 'The function <> is not known.'],
    ['{{ header:a |}}', "The placeholder 'header:a |' could not be resolved."],
    ['{{ header:a | header:b }}', 'The function <header:b> is not known.'],
    ['{{ header:a | fn:fn:upper() }}', 'The function <fn:fn:upper()> is not known.'],
    ["{{ header:a | fn:upper('x') }}", "The function signature <fn:upper('x')> could not be parsed."],
    ['{{ header:a | fn:default(x) }}', 'The function signature <fn:default(x)> could not be parsed.'],
    [
      '{{ header:a | fn:default(thing-json:x) }}',
      'The function signature <fn:default(thing-json:x)> could not be parsed.',
    ],
    ['{{ header:a | fn:default(nope:x) }}', "The placeholder 'nope:x' could not be resolved."],
  ])('%s is refused: %s', (text, message) => {
    expect(errorOf(() => resolve(text)).message).toBe(message);
  });

  test.each([
    ['{{ header:a | upper() }}', 'a bare function does nothing'],
    ['{{ header:device | ufn:pper() }}', 'the first fn: is taken out before the name is looked up'],
  ])('%s is unresolved: %s', (text) => {
    expect(resolve(text).state).toBe('unresolved');
  });

  test('may begin with a function and hold one in a parameter', () => {
    expect(values("{{ fn:default(fn:default('x')) | fn:upper() }}")).toEqual(['X']);
  });

  test('holds eleven stages and no more', () => {
    const chain = (count: number) => `{{ header:csv${' | fn:upper()'.repeat(count)} }}`;
    expect(values(chain(10))).toEqual(['A,B,C']);
    expect(errorOf(() => resolve(chain(11))).code).toBe('placeholder:function.too.complex');
  });

  test.each([
    ['header:csv x', 'a,b,c'],
    ['header:csv', 'a,b,c'],
    [' header:csv ', 'a,b,c'],
    ["'it\\'s'", "it\\'s"],
    ['"a(b),c"', 'a(b),c'],
  ])('reads the parameter (%s) as Ditto does', (parameter, expected) => {
    expect(values(`{{ fn:default(${parameter}) }}`)).toEqual([expected]);
  });

  test('gives a placeholder in a parameter every character that fits', () => {
    const given = { headers: { 'a)b': 'paren', 'a)': 'end' } };
    expect(resolve('{{ fn:default(header:a)b) }}', given).values).toEqual(['paren']);
    expect(resolve('{{ fn:default(header:a) x) }}', given).values).toEqual(['end']);
    expect(() => resolve('{{ fn:default(header:a x) y) }}', given)).toThrow('could not be parsed');
  });
});

describe('the check of a configuration', () => {
  test('asks for known placeholders and functions, not for values', () => {
    validateTemplate("{{ header:x | fn:substring-before(':') }}", allPlaceholders);
    expect(errorOf(() => validateTemplate('{{ source:address }}', allPlaceholders)).message).toBe(
      "The placeholder 'source:address' could not be resolved.",
    );
    expect(errorOf(() => validateTemplate('{{ header:x | fn:bogus() }}', allPlaceholders)).code).toBe(
      'placeholder:function.unknown',
    );
  });

  test('can put a dummy in the place of every placeholder', () => {
    expect(
      replaceInTemplate('a/{{ thing:id }}/{{ header:x | fn:upper() }}', 'dummy', allPlaceholders),
    ).toEqual(['a/dummy/DUMMY']);
    expect(
      errorOf(() => replaceInTemplate("{{ thing:id | fn:filter('eq','x') }}", 'd', allPlaceholders)).code,
    ).toBe('placeholder:unresolved');
  });
});
