import { isJsonObject, type JsonObject, type JsonValue } from '../json/jsonValue.ts';
import { mergedAt } from '../json/mergePatch.ts';
import { memberOf, objectOf, withoutValueAt, withValueAt } from '../json/valueAt.ts';
import { keysOf } from '../placeholders/thingOfSignal.ts';
import { put } from '../protocol/dittoHeaders.ts';
import type { Signal } from '../protocol/signal.ts';

/** A thing of the twin, as its events have made it. */
export interface ThingState {
  readonly lifecycle: 'absent' | 'active' | 'deleted';
  /** thingId, policyId, definition, attributes, features, in this order; {} unless active. Never changed in place. */
  readonly thing: JsonObject;
  /** Of the last event; goes on after a delete. */
  readonly revision: number;
  /** ISO-8601 instants. */
  readonly created: string | undefined;
  readonly modified: string | undefined;
}

export const absentThing: ThingState = Object.freeze({
  lifecycle: 'absent',
  thing: Object.freeze({}),
  revision: 0,
  created: undefined,
  modified: undefined,
});

const THING_FIELDS: readonly string[] = ['thingId', 'policyId', 'definition', 'attributes', 'features'];
const FEATURE_FIELDS: readonly string[] = ['definition', 'properties', 'desiredProperties'];

/** What an event did to its path, by the end of its type. */
const CHANGE = /(Created|Modified|Deleted|Merged)$/;

/**
 * The state after an event (things/service/.../persistence/actors/strategies/events/*Strategy.java). Never throws and never
 * judges; an event that it does not know only counts.
 */
export function evolveThing(state: ThingState, event: Signal): ThingState {
  const { path, revision, timestamp } = event.adaptable;
  const keys = keysOf(path);
  const change = CHANGE.exec(event.type)?.[1];
  const next = {
    revision: revision === undefined ? state.revision + 1 : Number(revision),
    modified: timestamp ?? state.modified,
  };
  if (change === undefined) return { ...state, ...next };
  if (keys.length === 0 && change === 'Deleted')
    return { ...next, lifecycle: 'deleted', thing: absentThing.thing, created: state.created };
  const isBorn = keys.length === 0 && change === 'Created';
  return {
    ...next,
    lifecycle: 'active',
    thing: changed(state, event, keys, change),
    created: isBorn ? timestamp : state.created,
  };
}

function changed(
  { thing }: ThingState,
  { adaptable: { value }, entityId }: Signal,
  keys: readonly string[],
  change: string,
): JsonObject {
  if (change === 'Deleted') return objectOf(withoutValueAt(thing, keys));
  if (value === undefined) return thing;
  const isMerged = change === 'Merged';
  if (keys.length > 0) {
    const result = isMerged ? mergedAt(thing, keys, value) : withValueAt(thing, keys, value);
    const parts = objectOf(result);
    return keys[0] === 'features' ? inOrder(parts, keys[1]) : pick(parts, THING_FIELDS);
  }
  const whole = objectOf(isMerged ? mergedAt(thing, keys, value) : value);
  return inOrder(entityId === undefined ? whole : { ...whole, thingId: entityId });
}

/**
 * The fields of a thing in the model's order, and those of its features, or of one of them; what is no field of a thing
 * goes.
 */
export function inOrder(thing: JsonObject, featureId?: string): JsonObject {
  const ordered = pick(thing, THING_FIELDS);
  const features = memberOf(ordered, 'features');
  if (!isJsonObject(features)) return ordered;
  const ids = featureId === undefined ? Object.keys(features) : [featureId];
  const disordered = ids.filter((id) => !isOrdered(memberOf(features, id)));
  if (disordered.length === 0) return ordered;
  const result: Record<string, JsonValue | undefined> = { ...features };
  for (const id of disordered) put(result, id, pick(memberOf(features, id) as JsonObject, FEATURE_FIELDS));
  return { ...ordered, features: result };
}

function isOrdered(feature: JsonValue | undefined): boolean {
  if (!isJsonObject(feature)) return true;
  let last = -1;
  for (const key of Object.keys(feature)) {
    const place = FEATURE_FIELDS.indexOf(key);
    if (place <= last) return false;
    last = place;
  }
  return true;
}

function pick(object: JsonObject, fields: readonly string[]): JsonObject {
  const result: Record<string, JsonValue | undefined> = {};
  for (const field of fields) {
    const value = memberOf(object, field);
    if (value !== undefined) result[field] = value;
  }
  return result;
}
