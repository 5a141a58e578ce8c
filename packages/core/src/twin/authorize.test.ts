import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { isDittoError } from '../errors/dittoError.ts';
import type { JsonObject, JsonValue } from '../json/jsonValue.ts';
import { parseJson } from '../json/parseJson.ts';
import { parseAdaptable } from '../protocol/adaptable.ts';
import type { Signal } from '../protocol/signal.ts';
import { signalFromAdaptable } from '../signals/signalFromAdaptable.ts';
import { authorizePolicySignal, authorizeThingSignal, readableThing, restrictResponse } from './authorize.ts';
import { compilePolicy } from './policyEnforcer.ts';

const vectorsOf = <T>(name: string): readonly T[] => {
  const file = new URL(`../../../testkit/vectors/twin/${name}.json`, import.meta.url);
  return (parseJson(readFileSync(file, 'utf8')) as unknown as { vectors: readonly T[] }).vectors;
};
interface Refusal {
  readonly adaptable: JsonObject;
  readonly type: string;
  readonly modify?: JsonObject;
  readonly access?: JsonObject;
}
const errors = new Map(
  vectorsOf<{ name: string; error: JsonObject }>('policy-errors').map(({ name, error }) => [name, error]),
);

const SUBJECT = 'nginx:ditto';
/** Rules of the one subject: `thing:/a` to `r`, `w`, `-r`, `-w` or several of them. */
function enforcer(rules: Readonly<Record<string, string>>) {
  const resources = Object.entries(rules).map(([key, words]) => {
    const has = (word: string): boolean => words.split(' ').includes(word);
    const grant = [...(has('r') ? ['READ'] : []), ...(has('w') ? ['WRITE'] : [])];
    const revoke = [...(has('-r') ? ['READ'] : []), ...(has('-w') ? ['WRITE'] : [])];
    return [key, { grant, revoke }];
  });
  const one = { subjects: { [SUBJECT]: { type: 't' } }, resources: Object.fromEntries(resources) };
  return compilePolicy({ entries: { one } });
}
type Rules = Parameters<typeof enforcer>[0];

function signalOf(topic: string, path: string, value?: JsonValue, headers: JsonObject = {}): Signal {
  const message = { topic, path, headers, ...(value === undefined ? {} : { value }) };
  return signalFromAdaptable(parseAdaptable(message));
}

function refusalOf(signal: Signal, rules: Rules): JsonObject | undefined {
  const authorize = signal.entityType === 'policy' ? authorizePolicySignal : authorizeThingSignal;
  try {
    authorize(signal, enforcer(rules), [SUBJECT]);
    return undefined;
  } catch (error) {
    if (isDittoError(error)) return error.toJson();
    throw error;
  }
}
const codeOf = (signal: Signal, rules: Rules): JsonValue | undefined => refusalOf(signal, rules)?.['error'];

describe("refused with the errors of Ditto's registries", () => {
  const cases = vectorsOf<Refusal>('policy-refusals').map((vector) => ({
    ...vector,
    signal: signalFromAdaptable(parseAdaptable(vector.adaptable)),
    name: `${vector.type} ${vector.adaptable['path']}`,
  }));
  const queries = cases.filter(({ signal }) => signal.category === 'QUERY');
  const changes = cases.filter(({ signal }) => signal.category !== 'QUERY');
  const readOnly = { 'thing:/': 'r', 'policy:/': 'r' };
  const notFound = { thing: errors.get('thingNotAccessible'), policy: errors.get('policyNotAccessible') };

  test.each(changes)('$name, of what is only readable', ({ signal, modify }) => {
    // Ditto's registry knows no error of its own for this one
    const expected = signal.type.endsWith('deletePolicyImport')
      ? errors.get('policyImportNotModifiable')
      : modify;
    expect(refusalOf(signal, readOnly)).toEqual(expected);
    expect(refusalOf(signal, { 'thing:/': 'w', 'policy:/': 'w' })).toBeUndefined();
  });

  test.each(queries)('$name, of what is out of sight', ({ signal, access }) => {
    expect(refusalOf(signal, {})).toEqual(access);
    expect(refusalOf(signal, readOnly)).toBeUndefined();
  });

  test.each(
    changes.filter(
      ({ signal, access }) => signal.category !== 'CREATE' && (access || signal.category !== 'MODIFY'),
    ),
  )('$name, of what is out of sight', ({ signal, access }) => {
    const expected = access ?? notFound[signal.entityType === 'policy' ? 'policy' : 'thing'];
    if (!signal.type.endsWith('FeatureDefinition')) expect(refusalOf(signal, {})).toEqual(expected);
    expect(refusalOf(signal, { 'thing:/attributes/other': 'r', 'policy:/entries/other': 'w' })).toMatchObject(
      {
        status: 403,
      },
    );
  });
});

