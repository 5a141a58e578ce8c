import { type EntityTag, entityTagText } from '../headers/entityTag.ts';
import type { JsonObject, JsonValue } from '../json/jsonValue.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import type { Adaptable } from '../protocol/adaptable.ts';
import { withHeaders } from '../protocol/dittoHeaders.ts';
import { unsupportedCombination } from '../protocol/protocolErrors.ts';
import type { Signal } from '../protocol/signal.ts';
import type { DefinitionTable } from '../signals/definitionTable.ts';
import { policyEvents, policyResponses } from '../signals/policySignals.ts';

/** What a command asks of the state, not of those who get its event. */
const CONDITIONS = { 'if-match': undefined, 'if-none-match': undefined };

export type PolicyChange = 'created' | 'modified' | 'deleted';

interface EventParts {
  /** Name of the resource at the command's path. */
  readonly resource: string;
  readonly change: PolicyChange;
  /** Undefined for a deletion. */
  readonly value: JsonValue | undefined;
  /** The whole policy after the change. */
  readonly policy: JsonObject;
  readonly revision: number;
  /** ISO-8601 instant. */
  readonly timestamp: string;
}

/**
 * The event of a command, with its path and its headers. Some changes of imports have no event in the Protocol: the whole
 * policy is told to be modified.
 */
export function policyEvent(command: Signal, parts: EventParts): Signal {
  const { resource, change, revision, timestamp } = parts;
  const headers = withHeaders(command.headers, CONDITIONS);
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

interface ResponseParts {
  readonly resource: string;
  readonly status: number;
  readonly value?: JsonValue | undefined;
  /** Of the policy after the command. */
  readonly revision: number;
  readonly tag: EntityTag | undefined;
}

/** The response to a command, with the tag and the revision that are now. */
export function policyResponse(command: Signal, parts: ResponseParts): Signal {
  const { resource, status, value, revision, tag } = parts;
  const headers = withHeaders(command.headers, {
    'entity-revision': String(revision),
    etag: tag === undefined ? undefined : entityTagText(tag),
  });
  const { topic, path } = command.adaptable;
  return made(policyResponses, resource, { topic, headers, path, value, status }, headers);
}

/** As the readers of messages would have made it. @throws DittoError `protocoladapter:unknown.topicpath` for what there is none of */
function made(table: DefinitionTable, resource: string, adaptable: Adaptable, headers: DittoHeaders): Signal {
  const definition = table.get(adaptable.topic.action ?? '')?.get(resource);
  if (definition === undefined) throw unsupportedCombination(adaptable);
  return definition.make(adaptable, headers);
}
