import { describe, expect, test } from '@jest/globals';
import { isDittoError } from '../errors/dittoError.ts';
import type { JsonObject, JsonValue } from '../json/jsonValue.ts';
import { parseJson } from '../json/parseJson.ts';
import { parseAdaptable } from '../protocol/adaptable.ts';
import { signalFromAdaptable } from '../signals/signalFromAdaptable.ts';
import { decideThing } from './decideThing.ts';
import { absentThing, type ThingState } from './thingState.ts';

const NOW = '2026-11-30T20:00:00Z';
const state: ThingState = {
  lifecycle: 'active',
  thing: { thingId: 'a:b', policyId: 'a:p', attributes: { n: 5, o: { x: 1, y: 2 } } },
  revision: 6,
  created: '2026-11-29T20:00:00Z',
  modified: '2026-11-30T19:30:00Z',
};

function decide(
  action: string,
  path: string,
  headers: JsonObject,
  value?: JsonValue,
  at: ThingState = state,
): ReturnType<typeof decideThing> {
  const patch = action === 'merge' ? { 'content-type': 'application/merge-patch+json' } : {};
  const topic = `a/b/things/twin/commands/${action}`;
  const message = {
    topic,
    path,
    headers: { ...patch, ...headers },
    ...(value === undefined ? {} : { value }),
  };
  return decideThing(signalFromAdaptable(parseAdaptable(message)), at, NOW);
}

function status(...args: Parameters<typeof decide>): string {
  try {
    return String(decide(...args).response.status);
  } catch (error) {
    if (isDittoError(error)) return `${error.status} ${error.code}`;
    throw error;
  }
}

const tagOf = (path: string): string => decide('retrieve', path, {}).response.headers['etag'] ?? '';

const FAILED = '412 things:precondition.failed';
const UNCHANGED = '304 things:precondition.notmodified';

describe('the tag of', () => {
  test.each([
    ['the thing: its revision', '/', 'retrieve', '/', '"rev:6"', '200'],
    ['the thing, by another revision', '/', 'modify', '/', '"rev:5"', FAILED],
    ['a part: not the revision', '/attributes/n', 'modify', '/attributes/n', '"rev:6"', FAILED],
  ])('%s', (_name, _of, action, path, ifMatch, expected) => {
    const value = action === 'modify' ? (path === '/' ? {} : 1) : undefined;
    expect(status(action, path, { 'if-match': ifMatch }, value)).toBe(expected);
  });

  test.each(['/attributes', '/attributes/n', '/attributes/o', '/policyId'])(
    'the part %s matches until the part changes',
    (path) => {
      const tag = tagOf(path);
      expect(tag).toMatch(/^"hash:[0-9a-f]{1,8}"$/);
      expect(status('retrieve', path, { 'if-match': tag })).toBe('200');
      expect(status('retrieve', path, { 'if-none-match': tag })).toBe(UNCHANGED);
      const other: ThingState = {
        ...state,
        thing: { thingId: 'a:b', policyId: 'a:q', attributes: { n: 6, o: {} } },
      };
      expect(status('retrieve', path, { 'if-match': tag }, undefined, other)).toBe(FAILED);
    },
  );

  test('merges of definition and policy id go by the revision', () => {
    expect(status('merge', '/policyId', { 'if-match': '"rev:6"' }, 'a:q')).toBe('204');
    expect(status('modify', '/policyId', { 'if-match': '"rev:6"' }, 'a:q')).toBe(FAILED);
  });
});

describe('if-none-match: *', () => {
  test.each([
    ['creates what is new', 'create', '/', {}, absentThing, '201'],
    ['creates nothing that is there', 'create', '/', {}, state, FAILED],
    ['by modify too', 'modify', '/', {}, absentThing, '201'],
    ['lets a new attribute be made', 'modify', '/attributes/new', 1, state, '201'],
    ['leaves an attribute that is there', 'modify', '/attributes/n', 1, state, FAILED],
    ['finds no thing', 'modify', '/attributes/n', 1, absentThing, '404 things:thing.notfound'],
  ])('%s', (_name, action, path, value, at, expected) => {
    expect(status(action, path, { 'if-none-match': '*' }, value, at)).toBe(expected);
  });
});

