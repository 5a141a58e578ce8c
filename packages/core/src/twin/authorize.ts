import { isJsonObject, type JsonObject, type JsonValue } from '../json/jsonValue.ts';
import { keysOf } from '../placeholders/thingOfSignal.ts';
import { headerValue } from '../protocol/dittoHeaders.ts';
import type { Signal } from '../protocol/signal.ts';
import { checkConditionsReadable } from './authorizeConditions.ts';
import type { PolicyEnforcer } from './policyEnforcer.ts';
import { policyNotAccessible, policyNotModifiable, unknownPolicy } from './policyErrors.ts';
import { type PolicyResource, resourceAt } from './policyResource.ts';
import { thingNotFound } from './thingErrors.ts';
import {
  eventNotAllowed,
  messageNotAllowed,
  thingNotAccessible,
  thingNotModifiable,
} from './thingRefusals.ts';

const READ = ['READ'];
const WRITE = ['WRITE'];

/**
 * Whether subjects may do what a signal about a thing is for: twin and live commands, messages and live events
 * (things/service/.../enforcement/ThingCommandEnforcement.java, LiveSignalEnforcement.java,
 * StreamRequestingCommandEnforcement.java). Answers, and commands about several things, are let through. Of a thing of which
 * subjects may neither read nor write anything they are told that it does not exist, also when they want to change it; only
 * what is created is refused as such, since its policy came with it.
 *
 * @param enforcer of the thing's policy; of the policy that it is to have, for a thing that is created
 * @throws DittoError 404 `things:….notfound`, 403 `things:….notmodifiable`, `things:thing.notdeletable`,
 * `messages:send.notallowed`, `things:event.notallowed`; 412 `things:condition.failed`
 */
export function authorizeThingSignal(
  signal: Signal,
  enforcer: PolicyEnforcer,
  subjects: readonly string[],
): void {
  const { kind, type, entityId } = signal;
  if (entityId === undefined) return;
  if (kind === 'event') {
    if (!enforcer.hasUnrestrictedPermissions(resourceAt('thing', signal.resourcePath), subjects, WRITE))
      throw eventNotAllowed(signal);
  } else if (type.startsWith('messages.commands:')) authorizeMessage(signal, enforcer, subjects);
  else if (kind === 'command') authorizeThingCommand(signal, enforcer, subjects);
}

/** Who claims a thing has no permissions yet. */
function authorizeMessage(signal: Signal, enforcer: PolicyEnforcer, subjects: readonly string[]): void {
  if (signal.type === 'messages.commands:claimMessage') return;
  if (!enforcer.hasUnrestrictedPermissions(resourceAt('message', signal.resourcePath), subjects, WRITE))
    throw messageNotAllowed(signal);
}

function authorizeThingCommand(command: Signal, enforcer: PolicyEnforcer, subjects: readonly string[]): void {
  const { category, entityId = '', resourcePath } = command;
  const resource = resourceAt('thing', resourcePath);
  if (category === 'STREAM') {
    if (!enforcer.hasUnrestrictedPermissions(resource, subjects, READ)) throw thingNotFound(entityId);
    return;
  }
  checkConditionsReadable(command, enforcer, subjects);
  if (category === 'QUERY') {
    if (!enforcer.hasPartialPermissions(resource, subjects, READ)) throw thingNotAccessible(command);
  } else if (!mayWriteThing(command, resource, enforcer, subjects)) {
    throw category === 'CREATE' || hasAnyAccess('thing', enforcer, subjects)
      ? thingNotModifiable(command)
      : thingNotAccessible(command);
  }
}

function mayWriteThing(
  { category, adaptable: { value } }: Signal,
  resource: PolicyResource,
  enforcer: PolicyEnforcer,
  subjects: readonly string[],
): boolean {
  if (enforcer.hasUnrestrictedPermissions(resource, subjects, WRITE)) return true;
  if (category !== 'MERGE' || !enforcer.hasPartialPermissions(resource, subjects, WRITE)) return false;
  return mayWriteLeaves(value ?? null, resource, enforcer, subjects);
}

