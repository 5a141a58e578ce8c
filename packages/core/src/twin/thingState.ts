import { isJsonObject, type JsonObject, type JsonValue } from '../json/jsonValue.ts';
import { mergedAt } from '../json/mergePatch.ts';
import { memberOf, objectOf, withoutValueAt, withValueAt } from '../json/valueAt.ts';
import { keysOf } from '../placeholders/thingOfSignal.ts';
import { put } from '../protocol/dittoHeaders.ts';
import type { Signal } from '../protocol/signal.ts';
import { absent, changeOf, counted, type TwinState } from './twinState.ts';

/** A thing of the twin, as its events have made it. */
export interface ThingState extends TwinState {
  /** thingId, policyId, definition, attributes, features, in this order; {} unless active. Never changed in place. */
  readonly thing: JsonObject;
}

export const absentThing: ThingState = Object.freeze({ ...absent, thing: Object.freeze({}) });

const THING_FIELDS: readonly string[] = ['thingId', 'policyId', 'definition', 'attributes', 'features'];
const FEATURE_FIELDS: readonly string[] = ['definition', 'properties', 'desiredProperties'];

/**
 * The state after an event (things/service/.../persistence/actors/strategies/events/*Strategy.java). Never throws and never
 * judges; an event that it does not know only counts.
 */
export function evolveThing(state: ThingState, event: Signal): ThingState {
  const { path, timestamp } = event.adaptable;
  const keys = keysOf(path);
  const change = changeOf(event);
  const next = counted(state, event);
  if (change === undefined) return next;
  if (keys.length === 0 && change === 'Deleted')
    return { ...next, lifecycle: 'deleted', thing: absentThing.thing };
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
