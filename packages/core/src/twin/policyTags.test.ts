import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { entityTagText } from '../headers/entityTag.ts';
import type { JsonObject } from '../json/jsonValue.ts';
import { parseJson } from '../json/parseJson.ts';
import { policyResourceAt } from '../signals/policyResources.ts';
import type { PolicyPlace } from './policyPlace.ts';
import type { PolicyState } from './policyState.ts';
import { policyTagAt } from './policyTags.ts';

const file = new URL('../../../testkit/vectors/twin/policy-tags.json', import.meta.url);
const { vectors } = parseJson(readFileSync(file, 'utf8')) as unknown as {
  vectors: readonly { policy: JsonObject; tags: Readonly<Record<string, string>> }[];
};

const stateOf = (policy: JsonObject): PolicyState => ({
  lifecycle: 'active',
  policy,
  revision: 7,
  created: undefined,
  modified: undefined,
});

function tagOf(policy: JsonObject, place: PolicyPlace): string | undefined {
  const tag = policyTagAt(stateOf(policy), policyResourceAt(place) ?? '', place);
  return tag && entityTagText(tag);
}

/** At most four members: the last one may hold anything. */
function placeOf(path: string): PolicyPlace {
  const [, field = '', label = '', part, ...rest] = path.split('|');
  return [field, label, part, rest.join('|')].filter((key): key is string => key !== undefined && key !== '');
}

test.each(vectors.map((vector, index) => [index, vector] as const))(
  'the parts of policy %d have the tags that they have in Ditto',
  (_index, { policy, tags }) => {
    const found = Object.keys(tags).map((path) => [path, tagOf(policy, placeOf(path))]);
    expect(Object.fromEntries(found)).toEqual(tags);
  },
);

const one = {
  subjects: { 'a:b': { type: 't' } },
  resources: { 'thing:/': { grant: ['READ'], revoke: [] } },
  importable: 'implicit',
};
const withEntry = (entry: JsonObject): JsonObject => ({
  policyId: 'ns:p',
  imports: { 'ns:q': { entries: ['one'] } },
  entries: { one: entry },
});

test('a whole policy is known by its revision, what is not there has no tag', () => {
  expect(tagOf(withEntry(one), [])).toBe('"rev:7"');
  expect(tagOf(withEntry(one), ['entries', 'two'])).toBeUndefined();
  expect(policyTagAt({ ...stateOf({}), lifecycle: 'deleted' }, 'policy', [])).toBeUndefined();
});

describe('the tag of an entry changes with', () => {
  test.each<[string, JsonObject]>([
    ['its subjects', { subjects: { 'a:b': { type: 'u' } } }],
    ['an announcement', { subjects: { 'a:b': { type: 't', announcement: { whenDeleted: true } } } }],
    ['its resources', { resources: { 'thing:/': { grant: [], revoke: ['READ'] } } }],
    ['how it may be imported', { importable: 'never' }],
    ['what Ditto 3.8 does not know of it', { namespaces: ['ns'] }],
  ])('%s', (_what, changes) => {
    for (const place of [['entries'], ['entries', 'one']]) {
      const before = tagOf(withEntry(one), place);
      expect(before).toMatch(/^"hash:[0-9a-f]{1,8}"$/);
      expect(tagOf(withEntry({ ...one, ...changes }), place)).not.toBe(before);
      expect(tagOf(withEntry({ ...one }), place)).toBe(before);
    }
  });
});

test('the tag of how an entry may be imported changes with it', () => {
  const place = ['entries', 'one', 'importable'];
  expect(tagOf(withEntry(one), place)).not.toBe(tagOf(withEntry({ ...one, importable: 'never' }), place));
});

test('the tag of an import changes with what Ditto 3.8 does not know of it', () => {
  const policy = withEntry(one);
  const place = ['imports', 'ns:q'];
  const imports = { 'ns:q': { entries: ['one'], transitiveImports: ['ns:r'] } };
  expect(tagOf({ ...policy, imports }, place)).not.toBe(tagOf(policy, place));
});
