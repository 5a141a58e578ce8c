import { isJsonObject, type JsonValue } from '../json/jsonValue.ts';
import type { Signal } from '../protocol/signal.ts';
import type { EffectedSubjects, PolicyEnforcer } from './policyEnforcer.ts';
import { resourceAt } from './policyResource.ts';

const READ = ['READ'];

/**
 * Who gets a signal about a thing, for `ditto-read-subjects` and `ditto-read-revoked-subjects`. Events, twin and live, go to
 * all who may read what is at their path or something below it; they are cut by `restrictEvent`. Commands and messages go
 * as a whole, so only to those who may read at the path itself; from whom that is revoked is told too
 * (things/service/.../LiveSignalEnforcement.java, `addEffectedReadSubjectsToThingLiveSignal`).
 */
export function readersOf(signal: Signal, enforcer: PolicyEnforcer): EffectedSubjects {
  const isMessage = signal.type.startsWith('messages.');
  const resource = resourceAt(isMessage ? 'message' : 'thing', signal.resourcePath);
  if (signal.kind !== 'event') return enforcer.getSubjectsWithPermission(resource, READ);
  return { granted: enforcer.getSubjectsWithPartialPermission(resource, READ), revoked: [] };
}

/**
 * An event of a thing as subjects may see it. Who may read everything at its path gets it as it is; others get the part of
 * its value that they may read, without metadata; a deletion is told to all who may read something of what there was.
 *
 * @returns undefined when nothing is left of it
 */
export function restrictEvent(
  event: Signal,
  enforcer: PolicyEnforcer,
  subjects: readonly string[],
): Signal | undefined {
  const resource = resourceAt('thing', event.resourcePath);
  if (enforcer.hasUnrestrictedPermissions(resource, subjects, READ)) return event;
  const { value, metadata: _, ...rest } = event.adaptable;
  if (value === undefined)
    return enforcer.hasPartialPermissions(resource, subjects, READ)
      ? { ...event, adaptable: rest }
      : undefined;
  const view = enforcer.buildValueView(resource, value, subjects, READ);
  if (view === undefined) return undefined;
  return { ...event, adaptable: { ...rest, value: resource.length === 1 ? withId(view, value) : view } };
}

/** A thing never comes without its id. */
const withId = (view: JsonValue, value: JsonValue): JsonValue =>
  isJsonObject(view) && isJsonObject(value) && Object.hasOwn(value, 'thingId')
    ? { thingId: value['thingId'], ...view }
    : view;