describe('commands about a thing', () => {
  const twin = (action: string) => `ns/t/things/twin/commands/${action}`;
  const patch = { 'content-type': 'application/merge-patch+json' };
  test.each<[string, Signal, Rules, string | undefined]>([
    [
      'write the path itself',
      signalOf(twin('modify'), '/attributes/a', 1),
      { 'thing:/attributes/a': 'w' },
      undefined,
    ],
    [
      'write, but not all below',
      signalOf(twin('modify'), '/attributes', {}),
      { 'thing:/': 'w', 'thing:/attributes/a': '-w' },
      'things:attributes.notmodifiable',
    ],
    [
      'write with a revoke beside',
      signalOf(twin('modify'), '/attributes/b', 1),
      { 'thing:/': 'w', 'thing:/attributes/a': '-w' },
      undefined,
    ],
    ['create in the sight of nobody', signalOf(twin('create'), '/', {}), {}, 'things:thing.notmodifiable'],
    [
      'merge of leaves',
      signalOf(twin('merge'), '/', { attributes: { a: { b: 1 }, c: null } }, patch),
      { 'thing:/attributes/a': 'w', 'thing:/attributes/c': 'w' },
      undefined,
    ],
    [
      'merge of leaves, one too many',
      signalOf(twin('merge'), '/', { attributes: { a: 1, c: 2 } }, patch),
      { 'thing:/attributes/a': 'w' },
      'things:thing.notmodifiable',
    ],
    [
      'merge over a revoke that the patch does not touch',
      signalOf(twin('merge'), '/attributes', { a: 1 }, patch),
      { 'thing:/': 'w', 'thing:/attributes/c': '-w' },
      undefined,
    ],
    [
      'merge that removes what holds a revoked part',
      signalOf(twin('merge'), '/attributes', { a: null }, patch),
      { 'thing:/': 'w', 'thing:/attributes/a/x': '-w' },
      'things:thing.notmodifiable',
    ],
    ['read a part', signalOf(twin('retrieve'), '/attributes'), { 'thing:/attributes/a': 'r' }, undefined],
    [
      'read beside the part',
      signalOf(twin('retrieve'), '/attributes/b'),
      { 'thing:/attributes/a': 'r' },
      'things:attribute.notfound',
    ],
    ['delete with all of it', signalOf(twin('delete'), '/'), { 'thing:/': 'w' }, undefined],
    [
      'delete with a part revoked',
      signalOf(twin('delete'), '/'),
      { 'thing:/': 'r w', 'thing:/features/f': '-w' },
      'things:thing.notdeletable',
    ],
    [
      'live, as the twin',
      signalOf('ns/t/things/live/commands/modify', '/attributes/a', 1),
      { 'thing:/': 'r' },
      'things:attribute.notmodifiable',
    ],
    [
      'live query',
      signalOf('ns/t/things/live/commands/retrieve', '/attributes/a'),
      { 'thing:/attributes/a': 'r' },
      undefined,
    ],
    [
      'several things, which are looked at one by one',
      signalOf('_/_/things/twin/commands/retrieve', '/', { thingIds: ['ns:t'] }),
      {},
      undefined,
    ],
    [
      'streams of all of it',
      signalOf('ns/t/things/twin/streaming/subscribeForPersistedEvents', '/', {}),
      { 'thing:/': 'r' },
      undefined,
    ],
    [
      'streams of a part',
      signalOf('ns/t/things/twin/streaming/subscribeForPersistedEvents', '/', {}),
      { 'thing:/a': 'r' },
      'things:thing.notfound',
    ],
  ])('%s', (_name, signal, rules, code) => {
    expect(codeOf(signal, rules)).toBe(code);
  });

  test('answers to them need no permission', () => {
    const answer = { topic: 'ns/t/things/live/commands/modify', path: '/attributes/a', status: 204 };
    expect(refusalOf(signalFromAdaptable(parseAdaptable(answer)), {})).toBeUndefined();
  });
});

