import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { isDittoError } from '../errors/dittoError.ts';
import type { JsonObject, JsonValue } from '../json/jsonValue.ts';
import { parseJson } from '../json/parseJson.ts';
import { parseAdaptable } from '../protocol/adaptable.ts';
import type { Signal } from '../protocol/signal.ts';
import { signalFromAdaptable } from '../signals/signalFromAdaptable.ts';
import { decidePolicy } from './decidePolicy.ts';
import { evolvePolicy, type PolicyState } from './policyState.ts';

const file = new URL('../../../testkit/vectors/twin/policy-errors.json', import.meta.url);
const errors = new Map(
  (
    parseJson(readFileSync(file, 'utf8')) as unknown as { vectors: { name: string; error: JsonObject }[] }
  ).vectors.map(({ name, error }) => [name, error]),
);

const NOW = '2024-05-06T07:08:09Z';
const THEN = '2024-01-01T00:00:00Z';
const admin = {
  subjects: { 'a:admin': { type: 't' } },
  resources: { 'policy:/': { grant: ['READ', 'WRITE'], revoke: [] } },
  importable: 'implicit',
};
const one = {
  subjects: { 'a:b': { type: 't' } },
  resources: { 'thing:/a': { grant: ['READ'], revoke: [] } },
  importable: 'implicit',
};
const policy = { policyId: 'ns:p', imports: {}, entries: { admin, one } };
const there: PolicyState = { lifecycle: 'active', policy, revision: 3, created: THEN, modified: THEN };
const gone: PolicyState = { lifecycle: 'deleted', policy: {}, revision: 7, created: THEN, modified: THEN };

function command(action: string, path: string, value?: JsonValue, rest: JsonObject = {}): Signal {
  const message = { topic: `ns/p/policies/commands/${action}`, path, ...rest };
  return signalFromAdaptable(parseAdaptable(value === undefined ? message : { ...message, value }));
}

function refusalOf(asked: Signal, state: PolicyState): JsonObject | undefined {
  try {
    decidePolicy(asked, state, NOW);
    return undefined;
  } catch (error) {
    if (isDittoError(error)) return error.toJson();
    throw error;
  }
}

describe('a condition', () => {
  const etagOf = (path: string, state: PolicyState): string =>
    decidePolicy(command('retrieve', path), state, NOW).response.headers['etag'] ?? '';
  const paths: readonly (readonly [path: string, value: JsonValue])[] = [
    ['/', policy],
    ['/imports', {}],
    ['/entries', policy.entries],
    ['/entries/one', one],
    ['/entries/one/subjects', one.subjects],
    ['/entries/one/subjects/a:b', { type: 't' }],
    ['/entries/one/resources', one.resources],
    ['/entries/one/resources/thing:/a', { grant: ['READ'], revoke: [] }],
    ['/entries/one/importable', 'never'],
  ];

  test.each(paths)('on %s holds with its tag, and with the one of the answer afterwards', (path, value) => {
    const asked = (etag: string) => command('modify', path, value, { headers: { 'if-match': etag } });
    const { event, response } = decidePolicy(asked(etagOf(path, there)), there, NOW);
    const next = evolvePolicy(there, event as Signal);
    expect(response.headers['etag']).toBe(etagOf(path, next));
    expect(refusalOf(asked(etagOf(path, next)), next)).toBeUndefined();
    expect(refusalOf(asked('"rev:1"'), next)?.['error']).toBe('policies:precondition.failed');
  });

  test.each(paths)('on %s tells a query that it knows it already', (path) => {
    const asked = command('retrieve', path, undefined, {
      headers: { 'if-none-match': etagOf(path, there) },
    });
    expect(refusalOf(asked, there)).toMatchObject({
      status: 304,
      error: 'policies:precondition.notmodified',
    });
  });

  test.each<[name: string, asked: Signal]>([
    ['policyPreconditionFailed', command('modify', '/', policy, { headers: { 'if-match': '"rev:1"' } })],
    ['policyPreconditionFailed', command('create', '/', policy, { headers: { 'if-match': '"rev:1"' } })],
    ['policyPreconditionFailed2', command('delete', '/', undefined, { headers: { 'if-none-match': '*' } })],
    [
      'policyPreconditionNotModified',
      command('retrieve', '/', undefined, { headers: { 'if-none-match': '"rev:3"' } }),
    ],
  ])('fails as Ditto tells it: %s', (name, asked) => {
    expect(refusalOf(asked, there)).toEqual(errors.get(name));
  });

  test.each<[what: string, asked: Signal, state: PolicyState, error: string | undefined]>([
    [
      'to be there fails for a new policy',
      command('modify', '/', policy, { headers: { 'if-match': '*' } }),
      gone,
      'policies:precondition.failed',
    ],
    [
      'not to be there holds for a new policy',
      command('modify', '/', policy, { headers: { 'if-none-match': '*' } }),
      gone,
      undefined,
    ],
    [
      'is looked at before the entry is missed',
      command('modify', '/entries/two/subjects', {}, { headers: { 'if-match': '*' } }),
      there,
      'policies:precondition.failed',
    ],
    [
      'means nothing to a deletion of what is not there',
      command('delete', '/entries/two', undefined, { headers: { 'if-match': '*' } }),
      there,
      'policies:entry.notfound',
    ],
    [
      'means nothing without a policy',
      command('modify', '/entries/one', one, { headers: { 'if-match': '*' } }),
      gone,
      'policies:policy.notfound',
    ],
  ])('%s', (_what, asked, state, error) => {
    expect(refusalOf(asked, state)?.['error']).toBe(error);
  });

  test.each(['/', '/imports', '/entries/one'])('on what is deleted at %s leaves no tag', (path) => {
    const asked = command('delete', path, undefined, { headers: { 'if-match': etagOf(path, there) } });
    expect(decidePolicy(asked, there, NOW).response.headers['etag']).toBeUndefined();
  });
});
