import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { isDittoError } from '../errors/dittoError.ts';
import type { JsonObject, JsonValue } from '../json/jsonValue.ts';
import { parseJson } from '../json/parseJson.ts';
import { adaptableToJson, parseAdaptable } from '../protocol/adaptable.ts';
import type { Signal } from '../protocol/signal.ts';
import { adaptableFromSignal } from '../signals/adaptableFromSignal.ts';
import { signalFromAdaptable } from '../signals/signalFromAdaptable.ts';
import { signalFromJson, signalJson } from '../signals/signalJson.ts';
import { decidePolicy } from './decidePolicy.ts';
import { implicitPolicyCreate } from './policyImplicitCreate.ts';
import { absentPolicy, evolvePolicy, type PolicyState } from './policyState.ts';

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

/** What a change does to the policy; rows say what is asked, what is answered, and what has become of it. */
const changes: readonly (readonly [
  name: string,
  asked: Signal,
  before: PolicyState,
  type: string,
  status: number,
  after: JsonObject,
])[] = [
  ['creates it', command('create', '/', policy), absentPolicy, 'policyCreated', 201, policy],
  ['creates it again', command('create', '/', policy), gone, 'policyCreated', 201, policy],
  ['modifies it into being', command('modify', '/', policy), absentPolicy, 'policyCreated', 201, policy],
  [
    'modifies it',
    command('modify', '/', { entries: { admin } }),
    there,
    'policyModified',
    204,
    { ...policy, entries: { admin } },
  ],
  ['deletes it', command('delete', '/'), there, 'policyDeleted', 204, {}],
  [
    'modifies entries',
    command('modify', '/entries', { admin }),
    there,
    'policyEntriesModified',
    204,
    { ...policy, entries: { admin } },
  ],
  [
    'adds an entry',
    command('modify', '/entries/two', one),
    there,
    'policyEntryCreated',
    201,
    { ...policy, entries: { admin, one, two: one } },
  ],
  [
    'modifies an entry',
    command('modify', '/entries/one', { ...one, importable: 'never' }),
    there,
    'policyEntryModified',
    204,
    { ...policy, entries: { admin, one: { ...one, importable: 'never' } } },
  ],
  [
    'deletes an entry',
    command('delete', '/entries/one'),
    there,
    'policyEntryDeleted',
    204,
    { ...policy, entries: { admin } },
  ],
  [
    'modifies subjects',
    command('modify', '/entries/one/subjects', { 'x:y': { type: 't', more: 1 } }),
    there,
    'subjectsModified',
    204,
    { ...policy, entries: { admin, one: { ...one, subjects: { 'x:y': { type: 't' } } } } },
  ],
  [
    'adds a subject',
    command('modify', '/entries/one/subjects/x:y/z', { type: 't', expiry: '2025-01-01T00:00:00+01:00' }),
    there,
    'subjectCreated',
    201,
    {
      ...policy,
      entries: {
        admin,
        one: {
          ...one,
          subjects: { 'a:b': { type: 't' }, 'x:y/z': { type: 't', expiry: '2024-12-31T23:00:00Z' } },
        },
      },
    },
  ],
  [
    'modifies a subject',
    command('modify', '/entries/one/subjects/a:b', { type: 'u' }),
    there,
    'subjectModified',
    204,
    { ...policy, entries: { admin, one: { ...one, subjects: { 'a:b': { type: 'u' } } } } },
  ],
  [
    'deletes a subject',
    command('delete', '/entries/one/subjects/a:b'),
    there,
    'subjectDeleted',
    204,
    { ...policy, entries: { admin, one: { ...one, subjects: {} } } },
  ],
  [
    'modifies resources',
    command('modify', '/entries/one/resources', { 'thing:': { grant: [], revoke: ['READ', 1] } }),
    there,
    'resourcesModified',
    204,
    {
      ...policy,
      entries: { admin, one: { ...one, resources: { 'thing:/': { grant: [], revoke: ['READ'] } } } },
    },
  ],
  [
    'adds a resource',
    command('modify', '/entries/one/resources/thing:/b/c', { grant: ['READ'], revoke: [] }),
    there,
    'resourceCreated',
    201,
    {
      ...policy,
      entries: {
        admin,
        one: { ...one, resources: { ...one.resources, 'thing:/b/c': { grant: ['READ'], revoke: [] } } },
      },
    },
  ],
  [
    'modifies a resource',
    command('modify', '/entries/one/resources/thing:/a', { grant: [], revoke: [] }),
    there,
    'resourceModified',
    204,
    { ...policy, entries: { admin, one: { ...one, resources: { 'thing:/a': { grant: [], revoke: [] } } } } },
  ],
  [
    'deletes a resource',
    command('delete', '/entries/one/resources/thing:/a'),
    there,
    'resourceDeleted',
    204,
    { ...policy, entries: { admin, one: { ...one, resources: {} } } },
  ],
  [
    'says how an entry is imported',
    command('modify', '/entries/one/importable', 'explicit'),
    there,
    'policyEntryImportableModified',
    204,
    { ...policy, entries: { admin, one: { ...one, importable: 'explicit' } } },
  ],
  [
    'modifies imports',
    command('modify', '/imports', { 'ns:q': {} }),
    there,
    'policyModified',
    204,
    { ...policy, imports: { 'ns:q': {} } },
  ],
  [
    'adds an import',
    command('modify', '/imports/ns:q', { entries: ['one'] }),
    there,
    'policyModified',
    201,
    { ...policy, imports: { 'ns:q': { entries: ['one'] } } },
  ],
];
const imported: PolicyState = { ...there, policy: { ...policy, imports: { 'ns:q': {} } } };
const importChanges: typeof changes = [
  [
    'modifies an import',
    command('modify', '/imports/ns:q', { entries: ['one'] }),
    imported,
    'policyModified',
    204,
    { ...policy, imports: { 'ns:q': { entries: ['one'] } } },
  ],
  ['deletes an import', command('delete', '/imports/ns:q'), imported, 'policyModified', 204, policy],
  ['deletes imports', command('delete', '/imports'), imported, 'policyImportsDeleted', 204, policy],
  [
    'needs no writer while something is imported',
    command('delete', '/entries/admin'),
    imported,
    'policyEntryDeleted',
    204,
    { ...policy, imports: { 'ns:q': {} }, entries: { one } },
  ],
];

