import { makeError } from '../errors/makeError.ts';
import { checkPreconditions } from '../headers/preconditions.ts';
import { depthOf } from '../json/depthOf.ts';
import { parseFieldSelector, selectFields } from '../json/fieldSelector.ts';
import type { JsonObject, JsonValue } from '../json/jsonValue.ts';
import { valueAt } from '../json/valueAt.ts';
import { keysOf } from '../placeholders/thingOfSignal.ts';
import { canonicalInstant } from '../protocol/instant.ts';
import { unsupportedCombination, unsupportedTopic } from '../protocol/protocolErrors.ts';
import type { Signal } from '../protocol/signal.ts';
import { splitId } from '../signals/entityId.ts';
import { policyResourceAt } from '../signals/policyResources.ts';
import { checkDepth, checkSize } from './entityLimits.ts';
import {
  entryInvalid,
  entryNotFound,
  policyConflict,
  policyInvalid,
  policyPartNotFound,
  unknownPolicy,
} from './policyErrors.ts';
import { implicitPolicyCreate } from './policyImplicitCreate.ts';
import { checkExpiries, checkSomebodyWrites } from './policyInvariants.ts';
import { type PolicyPlace, placeAt, withValueAtPlace } from './policyPlace.ts';
import { type PolicyChange, policyEvent, policyResponse } from './policyReplies.ts';
import { evolvePolicy, type PolicyState } from './policyState.ts';
import { policyTagAt } from './policyTags.ts';
import { checkedValues } from './policyValues.ts';
import type { TwinDecision } from './twinDecision.ts';

/** What a command is about. */
interface About {
  readonly id: string;
  readonly keys: readonly string[];
  readonly resource: string;
  readonly place: PolicyPlace;
}

/** Those of which Ditto tells whether they are new; the others are always modified. */
const CREATABLE: ReadonlySet<string> = new Set(['policyImport', 'policyEntry', 'subject', 'resource']);
/** A change of these may bring in subjects. */
const WITH_SUBJECTS: ReadonlySet<string> = new Set([
  'policy',
  'policyEntries',
  'policyEntry',
  'subjects',
  'subject',
]);

/**
 * What becomes of an authorised command about a policy
 * (policies/service/.../persistence/actors/strategies/commands/*Strategy.java). A policy that is not there is created by a
 * `modify` of the whole.
 *
 * @param instant of the decision, ISO-8601
 * @throws DittoError `policies:*.notfound` 404, `policies:policy.conflict` 409, `policies:policy.modificationinvalid`,
 *   `policies:entry.modificationinvalid` 403, `policies:precondition.failed` 412, `policies:precondition.notmodified` 304,
 *   `policies:policy.toolarge` 413, 400 for values that make no policy,
 *   `protocoladapter:unknown.topicpath` for what is no such command
 */
export function decidePolicy(given: Signal, state: PolicyState, instant: string): TwinDecision {
  const { adaptable, entityId: id } = given;
  const keys = keysOf(adaptable.path);
  const resource = policyResourceAt(keys);
  if (id === undefined || resource === undefined) throw unsupportedTopic(adaptable.topic);
  const now = canonicalInstant(instant);
  const about: About = { id, keys, resource, place: placeAt(keys) };
  const isThere = state.lifecycle === 'active';
  const command = implicitPolicyCreate(given, state);
  const { category } = command;
  if (category !== 'CREATE' && !isThere) throw unknownPolicy(id);
  if (category !== undefined)
    checkPreconditions(category, command.headers, policyTagAt(state, resource, about.place), 'policy');
  if (category === 'CREATE' && isThere) throw policyConflict(id);
  checkParent(about, state);
  if (category !== 'QUERY') checkPath(about, adaptable.path);
  switch (category) {
    case 'CREATE':
    case 'MODIFY':
      return modify(command, about, state, now);
    case 'DELETE':
      return remove(command, about, state, now);
    case 'QUERY':
      return retrieve(command, about, state);
    default:
      throw unsupportedTopic(adaptable.topic);
  }
}

/** What is inside an entry needs the entry. */
function checkParent({ id, keys: [field, label = '', part] }: About, { policy }: PolicyState): void {
  if (field !== 'entries' || part === undefined) return;
  if (valueAt(policy, ['entries', label]) === undefined) throw entryNotFound(id, label);
}

