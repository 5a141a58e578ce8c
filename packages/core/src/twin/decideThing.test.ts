import { describe, expect, test } from '@jest/globals';
import { isDittoError } from '../errors/dittoError.ts';
import type { JsonObject } from '../json/jsonValue.ts';
import { parseJson } from '../json/parseJson.ts';
import { stringifyJson } from '../json/stringifyJson.ts';
import { parseAdaptable } from '../protocol/adaptable.ts';
import type { Signal } from '../protocol/signal.ts';
import { signalFromAdaptable } from '../signals/signalFromAdaptable.ts';
import { decideThing } from './decideThing.ts';
import { implicitCreate } from './thingImplicitCreate.ts';
import { absentThing, evolveThing, type ThingState } from './thingState.ts';

const NOW = '2026-11-30T20:00:00Z';
const ID = 'org.eclipse:lamp';
const IDS = { thingId: ID, policyId: 'org.eclipse:p' };

type Action = 'create' | 'modify' | 'merge' | 'delete' | 'retrieve';

interface Extras {
  readonly headers?: JsonObject;
  readonly fields?: string;
}

/** `value` as JSON text. */
function command(
  action: Action,
  path: string,
  value?: string,
  { headers = {}, fields }: Extras = {},
): Signal {
  const patch = action === 'merge' ? { 'content-type': 'application/merge-patch+json' } : {};
  const message = {
    topic: `org.eclipse/lamp/things/twin/commands/${action}`,
    headers: { 'correlation-id': 'c', ...patch, ...headers },
    path,
    ...(value === undefined ? {} : { value: parseJson(value) }),
    ...(fields === undefined ? {} : { fields }),
  };
  return signalFromAdaptable(parseAdaptable(message));
}

const active = (thing: JsonObject): ThingState => ({
  lifecycle: 'active',
  thing,
  revision: 6,
  created: '2026-11-29T20:00:00Z',
  modified: '2026-11-29T21:00:00Z',
});

const STATES = {
  absent: absentThing,
  empty: active(IDS),
  bare: active({ ...IDS, attributes: {}, features: { f: {} } }),
  full: active({
    ...IDS,
    definition: 'a:b:1',
    attributes: { a: { b: 1 } },
    features: {
      f: { definition: ['a:b:1'], properties: { p: { q: 1 } }, desiredProperties: { p: { q: 2 } } },
    },
  }),
};

function outcome(signal: Signal, state: ThingState): string {
  try {
    const { event, response } = decideThing(signal, state, NOW);
    return [response.status, event?.type.replace('things.events:', '')].filter(Boolean).join(' ');
  } catch (error) {
    if (isDittoError(error)) return error.code.replace('things:', '');
    throw error;
  }
}

type Row = readonly [absent: string, empty: string, bare: string, full: string];

interface Resource {
  readonly value: string;
  readonly modify: Row;
  readonly merge: Row;
  readonly delete?: Row;
  readonly retrieve: Row;
}

const NONE = 'thing.notfound';
const MERGED: Row = [NONE, '204 thingMerged', '204 thingMerged', '204 thingMerged'];

/** A part of a feature, that is missing at `notFound`. */
const partOfFeature = (name: string, notFound: string, value: string, retrieved = notFound): Resource => ({
  value,
  modify: [NONE, 'feature.notfound', `201 ${name}Created`, `204 ${name}Modified`],
  merge: MERGED,
  delete: [NONE, 'feature.notfound', notFound, `204 ${name}Deleted`],
  retrieve: [NONE, 'feature.notfound', retrieved, '200'],
});

