import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isDittoError } from '../errors/dittoError.ts';
import { deepFrozen } from '../json/deepFrozen.ts';
import type { JsonObject, JsonValue } from '../json/jsonValue.ts';
import { parseAdaptable } from '../protocol/adaptable.ts';
import type { Signal } from '../protocol/signal.ts';
import { signalFromAdaptable } from '../signals/signalFromAdaptable.ts';
import { signalFromJson, signalJson } from '../signals/signalJson.ts';
import { decideThing } from './decideThing.ts';
import { absentThing, evolveThing, type ThingState } from './thingState.ts';

/* Random commands, one after another, against a naive model of a thing that is changed in place. */

const ID = 'a:b';
const key = fc.constantFrom('a', 'b', '__proto__', 'constructor', 'x~y');
const pointer = fc.array(key, { minLength: 1, maxLength: 3 }).map((keys) => `/${keys.map(tilde).join('/')}`);
const tilde = (name: string) => name.replaceAll('~', '~0');
const leaf = fc.oneof(fc.integer(), fc.constant(null), fc.constant('text'), fc.constant([{ a: null }]));
const tree = fc.letrec<{ value: JsonValue; object: JsonObject }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, leaf, tie('object')),
  object: fc.dictionary(key, tie('value'), { maxKeys: 3 }),
}));
const definition = fc.constantFrom('n:d:1', 'n:d:2');
const feature = fc.record(
  { definition: definition.map((id) => [id]), properties: tree.object, desiredProperties: tree.object },
  { requiredKeys: [] },
);
const features = fc.dictionary(key, feature, { maxKeys: 2 });
const thing = fc.record(
  { policyId: fc.constantFrom('a:p', 'a:q'), definition, attributes: tree.object, features },
  { requiredKeys: [] },
);

const at = <T>(path: fc.Arbitrary<string>, value: fc.Arbitrary<T>) => fc.tuple(path, value);
const ofFeature = (part: string) => key.map((id) => `/features/${tilde(id)}${part}`);
const under = (part: string) => fc.tuple(ofFeature(part), pointer).map((parts) => parts.join(''));
const place: fc.Arbitrary<readonly [string, JsonValue]> = fc.oneof(
  at(fc.constant('/'), thing),
  at(fc.constant('/policyId'), fc.constantFrom('a:p', 'a:q')),
  at(fc.constant('/definition'), definition),
  at(fc.constant('/attributes'), tree.object),
  at(
    pointer.map((path) => `/attributes${path}`),
    tree.value,
  ),
  at(fc.constant('/features'), features),
  at(ofFeature(''), feature),
  at(
    ofFeature('/definition'),
    definition.map((id) => [id]),
  ),
  at(ofFeature('/properties'), tree.object),
  at(under('/properties'), tree.value),
  at(ofFeature('/desiredProperties'), tree.object),
  at(under('/desiredProperties'), tree.value),
) as fc.Arbitrary<readonly [string, JsonValue]>;

interface Step {
  readonly action: string;
  readonly path: string;
  readonly value: JsonValue;
}

const step: fc.Arbitrary<Step> = fc
  .tuple(fc.constantFrom('create', 'modify', 'modify', 'merge', 'merge', 'delete', 'retrieve'), place)
  .map(([action, [path, value]]) => ({ action, path: action === 'create' ? '/' : path, value }));

const BIRTH: Step = { action: 'create', path: '/', value: { policyId: 'a:p', features: { a: {} } } };

function commandOf({ action, path, value }: Step): Signal | undefined {
  const hasValue = action !== 'delete' && action !== 'retrieve';
  const message = {
    topic: `a/b/things/twin/commands/${action}`,
    headers: action === 'merge' ? { 'content-type': 'application/merge-patch+json' } : {},
    path,
    ...(hasValue ? { value } : {}),
  };
  return refused(() => signalFromAdaptable(parseAdaptable(message)));
}

/** Undefined where a Ditto error is thrown; nothing else may be. */
function refused<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (isDittoError(error)) return undefined;
    throw error;
  }
}

type Model = Map<string, unknown>;

const modelOf = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? new Map(Object.entries(value).map(([name, member]) => [name, modelOf(member)]))
    : value;

