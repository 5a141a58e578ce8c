import { isJsonObject, type JsonObject, type JsonValue } from '../json/jsonValue.ts';
import { keysOf } from '../placeholders/thingOfSignal.ts';
import type { Signal } from '../protocol/signal.ts';
import { placeAt, withValueAtPlace } from './policyPlace.ts';

/** A policy of the twin, as its events have made it. */
export interface PolicyState {
  readonly lifecycle: 'absent' | 'active' | 'deleted';
  /** policyId, imports, entries, in this order; {} unless active. Never changed in place. */
  readonly policy: JsonObject;
  /** Of the last event; goes on after a delete. */
  readonly revision: number;
  /** ISO-8601 instants. */
  readonly created: string | undefined;
  readonly modified: string | undefined;
}

export const absentPolicy: PolicyState = Object.freeze({
  lifecycle: 'absent',
  policy: Object.freeze({}),
  revision: 0,
  created: undefined,
  modified: undefined,
});

/** What an event did to its path, by the end of its type. */
const CHANGE = /(Created|Modified|Deleted)$/;

/**
 * The state after an event (policies/service/.../persistence/actors/strategies/events/*Strategy.java). Never throws and
 * never judges; an event that it does not know only counts.
 */
export function evolvePolicy(state: PolicyState, event: Signal): PolicyState {
  const { path, revision, timestamp, value } = event.adaptable;
  const keys = keysOf(path);
  const change = CHANGE.exec(event.type)?.[1];
  const next = {
    revision: revision === undefined ? state.revision + 1 : Number(revision),
    modified: timestamp ?? state.modified,
  };
  if (keys.length === 0 && change === 'Deleted')
    return { ...next, lifecycle: 'deleted', policy: absentPolicy.policy, created: state.created };
  return {
    ...next,
    lifecycle: 'active',
    policy: change === undefined ? state.policy : changed(state.policy, event, keys, value),
    created: keys.length === 0 && change === 'Created' ? timestamp : state.created,
  };
}

function changed(
  policy: JsonObject,
  { entityId }: Signal,
  keys: readonly string[],
  value: JsonValue | undefined,
): JsonObject {
  if (keys.length === 0) return storedPolicy(isJsonObject(value) ? value : {}, entityId);
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
