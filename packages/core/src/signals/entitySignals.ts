import { jsonFieldMissing } from '../errors/jsonErrors.ts';
import { makeError } from '../errors/makeError.ts';
import { optionalInt, requiredString } from '../json/fields.ts';
import type { JsonNumber, JsonObject, JsonValue } from '../json/jsonValue.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import { type Adaptable, httpStatus, optionalExactLong } from '../protocol/adaptable.ts';
import { headerValue } from '../protocol/dittoHeaders.ts';
import { eventMetadata, eventTimestamp } from '../protocol/eventParts.ts';
import { parsePointer } from '../protocol/pointer.ts';
import type { CommandCategory, Signal } from '../protocol/signal.ts';
import type { TopicPath } from '../protocol/topicPath.ts';
import { splitId } from './entityId.ts';
import { idsOf, pathOf, type Resource, type ValueReader } from './resource.ts';
import { eventHeaders, responseHeaders } from './signalHeaders.ts';

/*
 * What commands, responses and events about things and policies have in common. The tables of their types are in
 * thingSignals.ts and policySignals.ts.
 */

/** Things or policies: where their names come from and how values are judged. */
export interface EntityKind {
  readonly group: 'things' | 'policies';
  readonly entityType: 'thing' | 'policy';
  readonly idField: 'thingId' | 'policyId';
  readonly checkId: (id: string) => string;
  readonly readValue: (reader: ValueReader, value: JsonValue | undefined) => JsonValue;
}

/** The id of the entity that a topic names. @throws DittoError `things:id.invalid`, `policies:id.invalid` */
export const entityIdOf = (kind: EntityKind, { namespace, name }: TopicPath): string =>
  kind.checkId(`${namespace}:${name}`);

/** The topic of a signal that was read from its JSON; live is what the headers call live. */
export function topicOf(
  kind: EntityKind,
  id: string,
  criterion: TopicPath['criterion'],
  action: string | undefined,
  headers: DittoHeaders,
): TopicPath {
  const [namespace, name] = splitId(kind.checkId(id));
  const channel = kind.group === 'policies' ? 'none' : channelOf(headers);
  return { namespace, name, group: kind.group, channel, criterion, action, subject: undefined };
}

export const channelOf = (headers: DittoHeaders): 'live' | 'twin' =>
  headerValue(headers, 'channel') === 'live' ? 'live' : 'twin';

export const upperFirst = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

/** The ids in a signal's path, as signal JSON names them. */
export const idsInJson = (resource: Resource, path: string): JsonObject =>
  resource.path.length === 0 ? {} : idsOf(resource, parsePointer(path));

export const pathFromJson = (resource: Resource, json: JsonObject): string =>
  pathOf(resource, (field) => requiredString(json, field));

/** The value in signal JSON, `undefined` when it has none. */
export const valueFromJson = (resource: Resource, json: JsonObject): JsonValue | undefined =>
  Object.hasOwn(json, resource.field) ? json[resource.field] : undefined;

export const statusFromJson = (json: JsonObject): number | undefined =>
  httpStatus(optionalInt(json, 'status'));

export const valueInJson = (field: string, value: JsonValue | undefined): JsonObject =>
  value === undefined ? {} : { [field]: value };

/** The first members of every event's JSON. */
export function eventJson(signal: Signal): JsonObject {
  const { revision, timestamp, metadata } = signal.adaptable;
  return {
    type: signal.type,
    _timestamp: timestamp ?? null,
    _metadata: metadata ?? null,
    ...(revision === undefined ? {} : { revision }),
  };
}

export function eventPartsFromJson(json: JsonObject): Pick<Adaptable, 'revision' | 'timestamp' | 'metadata'> {
  return {
    revision: optionalExactLong(json, 'revision'),
    timestamp: eventTimestamp(json),
    metadata: eventMetadata(json),
  };
}

/** @throws DittoError `json.field.missing` */
export function requiredRevision(adaptable: Adaptable): number | JsonNumber {
  if (adaptable.revision === undefined) throw jsonFieldMissing('/revision');
  return adaptable.revision;
}

/** What an event or a response tells of its entity. */
interface EntityParts {
  readonly type: string;
  readonly entityId: string;
  readonly kind: EntityKind;
  readonly value: JsonValue | undefined;
  readonly resourcePath: string;
}

/** An event about an entity; a missing revision is refused. @throws DittoError `json.field.missing` */
export function entityEvent(adaptable: Adaptable, headers: DittoHeaders, parts: EntityParts): Signal {
  const revision = requiredRevision(adaptable);
  const { topic, path, timestamp, metadata } = adaptable;
  return {
    kind: 'event',
    type: parts.type,
    adaptable: { topic, headers: adaptable.headers, path, value: parts.value, revision, timestamp, metadata },
    headers: eventHeaders(headers, String(revision)),
    entityId: parts.entityId,
    entityType: parts.kind.entityType,
    resourcePath: parts.resourcePath,
    status: undefined,
    category: undefined,
  };
}

/** The response about an entity; its status is that of the adaptable. */
export function entityResponse(adaptable: Adaptable, headers: DittoHeaders, parts: EntityParts): Signal {
  const { topic, path, status } = adaptable;
  return {
    kind: 'response',
    type: parts.type,
    adaptable: { topic, headers, path, value: parts.value, status },
    headers: responseHeaders(headers),
    entityId: parts.entityId,
    entityType: parts.kind.entityType,
    resourcePath: parts.resourcePath,
    status,
    category: undefined,
  };
}

interface CommandParts {
  readonly type: string;
  readonly category: CommandCategory;
  readonly entityId: string;
  readonly kind: EntityKind;
  readonly value: JsonValue | undefined;
}

/** A command about an entity. @throws DittoError `command.headers.invalid` for a query that wants no answer */
export function entityCommand(adaptable: Adaptable, headers: DittoHeaders, parts: CommandParts): Signal {
  const { topic, path } = adaptable;
  const isQuery = parts.category === 'QUERY';
  if (isQuery) checkQueryHeaders(headers);
  const fields = isQuery ? adaptable.fields : undefined;
  return {
    kind: 'command',
    type: parts.type,
    adaptable: { topic, headers: adaptable.headers, path, value: parts.value, fields },
    headers,
    entityId: parts.entityId,
    entityType: parts.kind.entityType,
    resourcePath: path,
    status: undefined,
    category: parts.category,
  };
}

/** A query without an answer makes no sense (base/model/.../signals/commands/AbstractCommand.java). @throws DittoError `command.headers.invalid` */
export function checkQueryHeaders(headers: DittoHeaders): void {
  if (headerValue(headers, 'response-required') !== 'false') return;
  throw makeError(
    'command.headers.invalid',
    "Query commands must not have the header 'response-required' set to false",
    {
      description:
        "Set the header 'response-required' to true instead in order to receive a response to your query command.",
    },
  );
}