const RESOURCES: Readonly<Record<string, Resource>> = {
  '/': {
    value: JSON.stringify({ policyId: 'org.eclipse:p' }),
    modify: ['201 thingCreated', '204 thingModified', '204 thingModified', '204 thingModified'],
    merge: ['201 thingCreated', '204 thingMerged', '204 thingMerged', '204 thingMerged'],
    delete: [NONE, '204 thingDeleted', '204 thingDeleted', '204 thingDeleted'],
    retrieve: [NONE, '200', '200', '200'],
  },
  '/policyId': {
    value: '"org.eclipse:q"',
    modify: [NONE, '204 policyIdModified', '204 policyIdModified', '204 policyIdModified'],
    merge: MERGED,
    retrieve: [NONE, '200', '200', '200'],
  },
  '/definition': {
    value: '"a:b:2"',
    modify: [NONE, '201 definitionCreated', '201 definitionCreated', '204 definitionModified'],
    merge: MERGED,
    delete: [NONE, 'definition.notfound', 'definition.notfound', '204 definitionDeleted'],
    retrieve: [NONE, 'definition.notfound', 'definition.notfound', '200'],
  },
  '/attributes': {
    value: '{"x":null}',
    modify: [NONE, '201 attributesCreated', '204 attributesModified', '204 attributesModified'],
    merge: MERGED,
    delete: [NONE, 'attributes.notfound', '204 attributesDeleted', '204 attributesDeleted'],
    retrieve: [NONE, 'attributes.notfound', '200', '200'],
  },
  '/attributes/a/b': {
    value: 'null',
    modify: [NONE, '201 attributeCreated', '201 attributeCreated', '204 attributeModified'],
    merge: MERGED,
    delete: [NONE, 'attribute.notfound', 'attribute.notfound', '204 attributeDeleted'],
    retrieve: [NONE, 'attributes.notfound', 'attribute.notfound', '200'],
  },
  '/features': {
    value: '{"g":{}}',
    modify: [NONE, '201 featuresCreated', '204 featuresModified', '204 featuresModified'],
    merge: MERGED,
    delete: [NONE, 'features.notfound', '204 featuresDeleted', '204 featuresDeleted'],
    retrieve: [NONE, 'features.notfound', '200', '200'],
  },
  '/features/f': {
    value: '{"properties":{"p":1}}',
    modify: [NONE, '201 featureCreated', '204 featureModified', '204 featureModified'],
    merge: MERGED,
    delete: [NONE, 'feature.notfound', '204 featureDeleted', '204 featureDeleted'],
    retrieve: [NONE, 'feature.notfound', '200', '200'],
  },
  '/features/f/definition': partOfFeature('featureDefinition', 'feature.definition.notfound', '["a:b:2"]'),
  '/features/f/properties': partOfFeature('featureProperties', 'feature.properties.notfound', '{}'),
  '/features/f/properties/p/q': partOfFeature(
    'featureProperty',
    'feature.property.notfound',
    '7',
    'feature.properties.notfound',
  ),
  '/features/f/desiredProperties': partOfFeature(
    'featureDesiredProperties',
    'feature.desiredProperties.notfound',
    '{}',
  ),
  '/features/f/desiredProperties/p/q': partOfFeature(
    'featureDesiredProperty',
    'feature.desiredProperty.notfound',
    '[]',
    'feature.desiredProperties.notfound',
  ),
};

const actions = ['modify', 'merge', 'delete', 'retrieve'] as const;

describe.each(Object.entries(RESOURCES))('%s', (path, resource) => {
  test.each(
    actions.flatMap((action) => {
      const row = resource[action];
      return row === undefined ? [] : [[action, row] as const];
    }),
  )('%s: thing missing, without parts, parent there, there', (action, row) => {
    const value = action === 'modify' || action === 'merge' ? resource.value : undefined;
    const outcomes = Object.values(STATES).map((state) => outcome(command(action, path, value), state));
    expect(outcomes).toEqual(row);
  });

  test.each(['modify', 'merge'] as const)('the event of %s has its path and value', (action) => {
    const { event } = decideThing(command(action, path, resource.value), STATES.full, NOW);
    const whole = path === '/' && action === 'modify' ? { thingId: ID } : undefined;
    const value = parseJson(resource.value);
    const expected = whole === undefined ? value : { ...whole, ...(value as JsonObject) };
    expect(event?.adaptable).toMatchObject({ path, revision: 7, timestamp: NOW, value: expected });
  });

  test('what was modified is retrieved', () => {
    const { event } = decideThing(command('modify', path, resource.value), STATES.full, NOW);
    const state = evolveThing(STATES.full, event as Signal);
    const { response } = decideThing(command('retrieve', path), state, NOW);
    expect(response.adaptable.value).toEqual(event?.adaptable.value);
    expect(response.headers).toMatchObject({ 'entity-revision': '7' });
  });
});

