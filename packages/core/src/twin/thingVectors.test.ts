import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { entityTagText, revisionTag } from '../headers/entityTag.ts';
import { checkPreconditions } from '../headers/preconditions.ts';
import type { JsonObject } from '../json/jsonValue.ts';
import { parseJson } from '../json/parseJson.ts';
import { stringifyJson } from '../json/stringifyJson.ts';
import { keysOf } from '../placeholders/thingOfSignal.ts';
import { adaptableToJson, parseAdaptable } from '../protocol/adaptable.ts';
import { canonicalFields } from '../protocol/fieldSelector.ts';
import type { Signal } from '../protocol/signal.ts';
import { adaptableFromSignal } from '../signals/adaptableFromSignal.ts';
import { definitionsOf } from '../signals/definitionTable.ts';
import { signalFromAdaptable } from '../signals/signalFromAdaptable.ts';
import { signalJson } from '../signals/signalJson.ts';
import { thingResourceAt } from '../signals/thingResources.ts';
import { thingEvents, thingResponses } from '../signals/thingSignals.ts';
import { decideThing } from './decideThing.ts';
import { tooLarge } from './entityLimits.ts';
import { selectedThing } from './retrieveThingFields.ts';
import { alreadyEqual, conditionFailed, thingConflict, thingNotFound } from './thingErrors.ts';
import { partNotFound, type ThingPart } from './thingPartNotFound.ts';
import { absentThing, evolveThing, type ThingState } from './thingState.ts';
import { tagAt } from './thingTags.ts';

/* What Ditto's own model answered for the same input; the files name its classes. */

function vectors<T>(name: string): readonly T[] {
  const file = new URL(`../../../testkit/vectors/twin/${name}.json`, import.meta.url);
  const { cases } = parseJson(readFileSync(file, 'utf8')) as { readonly cases?: unknown };
  return cases as readonly T[];
}

interface ErrorCase {
  readonly part: string;
  readonly path: string;
  readonly thingId: string;
  readonly size?: number;
  readonly header?: string;
  readonly expected?: string;
  readonly actual?: string;
  readonly error: JsonObject;
}

function thrownBy(run: () => void): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

function errorOf({ part, path, thingId, size = 0, header, expected = '', actual }: ErrorCase): unknown {
  switch (part) {
    case 'thing':
      return thingNotFound(thingId);
    case 'conflict':
      return thingConflict(thingId);
    case 'condition':
      return conditionFailed();
    case 'toolarge':
      return tooLarge('thing', size, 102_400);
    case 'notmodified':
      return thrownBy(() =>
        checkPreconditions('QUERY', { 'if-none-match': '"rev:2"' }, revisionTag(2), 'thing'),
      );
    case 'failed': {
      const tag =
        actual === undefined || actual === 'null' ? undefined : { isWeak: false, opaqueTag: actual };
      return thrownBy(() => checkPreconditions('MODIFY', { [header ?? '']: expected }, tag, 'thing'));
    }
    default:
      return partNotFound(part as ThingPart, thingId, keysOf(path));
  }
}

describe('an error', () => {
  test.each(vectors<ErrorCase>('things-errors').map((vector) => [vector.part, vector.path, vector] as const))(
    '%s at %s',
    (_part, _path, vector) => {
      expect((errorOf(vector) as { toJson(): JsonObject }).toJson()).toEqual(vector.error);
    },
  );

  test('of a change that changes nothing says that this was wanted', () => {
    expect(alreadyEqual()).toMatchObject({ status: 412, code: 'things:precondition.failed' });
  });
});

interface SequenceCase {
  readonly thingId: string;
  readonly policyId: string;
  readonly steps: readonly {
    readonly event: { readonly type: string; readonly path: string; readonly value?: JsonObject };
    readonly thing: JsonObject;
    /** By paths with bars for slashes; of attributes, the first level only. */
    readonly tags: Readonly<Record<string, string>>;
  }[];
}

