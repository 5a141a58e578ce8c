import { describe, expect, test } from '@jest/globals';
import { DittoError } from '../errors/dittoError.ts';
import { parseFieldSelector, selectFields } from './fieldSelector.ts';

describe('a field selector', () => {
  test('lists pointers, parentheses multiplied out and duplicates dropped', () => {
    expect(parseFieldSelector('id,/a/b,a(c,d/e(f)),id')).toEqual([
      ['id'],
      ['a', 'b'],
      ['a', 'c'],
      ['a', 'd', 'e', 'f'],
    ]);
    expect(parseFieldSelector("a/{{ x | fn:filter('a,b') }},c")).toEqual([
      ['a', "{{ x | fn:filter('a,b') }}"],
      ['c'],
    ]);
    expect(parseFieldSelector('a/c~0d')).toEqual([['a', 'c~d']]);
  });

  test.each(['', 'a(b', 'a//b', `${'a('.repeat(5000)}b${')'.repeat(5000)}`])('refuses %.20s', (text) => {
    expect(() => parseFieldSelector(text)).toThrow(DittoError);
  });

  test('selects what is there, arrays as a whole, in its own order', () => {
    const object = { a: { b: 1, c: 2 }, d: [{ e: 1 }], f: null };
    const select = (text: string) => JSON.stringify(selectFields(object, parseFieldSelector(text)));
    expect(select('d/e,a/c')).toBe('{"d":[{"e":1}],"a":{"c":2}}');
    expect(select('f,a/x,y,__proto__,constructor')).toBe('{"f":null}');
    expect(select('x')).toBe('{}');
    expect(select('a/b,a')).toBe('{"a":{"b":1}}');
  });
});
