import type { JsonObject } from '../json/jsonValue.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import type { Adaptable } from '../protocol/adaptable.ts';
import { unsupportedCombination } from '../protocol/protocolErrors.ts';
import type { Signal } from '../protocol/signal.ts';
import type { DefinitionTable } from '../signals/definitionTable.ts';
import { policyEvents, policyResponses } from '../signals/policySignals.ts';
import { type EventParts, type ResponseParts, withoutConditions, withTag } from './twinReplies.ts';

export type PolicyChange = 'created' | 'modified' | 'deleted';

interface PolicyEventParts extends EventParts {
  readonly change: PolicyChange;
  /** The whole policy after the change. */
  readonly policy: JsonObject;
}

/**
 * The event of a command, with its path and its headers. Some changes of imports have no event in the Protocol: the whole
 * policy is told to be modified.
 */
export function policyEvent(command: Signal, parts: PolicyEventParts): Signal {
  const { resource, change, revision, timestamp } = parts;
  const headers = withoutConditions(command);
  const isKnown = policyEvents.get(change)?.has(resource) === true;
  const { path, topic } = command.adaptable;
  const told = isKnown
    ? { path, value: parts.value, action: change }
    : { path: '/', value: parts.policy, action: 'modified' };
  const adaptable = {
    topic: { ...topic, criterion: 'events', action: told.action },
    headers,
    path: told.path,
    value: told.value,
    revision,
    timestamp,
  } as const;
  return made(policyEvents, isKnown ? resource : 'policy', adaptable, headers);
}

/** The response to a command, with the tag and the revision that are now. */
export function policyResponse(command: Signal, parts: ResponseParts): Signal {
  const { resource, status, value } = parts;
  const headers = withTag(command, parts);
  const { topic, path } = command.adaptable;
  return made(policyResponses, resource, { topic, headers, path, value, status }, headers);
}

/** As the readers of messages would have made it. @throws DittoError `protocoladapter:unknown.topicpath` for what there is none of */
function made(table: DefinitionTable, resource: string, adaptable: Adaptable, headers: DittoHeaders): Signal {
  const definition = table.get(adaptable.topic.action ?? '')?.get(resource);
  if (definition === undefined) throw unsupportedCombination(adaptable);
  return definition.make(adaptable, headers);
}