function parentOf(model: Model, keys: readonly string[], isMade: boolean): Model | undefined {
  let parent = model;
  for (const name of keys.slice(0, -1)) {
    let child = parent.get(name);
    if (!(child instanceof Map)) {
      if (!isMade) return undefined;
      child = new Map();
      parent.set(name, child);
    }
    parent = child as Model;
  }
  return parent;
}

function mergeInto(target: Model, name: string, patch: unknown): void {
  if (patch === null) target.delete(name);
  else if (!(patch instanceof Map)) target.set(name, patch);
  else {
    if (!(target.get(name) instanceof Map)) target.set(name, new Map());
    for (const [inner, change] of patch) mergeInto(target.get(name) as Model, inner, change);
  }
}

/** What a command that was carried out makes of the thing; undefined: no thing. */
function applied(model: Model | undefined, command: Signal): Model | undefined {
  const action = command.adaptable.topic.action;
  const keys = command.adaptable.path
    .split('/')
    .filter(Boolean)
    .map((name) => name.replaceAll('~0', '~'));
  const value = modelOf(command.adaptable.value) as Model;
  if (action === 'delete' && keys.length === 0) return undefined;
  const root: Model = new Map([['', model ?? new Map()]]);
  const path = ['', ...keys];
  const name = path.at(-1) ?? '';
  if (action === 'delete') parentOf(root, path, false)?.delete(name);
  else if (action === 'merge') mergeInto(parentOf(root, path, true) as Model, name, value);
  else parentOf(root, path, true)?.set(name, value);
  const result = root.get('') as Model;
  if (keys.length === 0) {
    for (const special of [...result.keys()].filter((field) => field.startsWith('_'))) result.delete(special);
    result.set('thingId', ID);
    if (!result.has('policyId') && model?.has('policyId')) result.set('policyId', model.get('policyId'));
  }
  return result;
}

const stored = (event: Signal): Signal =>
  signalFromJson(JSON.parse(JSON.stringify(signalJson(event))) as JsonObject, event.headers, 'event');

test('a thing is what its events tell, and what a naive model makes of its commands', () => {
  let changes = 0;
  const run = (steps: readonly Step[]): void => {
    let state: ThingState = absentThing;
    let recovered: ThingState = absentThing;
    let model: Model | undefined;
    for (const [index, one] of [BIRTH, ...steps].entries()) {
      const command = commandOf(one);
      if (command === undefined) continue;
      const now = new Date(1_796_000_000_000 + index).toISOString();
      const decision = refused(() => decideThing(deepFrozen(command), deepFrozen(state), now));
      if (decision?.event === undefined) continue;
      changes++;
      state = evolveThing(state, decision.event);
      recovered = evolveThing(recovered, stored(decision.event));
      model = applied(model, command);
      expect(state.lifecycle).toBe(model === undefined ? 'deleted' : 'active');
      expect(modelOf(state.thing)).toEqual(model ?? new Map());
      expect(recovered).toEqual(state);
    }
    expect(({} as Record<string, unknown>)['a']).toBeUndefined();
  };
  fc.assert(fc.property(fc.array(step, { minLength: 5, maxLength: 25 }), run), { numRuns: 200 });
  expect(changes).toBeGreaterThan(1000);
});

test('an event that is not known only counts; one without its parts or out of order does no harm', () => {
  const event = (type: string, path: string, value?: JsonValue): Signal =>
    ({ type, entityId: ID, adaptable: { path, value } }) as unknown as Signal;
  const unknown = event('things.events:thingSung', '/', { a: 1 });
  expect(evolveThing(absentThing, unknown)).toEqual({ ...absentThing, revision: 1 });
  const early = [
    event('things.events:attributeModified', '/attributes/a/b', 1),
    event('things.events:featurePropertyDeleted', '/features/f/properties/p'),
    event('things.events:thingMerged', '/', 'no object'),
    event('things.events:attributesModified', '/attributes'),
    event('things.events:thingModified', '/', 7),
  ];
  const states = early.map((one) => evolveThing(absentThing, one));
  expect(states.map(({ thing }) => thing)).toEqual([
    { attributes: { a: { b: 1 } } },
    {},
    { thingId: ID },
    {},
    { thingId: ID },
  ]);
});