/** A merge changes nothing but the leaves of its patch; empty objects are none. As deep as the patch, which its reader bounds. */
function mayWriteLeaves(
  patch: JsonValue,
  at: PolicyResource,
  enforcer: PolicyEnforcer,
  subjects: readonly string[],
): boolean {
  if (!isJsonObject(patch)) return enforcer.hasUnrestrictedPermissions(at, subjects, WRITE);
  return Object.entries(patch).every(
    ([key, value]) => value === undefined || mayWriteLeaves(value, [...at, key], enforcer, subjects),
  );
}

const hasAnyAccess = (
  type: 'thing' | 'policy',
  enforcer: PolicyEnforcer,
  subjects: readonly string[],
): boolean =>
  [READ, WRITE].some((permission) => enforcer.hasPartialPermissions([type], subjects, permission));

/**
 * Whether subjects may do what a command about a policy is for (policies/service/.../PolicyCommandEnforcement.java). As with
 * things, a policy that subjects have no access to does not exist for them.
 *
 * @param enforcer of the policy itself; of the new one for a policy that is created
 * @throws DittoError 404 `policies:….notfound`, 403 `policies:….notmodifiable`, `policies:policy.notcreatable`
 */
export function authorizePolicySignal(
  signal: Signal,
  enforcer: PolicyEnforcer,
  subjects: readonly string[],
): void {
  const { kind, category, headers, entityId = '' } = signal;
  if (kind !== 'command') return;
  const resource = resourceAt('policy', signal.resourcePath);
  if (category === 'STREAM') {
    if (!enforcer.hasUnrestrictedPermissions(resource, subjects, READ)) throw unknownPolicy(entityId);
  } else if (category === 'QUERY') {
    if (!enforcer.hasPartialPermissions(resource, subjects, READ)) throw policyNotAccessible(signal);
  } else if (!enforcer.hasUnrestrictedPermissions(resource, subjects, WRITE)) {
    if (category !== 'CREATE')
      throw hasAnyAccess('policy', enforcer, subjects)
        ? policyNotModifiable(signal)
        : unknownPolicy(entityId);
    if (headerValue(headers, 'allow-policy-lockout') !== 'true') throw policyNotModifiable(signal);
  }
}

/**
 * The part of a thing that subjects may read, its id always among it (things/service/.../ThingCommandEnforcement.java,
 * `getJsonViewForCommandResponse`).
 *
 * @returns undefined when they may read nothing of it
 */
export const readableThing = (
  thing: JsonObject,
  enforcer: PolicyEnforcer,
  subjects: readonly string[],
): JsonObject | undefined =>
  enforcer.hasPartialPermissions(['thing'], subjects, READ)
    ? readableEntity(thing, 'thing', enforcer, subjects)
    : undefined;

const ID_FIELDS = { thing: 'thingId', policy: 'policyId' } as const;

function readableEntity(
  entity: JsonObject,
  type: 'thing' | 'policy',
  enforcer: PolicyEnforcer,
  subjects: readonly string[],
): JsonObject {
  const idField = ID_FIELDS[type];
  const view = enforcer.buildJsonView([type], entity, subjects, READ);
  return Object.hasOwn(entity, idField) ? { [idField]: entity[idField], ...view } : view;
}

/**
 * A retrieve response with its value cut to what subjects may read. Values that are no objects stay whole, as in Ditto: the
 * query was let through for them. Other answers stay as they are, those about several things too.
 */
export function restrictResponse(
  response: Signal,
  enforcer: PolicyEnforcer,
  subjects: readonly string[],
): Signal {
  const { kind, type, entityType, adaptable } = response;
  const { value } = adaptable;
  if (kind !== 'response' || !type.includes('.responses:retrieve') || !isJsonObject(value)) return response;
  if (entityType !== 'thing' && entityType !== 'policy') return response;
  const keys = keysOf(adaptable.path);
  const view =
    keys.length === 0
      ? readableEntity(value, entityType, enforcer, subjects)
      : enforcer.buildJsonView([entityType, ...keys], value, subjects, READ);
  return { ...response, adaptable: { ...adaptable, value: view } };
}
