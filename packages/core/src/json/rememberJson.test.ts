import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from './jsonValue.ts';
import { rememberEach, rememberJson } from './rememberJson.ts';

const read = () =>
  rememberJson((json: JsonObject, at: number) => {
    if (json['a'] === 'wrong') throw new Error('wrong');
    return { json, at };
  });

describe('what is made of JSON', () => {
  test('is the same from the second time on', () => {
    const of = read();
    const [first, second, third] = [of({ a: 'x' }), of({ a: 'x' }), of({ a: 'x' })];
    expect(first).not.toBe(second);
    expect(second).toBe(third);
  });

  test('is another for JSON that has the same fingerprint by chance', () => {
    const of = read();
    of({ a: 'Aa' });
    of({ a: 'Aa' });
    expect(of({ a: 'BB' }).json).toEqual({ a: 'BB' });
    expect(of({ a: 'Aa' }).json).toEqual({ a: 'Aa' });
  });

  test('is another beside another number', () => {
    const of = read();
    for (let time = 0; time < 3; time++)
      for (const at of upTo(4)) expect(of({ a: 'x' }, at)).toEqual({ json: { a: 'x' }, at });
  });

  test('is right when a caller changes what it gave, and cannot be changed itself', () => {
    const of = read();
    const json: Record<string, string> = {};
    for (const a of ['Aa', 'BB', 'Aa', 'BB']) {
      json['a'] = a;
      expect(of(json).json).toEqual({ a });
    }
    const shared = of({ a: 'Aa' });
    expect(() => Object.assign(shared.json, { a: 'other' })).toThrow(TypeError);
    expect(Object.isFrozen(json)).toBe(false);
  });

  test('is made again where it threw', () => {
    const of = read();
    for (let time = 0; time < 3; time++) expect(() => of({ a: 'wrong' })).toThrow('wrong');
  });

  test('is not kept when it is large', () => {
    const of = read();
    const large = { a: 'x'.repeat(4_001) };
    of(large);
    expect(of(large)).not.toBe(of(large));
  });

  test('stays while it is asked for, whatever comes between', () => {
    const of = read();
    of({ a: 'x' });
    const kept = of({ a: 'x' });
    for (const at of upTo(5_000)) {
      of({ a: 'y' }, at);
      if (at % 400 === 0) expect(of({ a: 'x' })).toBe(kept);
    }
  });

  test('is forgotten when a thousand others have come', () => {
    const of = read();
    of({ a: 'x' });
    const kept = of({ a: 'x' });
    for (const at of upTo(1_000)) of({ a: 'y' }, at);
    expect(of({ a: 'x' })).not.toBe(kept);
  });
});

test('what is made of an object is the same from the second time on', () => {
  const of = rememberEach((key: object) => ({ key }));
  const key = {};
  const [first, second, third] = [of(key), of(key), of(key)];
  expect(first).not.toBe(second);
  expect(second).toBe(third);
  expect(of({})).not.toBe(second);
});

const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, at) => at);
