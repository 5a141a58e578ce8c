import { describe, expect, test } from '@jest/globals';
import { isDittoError } from '../errors/dittoError.ts';
import type { CommandCategory } from '../protocol/signal.ts';
import { revisionTag } from './entityTag.ts';
import { checkPreconditions } from './preconditions.ts';

type Headers = Readonly<Record<string, string>>;

function outcome(category: CommandCategory, headers: Headers, revision?: number) {
  try {
    checkPreconditions(category, headers, revision === undefined ? undefined : revisionTag(revision));
    return 'pass';
  } catch (error) {
    if (isDittoError(error)) return error;
    throw error;
  }
}

const status = (...args: Parameters<typeof outcome>) => {
  const result = outcome(...args);
  return result === 'pass' ? result : result.status;
};

describe('if-match', () => {
  test.each<[string, string, CommandCategory, number | undefined, 'pass' | number]>([
    ['the current tag', '"rev:2"', 'MODIFY', 2, 'pass'],
    ['one of a list', '"rev:1" , "rev:2"', 'MODIFY', 2, 'pass'],
    ['another tag', '"rev:1"', 'QUERY', 2, 412],
    ['a weak tag, which never matches', 'W/"rev:2"', 'MODIFY', 2, 412],
    ['anything', '*', 'DELETE', 2, 'pass'],
    ['anything, but there is nothing', '*', 'CREATE', undefined, 412],
    ['a tag of what a query does not find', '"rev:1"', 'QUERY', undefined, 'pass'],
    ['a tag of what is deleted already', '"rev:1"', 'DELETE', undefined, 'pass'],
  ])('%s', (_name, value, category, revision, expected) => {
    expect(status(category, { 'if-match': value }, revision)).toBe(expected);
  });
});

describe('if-none-match', () => {
  test.each<[string, string, CommandCategory, number | undefined, 'pass' | number]>([
    ['another tag', '"rev:1"', 'QUERY', 2, 'pass'],
    ['the current tag of a query', '"rev:2"', 'QUERY', 2, 304],
    ['the current tag, weakly', 'W/"rev:2"', 'QUERY', 2, 304],
    ['the current tag of a change', '"rev:2"', 'MODIFY', 2, 412],
    ['anything, to create only what is new', '*', 'CREATE', undefined, 'pass'],
    ['anything, but it exists', '*', 'MODIFY', 1, 412],
  ])('%s', (_name, value, category, revision, expected) => {
    expect(status(category, { 'if-none-match': value }, revision)).toBe(expected);
  });
});

test('a failed precondition tells both tags and sends the current one', () => {
  const error = outcome('MODIFY', { 'if-match': '"rev:1", W/"x"' }, 2);
  expect(error).toMatchObject({
    code: 'connectivity:precondition.failed',
    message:
      'The comparison of precondition header \'if-match\' for the requested connection resource evaluated to false. Header value: \'"rev:1",W/"x"\', actual entity-tag: \'"rev:2"\'.',
    headers: { etag: '"rev:2"' },
  });
});

test('without a current tag the actual one is told as null', () => {
  expect(outcome('CREATE', { 'if-match': '*' })).toMatchObject({
    message: expect.stringContaining("Header value: '*', actual entity-tag: 'null'."),
    headers: {},
  });
});
