import type { JsonObject, JsonValue } from '../json/jsonValue.ts';
import { objectOf } from '../json/valueAt.ts';
import { keysOf } from '../placeholders/thingOfSignal.ts';
import type { Signal } from '../protocol/signal.ts';
import { placeAt, withValueAtPlace } from './policyPlace.ts';
import { absent, changeOf, counted, type TwinState } from './twinState.ts';

/** A policy of the twin, as its events have made it. */
export interface PolicyState extends TwinState {
  /** policyId, imports, entries, in this order; {} unless active. Never changed in place. */
  readonly policy: JsonObject;
}

export const absentPolicy: PolicyState = Object.freeze({ ...absent, policy: Object.freeze({}) });

/**
 * The state after an event (policies/service/.../persistence/actors/strategies/events/*Strategy.java). Never throws and
 * never judges; an event that it does not know only counts.
 */
export function evolvePolicy(state: PolicyState, event: Signal): PolicyState {
  const { path, timestamp, value } = event.adaptable;
  const keys = keysOf(path);
  const change = changeOf(event);
  const next = counted(state, event);
  if (change === undefined) return next;
  if (keys.length === 0 && change === 'Deleted')
    return { ...next, lifecycle: 'deleted', policy: absentPolicy.policy };
  return {
    ...next,
    lifecycle: 'active',
    policy: changed(state.policy, event, keys, value),
    created: keys.length === 0 && change === 'Created' ? timestamp : state.created,
  };
}

function changed(
  policy: JsonObject,
  { entityId }: Signal,
  keys: readonly string[],
  value: JsonValue | undefined,
): JsonObject {
  if (keys.length === 0) return storedPolicy(objectOf(value), entityId);
  // imports are always there, if only as an empty object
  const without = keys.length === 1 ? {} : undefined;
  return withValueAtPlace(policy, placeAt(keys), value ?? without);
}

/** A whole policy as it is stored; what an event tells beside, like the namespace, goes. */
export const storedPolicy = (
  { policyId, imports, entries }: JsonObject,
  entityId: string | undefined,
): JsonObject => ({
  policyId: entityId ?? policyId,
  imports: imports ?? {},
  entries: entries ?? {},
});