describe('conditions of a command', () => {
  const rules = { 'thing:/': 'w', 'thing:/attributes/seen': 'r' };
  const modify = (headers: JsonObject) =>
    signalOf('ns/t/things/twin/commands/modify', '/attributes/a', 1, headers);
  const retrieve = (headers: JsonObject) =>
    signalOf('ns/t/things/twin/commands/retrieve', '/attributes/seen', undefined, headers);

  test.each<[string, Signal, string | undefined]>([
    ['look at what is readable', modify({ condition: 'eq(attributes/seen,1)' }), undefined],
    [
      'look at something else too',
      modify({ condition: 'and(eq(attributes/seen,1),not(exists(attributes/hidden)))' }),
      'conditionInsufficient',
    ],
    ['look at the time', modify({ condition: 'gt(attributes/seen,time:now)' }), undefined],
    [
      'of live channels',
      retrieve({ 'live-channel-condition': 'eq(thingId,"ns:t")' }),
      'liveConditionInsufficient',
    ],
    [
      'of live channels, for a change, which Ditto has none of',
      modify({ 'live-channel-condition': 'eq(thingId,"ns:t")' }),
      undefined,
    ],
  ])('%s', (_name, signal, error) => {
    expect(refusalOf(signal, rules)).toEqual(error === undefined ? undefined : errors.get(error));
  });

  test('of a thing that is created are not looked at', () => {
    const create = signalOf(
      'ns/t/things/twin/commands/create',
      '/',
      {},
      { condition: 'eq(attributes/hidden,1)' },
    );
    expect(refusalOf(create, { 'thing:/': 'w' })).toBeUndefined();
  });

  test('that nobody can read are refused', () => {
    expect(codeOf(modify({ condition: 'eq(' }), rules)).toBe('rql.expression.invalid');
  });
});

describe('messages and live events', () => {
  const message = (path: string, subject = 'ask') => signalOf(`ns/t/things/live/messages/${subject}`, path);
  const event = signalFromAdaptable(
    parseAdaptable({
      topic: 'ns/t/things/live/events/modified',
      path: '/attributes/a',
      value: 1,
      revision: 1,
    }),
  );
  test.each<[string, Signal, Rules, string | undefined]>([
    ['to a thing', message('/inbox/messages/ask'), { 'message:/inbox': 'w' }, undefined],
    [
      'to a feature',
      message('/features/f/inbox/messages/ask'),
      { 'message:/features/f/inbox/messages/ask': 'w' },
      undefined,
    ],
    ['from a thing', message('/outbox/messages/ask'), { 'message:/inbox': 'w' }, 'messageSendNotAllowed'],
    [
      'with permissions for the thing alone',
      message('/inbox/messages/ask'),
      { 'thing:/': 'r w' },
      'messageSendNotAllowed',
    ],
    ['with a subject of slashes', message('/inbox/messages/a//b', 'a//b'), { 'message:/': 'w' }, undefined],
    ['that claim', message('/inbox/messages/claim', 'claim'), {}, undefined],
    ['an event', event, { 'thing:/attributes': 'w' }, undefined],
    ['an event of what is only readable', event, { 'thing:/': 'r' }, 'eventSendNotAllowed'],
  ])('%s', (_name, signal, rules, error) => {
    expect(refusalOf(signal, rules)).toEqual(error === undefined ? undefined : errors.get(error));
  });
});

