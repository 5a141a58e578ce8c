import { expect, test } from '@jest/globals';
import { remember, rememberLast, rememberWeakly } from './remember.ts';

/** Counts how often each text was made. */
function counted(): { readonly of: (text: string) => { readonly text: string }; readonly made: string[] } {
  const made: string[] = [];
  const of = remember((text) => {
    made.push(text);
    if (text === 'wrong') throw new Error('wrong');
    return { text };
  });
  return { of, made };
}

test('a text is made once', () => {
  const { of, made } = counted();
  expect(of('a')).toBe(of('a'));
  expect(made).toEqual(['a']);
});

test('what throws is made again', () => {
  const { of, made } = counted();
  expect(() => of('wrong')).toThrow('wrong');
  expect(() => of('wrong')).toThrow('wrong');
  expect(made).toEqual(['wrong', 'wrong']);
});

test('long texts are not kept', () => {
  const { of, made } = counted();
  const long = 'x'.repeat(1_001);
  of(long);
  of(long);
  expect(made).toHaveLength(2);
});

test('the oldest goes when there are too many', () => {
  const { of, made } = counted();
  for (let index = 0; index <= 1_000; index++) of(String(index));
  made.length = 0;
  of('1000');
  of('1');
  expect(made).toEqual([]);
  of('0');
  expect(made).toEqual(['0']);
});

test('of the last key alone, what was made is remembered', () => {
  const made: string[] = [];
  const of = rememberLast((key: string) => made.push(key));
  expect([of('a'), of('a'), of('b'), of('a')]).toEqual([1, 1, 2, 3]);
});

test('of an object, what was made is remembered while it is there, also when it is nothing', () => {
  const made: object[] = [];
  const of = rememberWeakly((key: object) => {
    made.push(key);
    return undefined;
  });
  const [one, other] = [{}, {}];
  for (const key of [one, other, one]) expect(of(key)).toBeUndefined();
  expect(made).toEqual([one, other]);
});