/** Ids that a stored event could not tell again (json/.../ImmutableJsonPointer.java). @throws DittoError `json.pointer.invalid` 400 */
function checkPath({ resource, keys, place }: About, path: string): void {
  const id = place[3] ?? '';
  const isLost =
    (resource === 'subject' && (id.includes('//') || id.includes('~0'))) ||
    (resource === 'resource' && keys[3]?.includes('~') === true);
  if (isLost) throw makeError('json.pointer.invalid', `The JSON pointer <${path}> is invalid!`);
}

function modify(command: Signal, about: About, state: PolicyState, now: string): TwinDecision {
  const { id, resource, place } = about;
  const check = checkedValues.get(resource);
  if (check === undefined) throw unsupportedCombination(command.adaptable);
  const value = check(command.adaptable.value ?? {}, place, id);
  const policy = withValueAtPlace(state.policy, place, value);
  checkDepth('policy', depthOf(policy));
  checkSize('policy', policy);
  if (WITH_SUBJECTS.has(resource)) checkExpiries(policy, now);
  checkInvariant(about, policy);
  const isNew =
    command.category === 'CREATE' || (CREATABLE.has(resource) && valueAt(state.policy, place) === undefined);
  return isNew
    ? changed(command, about, state, { change: 'created', status: 201, value, policy, now })
    : changed(command, about, state, { change: 'modified', status: 204, value, policy, now });
}

function remove(command: Signal, about: About, state: PolicyState, now: string): TwinDecision {
  const { id, keys, resource, place } = about;
  const outcome = { change: 'deleted', status: 204, value: undefined, now } as const;
  if (resource === 'policy') return changed(command, about, state, { ...outcome, policy: {} });
  if (!checkedValues.has(resource)) throw unsupportedCombination(command.adaptable);
  if (valueAt(state.policy, place) === undefined) throw policyPartNotFound(id, keys);
  const policy = withValueAtPlace(state.policy, place, undefined);
  checkInvariant(about, policy);
  return changed(command, about, state, { ...outcome, policy });
}

/** New entries have to do without the imports: those may change (ModifyPolicyEntriesStrategy.java). */
function checkInvariant({ id, resource, keys }: About, { imports = {}, entries = {} }: JsonObject): void {
  const isWhole = keys.length === 1 || resource === 'policy' || keys[0] === 'imports';
  checkSomebodyWrites(resource === 'policyEntries' ? { entries } : { imports, entries }, (description) =>
    isWhole ? policyInvalid(id, description) : entryInvalid(id, keys[1] ?? '', description),
  );
}

interface Outcome {
  readonly change: PolicyChange;
  readonly status: 201 | 204;
  readonly value: JsonValue | undefined;
  /** After the change. */
  readonly policy: JsonObject;
  readonly now: string;
}

function changed(command: Signal, about: About, state: PolicyState, outcome: Outcome): TwinDecision {
  const { change, status, policy, now } = outcome;
  const { resource } = about;
  const revision = state.revision + 1;
  const event = policyEvent(command, {
    resource,
    change,
    value: outcome.value,
    policy,
    revision,
    timestamp: now,
  });
  const tag =
    change === 'deleted' ? undefined : policyTagAt(evolvePolicy(state, event), resource, about.place);
  const value = status === 201 ? outcome.value : undefined;
  return { event, response: policyResponse(command, { resource, status, value, revision, tag }) };
}

function retrieve(command: Signal, about: About, state: PolicyState): TwinDecision {
  const { id, keys, resource, place } = about;
  if (!checkedValues.has(resource)) throw unsupportedCombination(command.adaptable);
  const { fields } = command.adaptable;
  const isSelected = resource === 'policy' && fields !== undefined && fields !== '';
  const value = isSelected
    ? selectFields(fullPolicy(id, state), parseFieldSelector(fields))
    : valueAt(state.policy, place);
  if (value === undefined) throw policyPartNotFound(id, keys);
  const { revision } = state;
  return {
    event: undefined,
    response: policyResponse(command, {
      resource,
      status: 200,
      value,
      revision,
      tag: policyTagAt(state, resource, place),
    }),
  };
}

/** With the fields that are shown only when they are asked for. */
const fullPolicy = (id: string, { policy, revision, created, modified }: PolicyState): JsonObject => ({
  ...policy,
  _namespace: splitId(id)[0],
  _lifecycle: 'ACTIVE',
  _revision: revision,
  ...(created === undefined ? {} : { _created: created }),
  ...(modified === undefined ? {} : { _modified: modified }),
});