describe('a policy that is created', () => {
  const create = (headers: JsonObject) =>
    signalOf('ns/p/policies/commands/create', '/', { entries: {} }, headers);
  test.each<[string, JsonObject, Rules, string | undefined]>([
    ['lets its creator write it', {}, { 'policy:/': 'w' }, undefined],
    ['locks its creator out', {}, { 'policy:/': 'r' }, 'policyNotCreatable'],
    ['may lock its creator out', { 'allow-policy-lockout': true }, {}, undefined],
  ])('%s', (_name, headers, rules, error) => {
    expect(refusalOf(create(headers), rules)).toEqual(error === undefined ? undefined : errors.get(error));
  });
});

const thing = {
  thingId: 'ns:t',
  policyId: 'ns:p',
  attributes: { a: { x: 1, y: 2 }, b: [1, { x: 2 }] },
  features: {},
};

describe('the readable part', () => {
  test.each<[string, Rules, JsonObject | undefined]>([
    ['of all', { 'thing:/': 'r' }, thing],
    ['of one attribute', { 'thing:/attributes/a/x': 'r' }, { thingId: 'ns:t', attributes: { a: { x: 1 } } }],
    ['of what is not there', { 'thing:/attributes/c': 'r' }, { thingId: 'ns:t' }],
    ['of nothing', { 'thing:/': 'w', 'policy:/': 'r' }, undefined],
    [
      'with a part revoked',
      { 'thing:/': 'r', 'thing:/attributes/b': '-r', 'thing:/policyId': '-r' },
      { thingId: 'ns:t', attributes: { a: { x: 1, y: 2 } }, features: {} },
    ],
  ])('%s', (_name, rules, expected) => {
    expect(readableThing(thing, enforcer(rules), [SUBJECT])).toEqual(expected);
  });

  const response = (path: string, value: JsonValue, group = 'ns/t/things/twin') =>
    signalFromAdaptable(parseAdaptable({ topic: `${group}/commands/retrieve`, path, value, status: 200 }));
  const rules = { 'thing:/attributes/a/x': 'r', 'policy:/entries/one/subjects': 'r' };

  test.each<[string, Signal, JsonValue]>([
    ['of a thing', response('/', thing), { thingId: 'ns:t', attributes: { a: { x: 1 } } }],
    ['of attributes', response('/attributes', thing.attributes), { a: { x: 1 } }],
    ['of attributes, one of which is called as the id', response('/attributes', { thingId: 'secret' }), {}],
    ['of one attribute', response('/attributes/a', { x: 1, y: 2 }), { x: 1 }],
    ['of a value that is no object', response('/attributes/a', 5), 5],
    [
      'of a policy',
      response(
        '/',
        { policyId: 'ns:p', entries: { one: { subjects: { 'a:b': {} }, resources: {} } } },
        'ns/p/policies',
      ),
      { policyId: 'ns:p', entries: { one: { subjects: { 'a:b': {} } } } },
    ],
  ])('%s, in a response', (_name, signal, value) => {
    expect(restrictResponse(signal, enforcer(rules), [SUBJECT])).toEqual({
      ...signal,
      adaptable: { ...signal.adaptable, value },
    });
  });

  test.each<[string, Signal]>([
    [
      'a change',
      signalFromAdaptable(
        parseAdaptable({
          topic: 'ns/t/things/twin/commands/modify',
          path: '/attributes',
          value: { b: 1 },
          status: 201,
        }),
      ),
    ],
    [
      'several things',
      signalFromAdaptable(
        parseAdaptable({
          topic: '_/_/things/twin/commands/retrieve',
          path: '/',
          value: [thing],
          status: 200,
        }),
      ),
    ],
    [
      'an error',
      signalFromAdaptable(
        parseAdaptable({
          topic: 'ns/t/things/twin/errors',
          path: '/',
          value: { error: 'a:b', status: 404, message: 'm' },
          status: 404,
        }),
      ),
    ],
  ])('the answer to %s stays as it is', (_name, signal) => {
    expect(restrictResponse(signal, enforcer(rules), [SUBJECT])).toBe(signal);
  });
});
