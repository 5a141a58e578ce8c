import { describe, expect, test } from '@jest/globals';
import { isDittoError } from '../errors/dittoError.ts';
import { headerPlaceholder } from './placeholders.ts';
import { compileTemplate } from './template.ts';

const run = (value: string | undefined, functions: string, more: Record<string, string> = {}) =>
  compileTemplate(`{{ header:v | ${functions} }}`, [headerPlaceholder]).resolve({
    headers: value === undefined ? more : { ...more, v: value },
  });
const values = (value: string, functions: string, more: Record<string, string> = {}) =>
  run(value, functions, more).values;

test.each([
  ['MiX', 'fn:lower()', ['mix']],
  ['straße', 'fn:upper( )', ['STRASSE']],
  ['\t a\u00a0 \n', 'fn:trim()', ['a\u00a0']],
  ['a:b:c', "fn:substring-before(':')", ['a']],
  ['a:b:c', "fn:substring-after(':')", ['b:c']],
  ['a', "fn:substring-after(':')", []],
  ['a', "fn:substring-before('')", ['']],
  ['aba', "fn:replace('a','$&')", ['$&b$&']],
  ['ab', "fn:replace('','-')", ['-a-b-']],
  ['ab', "fn:replace(header:none,'-')", ['-a-b-']],
  ['ab', "fn:replace('a','b','ignored')", ['bb']],
  ["a b&ü!~*'()", 'fn:url-encode()', ['a+b%26%C3%BC%21%7E*%27%28%29']],
  ['\ud800x', 'fn:url-encode()', ['%3Fx']],
  ['a+b%C3%BC%2B', 'fn:url-decode()', ['a bü+']],
  ['ü', 'fn:base64-encode()', ['w7w=']],
  ['w7w', 'fn:base64-decode()', ['ü']],
  ['', 'fn:base64-decode()', ['']],
])('%j | %s is %j', (value, functions, expected) => {
  expect(values(value, functions)).toEqual(expected);
});

test.each([
  ['a%', 'fn:url-decode()'],
  ['a%4', 'fn:url-decode()'],
  ['abcde', 'fn:base64-decode()'],
  ['ab=', 'fn:base64-decode()'],
  ['a(b', "fn:split('(')"],
  ['a(?=x)b', "fn:split('(?=x)')"],
  ['a{b', "fn:split('{')"],
  ['{}', "fn:format('{#a}')"],
])('%j | %s is refused with a Ditto error', (value, functions) => {
  expect(() => run(value, functions)).toThrow();
  try {
    run(value, functions);
  } catch (error) {
    expect(isDittoError(error)).toBe(true);
  }
});

describe('fn:split', () => {
  test.each([
    ['a,b,,', ',', ['a', 'b']],
    [',a', ',', ['', 'a']],
    [',,', ',', []],
    ['', ',', ['']],
    ['abc', '', ['a', 'b', 'c']],
    ['x|y', '|', ['x', '|', 'y']],
    ['a.b', '.', []],
    ['a\\.b', '\\.', ['a\\', 'b']],
    ['a.b', '\\.', ['a.b']],
    ['a$b', '$', ['a$b']],
    ['a^b', '^', ['a^b']],
    ['a[,]b,c', '[,]', ['a[', ']b', 'c']],
  ])('cuts %j by %j into %j', (value, separator, expected) => {
    expect(values(value, `fn:split('${separator}')`)).toEqual(expected);
  });

  test('takes a deleted value for an unresolved one, as fn:join does', () => {
    expect(run('a', "fn:delete() | fn:split(',')").state).toBe('unresolved');
    expect(run('a', "fn:delete() | fn:join(',')").state).toBe('unresolved');
    expect(run('a', 'fn:delete() | fn:upper()').state).toBe('deleted');
  });
});

describe('fn:filter', () => {
  test.each([
    ["'eq','a'", ['a']],
    ["'ne','a'", ['b', 'b']],
    ["'like','?'", ['a', 'b', 'b']],
    ["'bogus','a'", []],
    ["header:none,'ne','x'", ['a', 'b', 'b']],
    ["header:none,'eq',header:none", ['a', 'b', 'b']],
    ["header:none,'exists'", []],
    ["header:none,'exists','false'", ['a', 'b', 'b']],
    ["header:v,'exists'", ['a', 'b', 'b']],
    ["'ne',header:none", []],
    ["header:v,'bogus','a'", []],
  ])('(%s) leaves %j of a, b, b', (parameters, expected) => {
    expect(values('a,b,b', `fn:split(',') | fn:filter(${parameters})`)).toEqual(expected);
  });

  test('needs its operator', () => {
    expect(() => run('a', "fn:filter('a',header:none,'b')")).toThrow('could not be parsed');
    expect(() => run('a', "fn:filter('a','b','c','d')")).toThrow('could not be parsed');
  });

  test.each([
    ['abc', 'a*', true],
    ['abc', '*b*', true],
    ['abc', 'a?c', true],
    ['abc', 'ab', false],
    ['a.c', 'a.c', true],
    ['abc', 'a.c', false],
    ['b', 'a|b', true],
    ['A', 'a', false],
    ['', '*', true],
    ['😀', '?', true],
    ['a\nb', 'a*b', false],
    ['a\nb', 'a\nb', true],
    ['aXbXc', 'a*b*c', true],
    ['aaab', '*aab', true],
  ])('like: %j against %j is %s', (value, pattern, expected) => {
    expect(values(value, 'fn:filter("like",header:p)', { p: pattern }).length > 0).toBe(expected);
  });
});

describe('fn:format', () => {
  test.each([
    ['{"a":1,"b":{"c":"x"}}', '{a}-{/b/c}-{b/c}-{nope}', ['1-x-x-']],
    ['{"a":[1,2],"b":["x","y"]}', '{a}{b}', ['1x', '1y', '2x', '2y']],
    ['{"a":[{"n":1,"m":[3,4]},{"n":2}]}', '{#a}<{n}{m}>{/a}', ['<13>', '<14>', '<2>']],
    ['{"a":["p","q"]}', '{#a}{.}{x}{/a}', ['p', 'q']],
    ['{"a":null}', '[{a}]', ['[]']],
    ['{"a":[]}', '[{a}{#a}x{/a}]', ['[]']],
    ['{"a":1}', '\\{a\\}{a}', ['{a}1']],
    ['{"a":1}', '{/}', ['{"a":1}']],
    ['{"a":1}', '{/x}{}{#}', ['{/x}{}{#}']],
    ['no json', '{a}', ['']],
    ['null', '<{a}>', ['<>']],
  ])('%s with %s is %j', (value, template, expected) => {
    expect(values(value, `fn:format('${template}')`)).toEqual(expected);
  });

  test('meets an invalid pointer only in a value', () => {
    expect(values('x', "fn:format('{a//b}')")).toEqual(['']);
    expect(() => run('{}', "fn:format('{a//b}')")).toThrow('The JSON pointer <a//b> is invalid!');
  });
});