const event = (type: string, path: string, value: JsonObject | undefined, entityId: string): Signal =>
  ({ type, entityId, adaptable: { path, value, timestamp: '2026-11-30T20:00:00Z' } }) as unknown as Signal;

describe('a sequence of events', () => {
  test.each(vectors<SequenceCase>('things-sequences').map((vector, index) => [index, vector] as const))(
    '%d makes the thing that it makes in Ditto, with the same tags',
    (_index, { thingId, policyId, steps }) => {
      const first = event('things.events:thingCreated', '/', { thingId, policyId }, thingId);
      let state = evolveThing(absentThing, first);
      for (const step of steps) {
        state = evolveThing(state, event(step.event.type, step.event.path, step.event.value, thingId));
        expect(stringifyJson(state.thing)).toBe(stringifyJson(step.thing));
        expect(tagsOf(state, Object.keys(step.tags))).toEqual(step.tags);
      }
      expect(state.revision).toBe(steps.length + 1);
    },
  );
});

const tagsOf = (state: ThingState, paths: readonly string[]) =>
  Object.fromEntries(
    paths.map((path) => {
      const keys = keysOf(path.replaceAll('|', '/'));
      const tag = tagAt(state, thingResourceAt(keys) ?? '', keys, false);
      return [path, tag && entityTagText(tag)];
    }),
  );

interface FieldsCase {
  readonly fields: string;
  readonly thing: JsonObject;
  readonly selected: JsonObject;
}

describe('the fields of a thing', () => {
  test.each(vectors<FieldsCase>('things-fields').map((vector) => [vector.fields, vector] as const))(
    '%s',
    (_fields, { fields, thing, selected }) => {
      const state: ThingState = {
        lifecycle: 'active',
        thing,
        revision: 7,
        created: '2026-11-29T20:00:00.500Z',
        modified: '2026-11-30T20:00:00Z',
      };
      expect(stringifyJson(selectedThing(thing, state, canonicalFields(fields)))).toBe(
        stringifyJson(selected),
      );
    },
  );
});

interface SignalCase {
  readonly name: string;
  readonly thing: JsonObject | null;
  readonly command: JsonObject;
  readonly event?: { readonly message: JsonObject; readonly json: JsonObject };
  readonly response: { readonly message: JsonObject; readonly json: JsonObject };
}

const stateOf = (thing: JsonObject | null): ThingState =>
  thing === null
    ? absentThing
    : {
        lifecycle: 'active',
        thing,
        revision: 6,
        created: '2026-11-29T20:00:00Z',
        modified: '2026-11-29T21:00:00Z',
      };

const messageOf = (signal: Signal): JsonObject => adaptableToJson(adaptableFromSignal(signal));

/** What is left when a signal was read from its message: headers of the inside are not told outside. */
const withoutHeaders = ({ headers: _, adaptable: { headers: __, ...adaptable }, ...signal }: Signal) => ({
  ...signal,
  adaptable,
});

describe('the event and the response of a command', () => {
  const cases = vectors<SignalCase>('things-signals');
  test.each(cases.map((vector) => [vector.name, vector] as const))('%s', (_name, vector) => {
    const command = signalFromAdaptable(parseAdaptable(vector.command));
    const decision = decideThing(command, stateOf(vector.thing), '2026-11-30T20:00:00Z');
    for (const kind of ['event', 'response'] as const) {
      const signal = decision[kind];
      const expected = vector[kind];
      expect(signal === undefined).toBe(expected === undefined);
      if (signal === undefined || expected === undefined) continue;
      expect(messageOf(signal)).toEqual(expected.message);
      expect(signalJson(signal)).toEqual(expected.json);
      const read = signalFromAdaptable(parseAdaptable(expected.message));
      expect(withoutHeaders(signal)).toEqual(withoutHeaders(read));
    }
  });

  test('of every type was asked for', () => {
    const told = cases.flatMap(({ event: made, response }) => [made?.json['type'], response.json['type']]);
    const all = definitionsOf(thingEvents, thingResponses).map(({ type }) => type);
    expect(all.filter((type) => !told.includes(type))).toEqual([]);
  });
});