describe('a whole thing', () => {
  test('is created once, and again after it was deleted, its revision going on', () => {
    const create = command('create', '/', '{"attributes":{"a":1}}');
    const born = evolveThing(absentThing, decideThing(create, absentThing, NOW).event as Signal);
    expect(born).toMatchObject({ lifecycle: 'active', revision: 1, created: NOW, modified: NOW });
    expect(outcome(create, born)).toBe('thing.conflict');
    const gone = evolveThing(
      born,
      decideThing(command('delete', '/'), born, '2026-12-01T00:00:00Z').event as Signal,
    );
    expect(gone).toMatchObject({ lifecycle: 'deleted', thing: {}, revision: 2 });
    expect(outcome(command('retrieve', '/attributes'), gone)).toBe(NONE);
    expect(outcome(command('delete', '/'), gone)).toBe(NONE);
    const again = decideThing(create, gone, '2026-12-02T00:00:00Z');
    expect(again.response.headers['etag']).toBe('"rev:3"');
    expect(evolveThing(gone, again.event as Signal)).toMatchObject({
      lifecycle: 'active',
      revision: 3,
      created: '2026-12-02T00:00:00Z',
    });
  });

  test('that has no policy yet is told one as a change: such a part is never created', () => {
    const withoutPolicy = active({ thingId: ID });
    expect(outcome(command('modify', '/policyId', '"a:p"'), withoutPolicy)).toBe('204 policyIdModified');
    expect(outcome(command('retrieve', '/policyId'), withoutPolicy)).toBe('policyId.notfound');
  });

  test('keeps its policy when it is modified without one, in the event too; all else goes', () => {
    const { event } = decideThing(command('modify', '/', '{"definition":"x:y:1"}'), STATES.full, NOW);
    const expected = { ...IDS, definition: 'x:y:1' };
    expect(event?.adaptable.value).toEqual(expected);
    expect(evolveThing(STATES.full, event as Signal)).toMatchObject({
      thing: expected,
      created: '2026-11-29T20:00:00Z',
      modified: NOW,
    });
  });

  test('is stored without what is told of its policy and without fields of its state', () => {
    const value =
      '{"_policy":{"entries":{}},"_revision":99,"_created":"2020-01-01T00:00:00Z","attributes":{"_a":1}}';
    const { event, response } = decideThing(command('create', '/', value), absentThing, NOW);
    const expected = { thingId: ID, attributes: { _a: 1 } };
    expect([event?.adaptable.value, response.adaptable.value]).toEqual([expected, expected]);
  });

  test('a merged thing is told without what the patch tells of its policy', () => {
    const merge = command('merge', '/', '{"attributes":{"c":1},"_policy":{"entries":{}}}');
    const { event } = decideThing(merge, STATES.full, NOW);
    expect(event?.adaptable.value).toEqual({ attributes: { c: 1 } });
    const created = decideThing(merge, absentThing, NOW).event;
    expect(created?.adaptable.value).toEqual({ thingId: ID, attributes: { c: 1 } });
    expect(implicitCreate(merge, absentThing).adaptable.value).toEqual({
      attributes: { c: 1 },
      _policy: { entries: {} },
    });
  });

  test('that is merged into nothing is told without nulls, at any depth', () => {
    const patch =
      '{"policyId":"a:b","attributes":{"x":null,"y":{"z":null,"w":[null]}},"features":{"f":null}}';
    const { event } = decideThing(command('merge', '/', patch), absentThing, NOW);
    expect(event?.adaptable.value).toEqual({
      thingId: ID,
      policyId: 'a:b',
      attributes: { y: { w: [null] } },
      features: {},
    });
  });

  test('shows its regular fields only, or what is selected', () => {
    const shown = (fields?: string) => {
      const extras = fields === undefined ? {} : { fields };
      return decideThing(command('retrieve', '/', undefined, extras), STATES.full, NOW).response.adaptable
        .value;
    };
    expect(Object.keys(shown() as JsonObject)).toEqual([
      'thingId',
      'policyId',
      'definition',
      'attributes',
      'features',
    ]);
    expect(shown('_revision,_modified,_created,_namespace,attributes/a,features/*/definition')).toEqual({
      _revision: 6,
      _modified: '2026-11-29T21:00:00Z',
      _created: '2026-11-29T20:00:00Z',
      _namespace: 'org.eclipse',
      attributes: { a: { b: 1 } },
      features: { f: { definition: ['a:b:1'] } },
    });
  });

  test('shows the selected fields of its parts', () => {
    const retrieve = command('retrieve', '/features/f', undefined, { fields: 'properties/p' });
    expect(decideThing(retrieve, STATES.full, NOW).response.adaptable.value).toEqual({
      properties: { p: { q: 1 } },
    });
  });
});