describe('a condition', () => {
  test.each([
    ['gt(attributes/n,4)', '204'],
    ['gt(attributes/n,5)', '412 things:condition.failed'],
    ['and(eq(_revision,6),eq(_namespace,"a"))', '204'],
    ['ge(_modified,time:now-1h)', '204'],
    ['ge(_modified,time:now-10m)', '412 things:condition.failed'],
    ['lt(_created,"2026-11-30T00:00:00Z")', '204'],
    ['exists(attributes/none)', '412 things:condition.failed'],
    ['eq(', '400 rql.expression.invalid'],
    ['eq(nonsense,1)', '400 rql.expression.invalid'],
  ])('%s: %s', (condition, expected) => {
    expect(status('modify', '/attributes/n', { condition }, 1)).toBe(expected);
    expect(status('retrieve', '/attributes/n', { condition })).toBe(expected.replace('204', '200'));
  });

  test('is not looked at by who creates a thing', () => {
    const condition = 'exists(attributes/none)';
    expect(status('modify', '/', { condition }, {}, absentThing)).toBe('201');
    expect(status('create', '/', { condition }, {})).toBe('409 things:thing.conflict');
  });

  test('goes before a precondition', () => {
    const headers = { condition: 'exists(attributes/none)', 'if-match': '"no"' };
    expect(status('delete', '/attributes/n', headers)).toBe('412 things:condition.failed');
  });
});

describe('if-equal', () => {
  test.each<[string, string, string, JsonValue, string]>([
    ['skip', 'modify', '/attributes/n', 5, FAILED],
    ['skip', 'modify', '/attributes/n', 6, '204'],
    ['skip', 'modify', '/attributes/o', { y: 2, x: 1 }, FAILED],
    ['skip', 'modify', '/attributes/new', 5, '201'],
    ['skip', 'modify', '/', { attributes: { o: { x: 1, y: 2 }, n: 5 } }, FAILED],
    ['skip', 'modify', '/', { attributes: { n: 5 } }, '204'],
    ['skip', 'merge', '/attributes', { n: 5, none: null }, FAILED],
    ['skip', 'merge', '/attributes', { n: null }, '204'],
    ['skip-minimizing-merge', 'merge', '/attributes/o', { x: 1 }, FAILED],
    ['skip-minimizing-merge', 'modify', '/attributes/n', 5, '204'],
    ['update', 'modify', '/attributes/n', 5, '204'],
  ])('%s: %s of %s to %j: %s', (option, action, path, value, expected) => {
    expect(status(action, path, { 'if-equal': option }, value)).toBe(expected);
  });

  test('tells numbers apart that no double holds', () => {
    const number = (text: string): JsonObject => ({ n: parseJson(text) });
    const at: ThingState = {
      ...state,
      thing: { ...state.thing, attributes: number('12345678901234567890') },
    };
    const headers = { 'if-equal': 'skip' };
    expect(status('modify', '/attributes', headers, number('12345678901234567890'), at)).toBe(FAILED);
    expect(status('modify', '/attributes', headers, number('12345678901234567891'), at)).toBe('204');
  });

  test('cuts a merge to what it changes, where that is asked for', () => {
    const patch = { attributes: { n: 5, o: { x: 1, y: 3, z: null }, p: { q: 1 } } };
    const event = (option: string) => decide('merge', '/', { 'if-equal': option }, patch).event;
    expect(event('skip-minimizing-merge')?.adaptable.value).toEqual({
      attributes: { o: { y: 3, z: null }, p: { q: 1 } },
    });
    expect(event('skip')?.adaptable.value).toEqual(patch);
  });
});
