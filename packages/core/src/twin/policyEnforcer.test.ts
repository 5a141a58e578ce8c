import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../json/jsonValue.ts';
import { parseJson } from '../json/parseJson.ts';
import { compilePolicy, type PolicyEnforcer } from './policyEnforcer.ts';
import { policyResourceOf, resourceAt } from './policyResource.ts';

interface Asked {
  readonly resource: string;
  readonly subjects: readonly string[];
  readonly permissions: readonly string[];
  readonly json?: JsonObject;
  readonly expected: JsonObject;
}
interface Vector {
  readonly policy: JsonObject;
  readonly imported?: Readonly<Record<string, JsonObject>>;
  readonly questions: readonly Asked[];
}

const file = new URL('../../../testkit/vectors/twin/policy-enforcer.json', import.meta.url);
const { vectors } = parseJson(readFileSync(file, 'utf8')) as unknown as { vectors: readonly Vector[] };

const sorted = (subjects: readonly string[]): string[] => [...subjects].sort();

function answers(enforcer: PolicyEnforcer, { resource, subjects, permissions, json }: Asked): JsonObject {
  const at = policyResourceOf(resource);
  const { granted, revoked } = enforcer.getSubjectsWithPermission(at, permissions);
  return {
    unrestricted: enforcer.hasUnrestrictedPermissions(at, subjects, permissions),
    partial: enforcer.hasPartialPermissions(at, subjects, permissions),
    granted: sorted(granted),
    revoked: sorted(revoked),
    partialSubjects: sorted(enforcer.getSubjectsWithPartialPermission(at, permissions)),
    unrestrictedSubjects: sorted(enforcer.getSubjectsWithUnrestrictedPermission(at, permissions)),
    ...(json === undefined ? {} : { view: enforcer.buildJsonView(at, json, subjects, permissions) }),
  };
}

test("answers as Ditto's enforcer does, to every question about every policy of the vectors", () => {
  expect(vectors.length).toBeGreaterThan(100);
  for (const { policy, imported, questions } of vectors) {
    const enforcer = compilePolicy(policy, { imported: new Map(Object.entries(imported ?? {})) });
    for (const question of questions) expect(answers(enforcer, question)).toEqual(question.expected);
  }
});

const entry = (subjects: JsonObject, resources: JsonObject): JsonObject => ({
  entries: { one: { subjects, resources } },
});
const readAll = { 'thing:/': { grant: ['READ'], revoke: [] } };
const thing = resourceAt('thing', '/');

describe('subjects that expire', () => {
  const policy = entry(
    {
      'a:stays': { type: 't' },
      'a:soon': { type: 't', expiry: '2024-01-02T00:00:00Z' },
      'a:later': { type: 't', expiry: '2024-02-01T00:00:00+01:00' },
      'a:unreadable': { type: 't', expiry: 'soon' },
    },
    readAll,
  );
  test.each<[now: string | undefined, who: readonly string[], validUntil: string | undefined]>([
    ['2024-01-02T00:00:00Z', ['a:stays', 'a:soon', 'a:later'], '2024-01-02T00:00:00.000Z'],
    ['2024-01-02T00:00:00.001Z', ['a:stays', 'a:later'], '2024-01-31T23:00:00.000Z'],
    ['2025-01-01T00:00:00Z', ['a:stays'], undefined],
    [undefined, ['a:stays', 'a:soon', 'a:later', 'a:unreadable'], '2024-01-02T00:00:00.000Z'],
  ])('at %s', (now, who, validUntil) => {
    const enforcer = compilePolicy(policy, now === undefined ? {} : { now });
    expect(enforcer.getSubjectsWithPartialPermission(thing, ['READ'])).toEqual(who);
    expect(enforcer.validUntil).toBe(validUntil);
  });
});