describe('a command that', () => {
  test.each([...changes, ...importChanges])('%s', (_name, asked, before, type, status, after) => {
    const { event, response } = decidePolicy(asked, before, NOW);
    expect(event?.type).toBe(`policies.events:${type}`);
    expect(event?.adaptable).toMatchObject({ revision: before.revision + 1, timestamp: NOW });
    expect(response.status).toBe(status);
    expect(response.headers['entity-revision']).toBe(String(before.revision + 1));
    const next = evolvePolicy(before, event as Signal);
    expect(JSON.stringify(next.policy)).toBe(JSON.stringify(after));
    expect(next).toMatchObject({
      lifecycle: type === 'policyDeleted' ? 'deleted' : 'active',
      revision: before.revision + 1,
      created: type === 'policyCreated' ? NOW : THEN,
      modified: NOW,
    });
  });

  test.each([...changes, ...importChanges])(
    '%s, is answered and told as messages tell it',
    (_name, asked, before) => {
      const { event, response } = decidePolicy(asked, before, NOW);
      for (const signal of [event as Signal, response]) {
        const read = signalFromAdaptable({ ...signal.adaptable, headers: signal.headers });
        const { headers: _, ...message } = adaptableToJson(adaptableFromSignal(read));
        expect(adaptableToJson(adaptableFromSignal(signal))).toMatchObject(message);
        expect({ ...read, headers: {}, adaptable: { ...read.adaptable, headers: {} } }).toEqual({
          ...signal,
          headers: {},
          adaptable: { ...signal.adaptable, headers: {} },
        });
      }
    },
  );

  test.each([...changes, ...importChanges])('%s, has an event that can be stored', (_name, asked, before) => {
    const event = decidePolicy(asked, before, NOW).event as Signal;
    const stored = signalFromJson(signalJson(event), event.headers, 'event');
    expect(evolvePolicy(before, stored)).toEqual(evolvePolicy(before, event));
  });
});