describe('limits', () => {
  const text = (length: number) => JSON.stringify('x'.repeat(length));
  const overhead = stringifyJson({ ...IDS, attributes: { a: '' } }).length;

  test.each([
    [102_400 - overhead, '201 attributeCreated'],
    [102_401 - overhead, 'thing.toolarge'],
  ])('an attribute of %d characters: %s', (length, expected) => {
    expect(outcome(command('modify', '/attributes/a', text(length)), STATES.empty)).toBe(expected);
  });

  test('a thing that is too large can be made smaller, and is not merged into', () => {
    const large = active({ ...IDS, attributes: { a: 'x'.repeat(103_000), b: 1 } });
    expect(outcome(command('delete', '/attributes/a'), large)).toBe('204 attributeDeleted');
    expect(outcome(command('delete', '/attributes/b'), large)).toBe('204 attributeDeleted');
    expect(outcome(command('merge', '/attributes/c', '1'), large)).toBe('thing.toolarge');
  });

  test('no deeper than what is read again', () => {
    const at = (depth: number) => `/attributes${'/a'.repeat(depth)}`;
    expect(outcome(command('modify', at(189), '1'), STATES.empty)).toBe('201 attributeCreated');
    expect(outcome(command('modify', at(190), '1'), STATES.empty)).toBe('json.invalid');
    expect(outcome(command('merge', at(30_000), '1'), STATES.empty)).toBe('json.invalid');
    expect(outcome(command('modify', at(180), '[[[[[[[[[[1]]]]]]]]]]'), STATES.empty)).toBe('json.invalid');
  });
});

test('numbers and hostile keys are kept as they came', () => {
  const value = '{"n":12345678901234567890,"__proto__":{"polluted":1},"constructor":0.1}';
  const path = '/attributes/__proto__/x';
  const { event, response } = decideThing(command('modify', path, value), STATES.empty, NOW);
  expect(stringifyJson(response.adaptable.value)).toBe(value);
  const state = evolveThing(STATES.empty, event as Signal);
  expect(stringifyJson(state.thing)).toBe(
    `{"thingId":"${ID}","policyId":"org.eclipse:p","attributes":{"__proto__":{"x":${value}}}}`,
  );
  const merged = decideThing(command('merge', path, '{"__proto__":{"b":2}}'), state, NOW).event as Signal;
  const retrieved = decideThing(command('retrieve', `${path}/__proto__`), evolveThing(state, merged), NOW);
  expect(retrieved.response.adaptable.value).toEqual({ polluted: 1, b: 2 });
  expect(outcome(command('retrieve', '/attributes/toString'), state)).toBe('attribute.notfound');
  expect(outcome(command('retrieve', '/features/constructor'), STATES.full)).toBe('feature.notfound');
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test('a command that the twin does not know is refused', () => {
  const migrate = signalFromAdaptable(
    parseAdaptable({
      topic: 'org.eclipse/lamp/things/twin/commands/migrate',
      path: '/',
      value: { thingDefinitionUrl: 'https://x.org/tm' },
    }),
  );
  expect(outcome(migrate, STATES.full)).toBe('protocoladapter:unknown.topicpath');
});

test('an event carries the headers of its command, but for its conditions', () => {
  const headers = {
    'If-Match': '*',
    'if-none-match': '"x"',
    'if-equal': 'update',
    condition: 'exists(attributes/a)',
    'requested-acks': ['twin-persisted'],
    'response-required': true,
    own: 'x',
  };
  const { event } = decideThing(command('modify', '/attributes/a', '1', { headers }), STATES.full, NOW);
  expect(event?.headers).toEqual({
    'correlation-id': 'c',
    'requested-acks': '["twin-persisted"]',
    'ditto-entity-id': `thing:${ID}`,
    own: 'x',
    'response-required': 'false',
    'entity-revision': '7',
  });
});