describe('entries of an imported policy', () => {
  const imported = new Map<string, JsonObject>([
    [
      'ns:q',
      {
        imports: { 'ns:r': {} },
        entries: {
          plain: { subjects: { 'a:plain': {} }, resources: readAll },
          implicit: { subjects: { 'a:implicit': {} }, resources: readAll, importable: 'implicit' },
          explicit: { subjects: { 'a:explicit': {} }, resources: readAll, importable: 'explicit' },
          never: { subjects: { 'a:never': {} }, resources: readAll, importable: 'never' },
        },
      },
    ],
    ['ns:r', { entries: { plain: { subjects: { 'a:further': {} }, resources: readAll } } }],
  ]);
  test.each<[labels: JsonObject, who: readonly string[]]>([
    [{}, ['a:plain', 'a:implicit']],
    [{ entries: ['explicit', 'never'] }, ['a:plain', 'a:implicit', 'a:explicit']],
    [{ entries: ['other', 1] }, ['a:plain', 'a:implicit']],
  ])('imported with %j', (policyImport, who) => {
    const enforcer = compilePolicy({ imports: { 'ns:q': policyImport, 'ns:gone': {} } }, { imported });
    expect(enforcer.getSubjectsWithPartialPermission(thing, ['READ'])).toEqual(who);
  });
});

describe('policies that make no sense', () => {
  test.each<[string, JsonObject]>([
    ['nothing at all', {}],
    ['entries that are no object', { entries: [1] }],
    ['an entry that is no object', { entries: { one: 1 } }],
    ['subjects and resources that are no objects', { entries: { one: { subjects: 1, resources: [] } } }],
    ['a resource without a type', entry({ 'a:b': { type: 't' } }, { '/': { grant: ['READ'], revoke: [] } })],
    ['a resource with two slashes', entry({ 'a:b': {} }, { 'thing://': { grant: ['READ'], revoke: [] } })],
    ['permissions that are no lists', entry({ 'a:b': {} }, { 'thing:/': { grant: 'READ', revoke: 1 } })],
    ['imports that are none', { imports: { 'ns:q': 1, 'ns:r': { entries: 1 } } }],
  ])('%s grant nothing', (_name, policy) => {
    const enforcer = compilePolicy(policy, { imported: new Map([['ns:q', { entries: 1 }]]) });
    expect(enforcer.hasPartialPermissions(thing, ['a:b'], ['READ'])).toBe(false);
    expect(enforcer.buildJsonView(thing, { a: 1 }, ['a:b'], ['READ'])).toEqual({});
  });

  test('names of objects in JavaScript are names like others', () => {
    const resources = parseJson(
      '{"thing:/__proto__":{"grant":["READ"],"revoke":[]},"thing:/constructor":{"grant":["READ"],"revoke":[]}}',
    ) as JsonObject;
    const enforcer = compilePolicy(entry({ '__proto__:x': {} }, resources));
    const json = parseJson('{"__proto__":{"a":1},"constructor":2,"toString":3}') as JsonObject;
    const view = enforcer.buildJsonView(thing, json, ['__proto__:x'], ['READ']);
    expect(JSON.stringify(view)).toBe('{"__proto__":{"a":1},"constructor":2}');
    expect(enforcer.hasPartialPermissions(thing, ['toString', 'constructor'], ['READ'])).toBe(false);
  });

  test('paths of many thousand keys are looked at in no time and on no stack', () => {
    const path = '/a'.repeat(40_000);
    const enforcer = compilePolicy(
      entry({ 'a:b': {} }, { [`thing:${path}`]: { grant: ['READ'], revoke: [] } }),
    );
    expect(enforcer.hasPartialPermissions(thing, ['a:b'], ['READ'])).toBe(true);
    expect(enforcer.hasUnrestrictedPermissions(resourceAt('thing', path), ['a:b'], ['READ'])).toBe(true);
    expect(enforcer.hasUnrestrictedPermissions(thing, ['a:b'], ['READ'])).toBe(false);
  });
});

test('without permissions that are asked for, or subjects, nothing is held', () => {
  const enforcer = compilePolicy(entry({ 'a:b': {} }, readAll));
  expect(enforcer.hasPartialPermissions(thing, ['a:b'], [])).toBe(false);
  expect(enforcer.hasUnrestrictedPermissions(thing, [], ['READ'])).toBe(false);
});