describe('a query', () => {
  test.each<[path: string, value: JsonValue, etag: string]>([
    ['/', policy, '"rev:3"'],
    ['/imports', {}, '"hash:1f"'],
    ['/entries', policy.entries, '"hash:'],
    ['/entries/one', one, '"hash:'],
    ['/entries/one/subjects', one.subjects, '"hash:8fd7791"'],
    ['/entries/one/subjects/a:b', { type: 't' }, '"hash:8fd64d1"'],
    ['/entries/one/resources', one.resources, '"hash:7fb76849"'],
    ['/entries/one/resources/thing:/a', { grant: ['READ'], revoke: [] }, '"hash:b46a757b"'],
    ['/entries/one/importable', 'implicit', '"hash:'],
  ])('of %s', (path, value, etag) => {
    const { event, response } = decidePolicy(command('retrieve', path), there, NOW);
    expect(event).toBeUndefined();
    expect(response).toMatchObject({ kind: 'response', status: 200, adaptable: { value } });
    expect(response.headers['etag']).toContain(etag);
  });

  test.each<[string, JsonObject]>([
    ['policyId,entries/one/importable', { policyId: 'ns:p', entries: { one: { importable: 'implicit' } } }],
    ['_revision,_created,_namespace', { _revision: 3, _created: THEN, _namespace: 'ns' }],
  ])('of fields %s', (fields, value) => {
    const asked = command('retrieve', '/', undefined, { fields });
    expect(decidePolicy(asked, there, NOW).response.adaptable.value).toEqual(value);
  });
});

const big = Object.fromEntries(
  Array.from({ length: 3000 }, (_, n) => [`s:${n}`, { type: 'generated subject' }]),
);
const write = { grant: ['WRITE'], revoke: [] };

