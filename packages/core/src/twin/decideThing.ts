import { depthOf } from '../json/depthOf.ts';
import type { JsonValue } from '../json/jsonValue.ts';
import { isJsonObject } from '../json/jsonValue.ts';
import { memberOf, valueAt } from '../json/valueAt.ts';
import { keysOf } from '../placeholders/thingOfSignal.ts';
import { canonicalInstant } from '../protocol/instant.ts';
import { unsupportedTopic } from '../protocol/protocolErrors.ts';
import type { Signal } from '../protocol/signal.ts';
import { NULL_WHEN_MODIFIED } from '../signals/entityDefinitions.ts';
import { thingResourceAt } from '../signals/thingResources.ts';
import { checkDepth, checkSize } from './entityLimits.ts';
import { selectedPart, selectedThing } from './retrieveThingFields.ts';
import { checkConditions, withIfEqual } from './thingConditions.ts';
import { thingConflict, thingNotFound } from './thingErrors.ts';
import { implicitCreate } from './thingImplicitCreate.ts';
import { checkIsThere, checkParent, type ThingPlace } from './thingPlaces.ts';
import { type ThingChange, thingEvent, thingResponse } from './thingReplies.ts';
import { evolveThing, inOrder, type ThingState } from './thingState.ts';
import { tagAt } from './thingTags.ts';
import type { TwinDecision } from './twinDecision.ts';

/**
 * What becomes of an authorised command of the twin channel about one thing
 * (things/service/.../persistence/actors/strategies/commands/*Strategy.java). A thing that is not there is created by
 * `modify` and `merge` of the whole. The shell takes care of policies: `_policy` and the like are not stored.
 *
 * @param instant of the decision, ISO-8601
 * @throws DittoError `things:*.notfound` 404, `things:thing.conflict` 409, `things:precondition.*`, `things:condition.failed`
 *   412, `things:thing.toolarge` 413, `rql.expression.invalid`, `json.invalid` for a thing that is nested too deep,
 *   `protocoladapter:unknown.topicpath` for what is no such command
 */
export function decideThing(given: Signal, state: ThingState, instant: string): TwinDecision {
  const { adaptable, entityId } = given;
  const keys = keysOf(adaptable.path);
  const resource = thingResourceAt(keys);
  if (entityId === undefined || resource === undefined || resource === '_policy')
    throw unsupportedTopic(adaptable.topic);
  const now = canonicalInstant(instant);
  const place: ThingPlace = { thingId: entityId, resource, keys };
  const command = stored(implicitCreate(given, state), place, state);
  if (command.category === 'CREATE') return create(command, place, state, now);
  if (state.lifecycle !== 'active') throw thingNotFound(entityId);
  const tag = tagAt(state, resource, keys, command.category === 'MERGE');
  checkConditions(command, state, tag, now);
  switch (command.category) {
    case 'QUERY':
      return retrieve(command, place, state);
    case 'MODIFY':
      return modify(withIfEqual(command, state, keys), place, state, now);
    case 'MERGE':
      return change(withIfEqual(command, state, keys), place, state, { change: 'merged', status: 204, now });
    case 'DELETE':
      checkIsThere(place, state.thing, 'delete');
      return change(command, place, state, { change: 'deleted', status: 204, now });
    default:
      throw unsupportedTopic(adaptable.topic);
  }
}

/** The command with the value of a whole thing, or a patch of it, as it is going to be stored. */
function stored(command: Signal, { thingId, keys }: ThingPlace, state: ThingState): Signal {
  const { adaptable, category } = command;
  if (keys.length > 0 || !isJsonObject(adaptable.value)) return command;
  if (category === 'MERGE')
    return { ...command, adaptable: { ...adaptable, value: inOrder(adaptable.value) } };
  const kept = memberOf(adaptable.value, 'policyId') ?? memberOf(state.thing, 'policyId');
  const policyId = kept === undefined ? {} : { policyId: kept };
  const value = inOrder({ ...adaptable.value, thingId, ...policyId });
  return { ...command, adaptable: { ...adaptable, value } };
}

function create(command: Signal, place: ThingPlace, state: ThingState, now: string): TwinDecision {
  checkConditions(command, state, tagAt(state, 'thing', [], false), now);
  if (state.lifecycle === 'active') throw thingConflict(place.thingId);
  const { value } = command.adaptable;
  return change(command, place, state, { change: 'created', status: 201, value, now });
}

function modify(command: Signal, place: ThingPlace, state: ThingState, now: string): TwinDecision {
  checkParent(place, state.thing);
  const { value } = command.adaptable;
  // a policy id is never told to be new (ModifyPolicyIdStrategy.java)
  const isThere = place.resource === 'policyId' || valueAt(state.thing, place.keys) !== undefined;
  return isThere
    ? change(command, place, state, { change: 'modified', status: 204, value: toldOf(place), now })
    : change(command, place, state, { change: 'created', status: 201, value, now });
}

const toldOf = ({ resource }: ThingPlace): null | undefined =>
  NULL_WHEN_MODIFIED.has(resource) ? null : undefined;

interface Outcome {
  readonly change: ThingChange;
  readonly status: number;
  /** Of the response. */
  readonly value?: JsonValue | undefined;
  readonly now: string;
}

function change(command: Signal, place: ThingPlace, state: ThingState, outcome: Outcome): TwinDecision {
  const { resource, keys } = place;
  const isDeleted = outcome.change === 'deleted';
  if (!isDeleted) checkDepth('thing', keys.length + depthOf(command.adaptable.value));
  const revision = state.revision + 1;
  const event = thingEvent(command, {
    resource,
    change: outcome.change,
    value: isDeleted ? undefined : command.adaptable.value,
    revision,
    timestamp: outcome.now,
  });
  const next = evolveThing(state, event);
  if (!isDeleted) checkSize('thing', next.thing);
  const tag = tagAt(next, resource, keys, outcome.change === 'merged');
  const { status, value } = outcome;
  return { event, response: thingResponse(command, { resource, status, value, revision, tag }) };
}

function retrieve(command: Signal, place: ThingPlace, state: ThingState): TwinDecision {
  const { resource, keys } = place;
  const { fields } = command.adaptable;
  const { revision } = state;
  const tag = tagAt(state, resource, keys, false);
  const value =
    resource === 'thing'
      ? selectedThing(state.thing, state, fields)
      : selectedPart(checkIsThere(place, state.thing, 'retrieve'), fields);
  return {
    event: undefined,
    response: thingResponse(command, { resource, status: 200, value, revision, tag }),
  };
}