describe('refused', () => {
  test.each<[string, Signal, PolicyState, string]>([
    ['creating what is there', command('create', '/', policy), there, 'policyConflict'],
    [
      'modifying a part of nothing',
      command('modify', '/entries/one', one),
      absentPolicy,
      'policyNotAccessible',
    ],
    ['retrieving nothing', command('retrieve', '/'), gone, 'policyNotAccessible'],
    ['deleting nothing', command('delete', '/'), gone, 'policyNotAccessible'],
    [
      'a subject that is past',
      command('modify', '/entries/one/subjects/a:b', { type: 't', expiry: '2020-01-01T00:00:00Z' }),
      there,
      'subjectExpiryInThePast',
    ],
    ['a policy without entries', command('modify', '/', { entries: {} }), there, 'policyModificationInvalid'],
    [
      'a policy without a writer',
      command('create', '/', { entries: { one } }),
      absentPolicy,
      'policyModificationInvalid',
    ],
    ['entries without a writer', command('modify', '/entries', { one }), there, 'policyModificationInvalid'],
    [
      'entries without a writer, in spite of an import',
      command('modify', '/entries', { one }),
      imported,
      'policyModificationInvalid',
    ],
    [
      'a writer who expires',
      command('modify', '/', {
        entries: { admin: { ...admin, subjects: { 'a:b': { type: 't', expiry: '2099-01-01T00:00:00Z' } } } },
      }),
      there,
      'policyModificationInvalid',
    ],
    [
      'a revoke for the only writer',
      command('modify', '/entries/one', {
        subjects: admin.subjects,
        resources: { 'policy:/': { grant: [], revoke: ['WRITE'] } },
      }),
      there,
      'policyEntryModificationInvalid',
    ],
    ['an import of itself', command('modify', '/imports/ns:p', {}), there, 'importSelf'],
  ])('%s', (_name, asked, state, error) => {
    expect(refusalOf(asked, state)).toEqual(errors.get(error));
  });

  test.each<[string, Signal, string]>([
    ['an entry', command('retrieve', '/entries/two'), "The PolicyEntry with Label 'two'"],
    ['an entry that is to go', command('delete', '/entries/two'), "The PolicyEntry with Label 'two'"],
    [
      'an entry of subjects',
      command('modify', '/entries/two/subjects', {}),
      "The PolicyEntry with Label 'two'",
    ],
    [
      'an entry of a resource',
      command('retrieve', '/entries/two/resources/thing:/a'),
      "The PolicyEntry with Label 'two'",
    ],
    [
      'an entry that is called as a prototype',
      command('retrieve', '/entries/__proto__'),
      "The PolicyEntry with Label '__proto__'",
    ],
    [
      'an entry that is called as a method',
      command('retrieve', '/entries/toString/importable'),
      "The PolicyEntry with Label 'toString'",
    ],
    ['a subject', command('retrieve', '/entries/one/subjects/x:y/z'), "The Subject with ID 'x:y/z'"],
    ['a subject that is to go', command('delete', '/entries/one/subjects/x:y'), "The Subject with ID 'x:y'"],
    ['a resource', command('retrieve', '/entries/one/resources/thing:/b/c'), "The Resource 'thing:/b/c'"],
    [
      'a resource that is to go',
      command('delete', '/entries/one/resources/thing:/'),
      "The Resource 'thing:/'",
    ],
    ['an import', command('retrieve', '/imports/ns:q'), "The Policy import 'ns:q'"],
    ['an import that is to go', command('delete', '/imports/ns:q'), "The Policy import 'ns:q'"],
  ])('with 404: %s', (_name, asked, message) => {
    expect(refusalOf(asked, there)).toMatchObject({ status: 404, message: expect.stringContaining(message) });
  });

  test.each<[string, Signal]>([
    ['the writing entry', command('delete', '/entries/admin')],
    ['the writing subject', command('delete', '/entries/admin/subjects/a:admin')],
    ['all subjects', command('modify', '/entries/admin/subjects', {})],
    ['the resource', command('delete', '/entries/admin/resources/policy:/')],
    ['all resources', command('modify', '/entries/admin/resources', { 'policy:/x': write })],
  ])('with 403: losing %s', (_name, asked) => {
    expect(refusalOf(asked, there)).toEqual({
      ...errors.get('policyEntryModificationInvalid'),
      message: errors
        .get('policyEntryModificationInvalid')
        ?.['message']?.toString()
        .replace("'one'", "'admin'"),
    });
  });

  test('with 413: more than 100 kB', () => {
    const asked = command('modify', '/entries/one/subjects', big);
    expect(refusalOf(asked, there)).toMatchObject({
      error: 'policies:policy.toolarge',
      message: expect.stringMatching(
        /^The size of '\d+\.\d+' kB exceeds the maximal allowed Policy size of '100' kB\.$/,
      ),
    });
  });

  test('with 400: what events and answers could not hold', () => {
    const deep = (levels: number): JsonValue => (levels === 0 ? 1 : [deep(levels - 1)]);
    const asked = (levels: number) => command('modify', '/entries/two', { ...one, references: deep(levels) });
    expect(refusalOf(asked(187), there)).toBeUndefined();
    expect(refusalOf(asked(188), there)).toMatchObject({ error: 'json.invalid' });
  });

  test.each(['allowedAdditions', 'namespaces', 'references'])(
    'with 400: what Ditto 3.8 does not know, %s',
    (part) => {
      for (const asked of [
        command('modify', `/entries/one/${part}`, {}),
        command('retrieve', `/entries/one/${part}`),
      ])
        expect(refusalOf(asked, there)).toMatchObject({ error: 'protocoladapter:unknown.topicpath' });
    },
  );
});

test.each<[path: string, isTaken: boolean]>([
  ['subjects/a:x//y', false],
  ['subjects/a:~x', true],
  ['subjects/a:~0x', false],
  ['subjects/a:x/~/y', true],
  ['subjects/a:a b', true],
  ['resources/th~ing:/a', false],
  ['resources/thing:/~', true],
  ['resources/thing:/a~0b/c', true],
  ['resources/thing:/a/', true],
])('%s is stored as it is, or refused', (path, isTaken) => {
  const value = path.startsWith('subjects') ? { type: 't' } : { grant: [], revoke: [] };
  const asked = command('modify', `/entries/one/${path}`, value);
  if (!isTaken) {
    expect(refusalOf(asked, there)).toMatchObject({ error: 'json.pointer.invalid' });
    return;
  }
  const event = decidePolicy(asked, there, NOW).event as Signal;
  const stored = signalFromJson(signalJson(event), event.headers, 'event');
  expect(evolvePolicy(there, stored)).toEqual(evolvePolicy(there, event));
});

test('an instant is told as Ditto writes it', () => {
  const { event } = decidePolicy(command('delete', '/'), there, '2024-05-06T07:08:09.000Z');
  expect(event?.adaptable.timestamp).toBe(NOW);
});

test.each<[string, Signal, PolicyState, string]>([
  ['of what is not there, is a create', command('modify', '/', policy), absentPolicy, 'createPolicy'],
  ['of what was deleted, is a create', command('modify', '/', policy), gone, 'createPolicy'],
  ['of what is there, is none', command('modify', '/', policy), there, 'modifyPolicy'],
  ['of a part, is none', command('modify', '/entries/one', one), absentPolicy, 'modifyPolicyEntry'],
])('a modify %s', (_name, asked, state, type) => {
  const made = implicitPolicyCreate(asked, state);
  expect(made.type).toBe(`policies.commands:${type}`);
  expect(made).toEqual(signalFromAdaptable(made.adaptable));
});

test('keys that mean something to JavaScript are kept as they are', () => {
  const value = parseJson('{"__proto__:x":{"type":"t"},"constructor:x":{"type":"t"}}') as JsonObject;
  const asked = command('modify', '/entries/__proto__', { ...one, subjects: value });
  const { event } = decidePolicy(asked, there, NOW);
  const next = evolvePolicy(there, event as Signal);
  expect(JSON.stringify(next.policy['entries'])).toContain(
    '"__proto__":{"subjects":{"__proto__:x":{"type":"t"}',
  );
  const again = decidePolicy(command('delete', '/entries/__proto__'), next, NOW);
  expect(evolvePolicy(next, again.event as Signal).policy).toEqual(policy);
});

test('an event tells nothing of the conditions of its command', () => {
  const asked = command('modify', '/entries/one', one, {
    headers: { 'if-match': '*', 'correlation-id': 'c' },
  });
  expect(decidePolicy(asked, there, NOW).event?.headers).toEqual(
    expect.not.objectContaining({ 'if-match': expect.anything() }),
  );
  expect(decidePolicy(asked, there, NOW).event?.headers['correlation-id']).toBe('c');
});

test.each([
  ['an unknown event', { type: 'policies.events:policySomething', path: '/entries/one' }],
  [
    'a deletion of what is not there',
    { type: 'policies.events:subjectDeleted', path: '/entries/none/subjects/a:b' },
  ],
])('%s only counts', (_name, { type, path }) => {
  const event = { ...(decidePolicy(command('delete', '/'), there, NOW).event as Signal), type };
  const next = evolvePolicy(there, { ...event, adaptable: { ...event.adaptable, path } });
  expect(next).toEqual({ ...there, revision: 4, modified: NOW });
  if (type === 'policies.events:policySomething')
    expect(evolvePolicy(absentPolicy, event)).toEqual({ ...absentPolicy, revision: 4, modified: NOW });
});

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
