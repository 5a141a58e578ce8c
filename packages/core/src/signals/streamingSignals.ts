import { parseError } from '../errors/errorRegistry.ts';
import { jsonFieldMissing, jsonInvalid, jsonNotAnObject } from '../errors/jsonErrors.ts';
import { optionalObject, optionalString, requiredString } from '../json/fields.ts';
import { isJsonObject, JsonNumber, type JsonObject, type JsonValue } from '../json/jsonValue.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import { type Adaptable, optionalExactLong } from '../protocol/adaptable.ts';
import { canonicalInstant } from '../protocol/instant.ts';
import { canonicalPath } from '../protocol/pointer.ts';
import type { Signal } from '../protocol/signal.ts';
import type { TopicGroup, TopicPath } from '../protocol/topicPath.ts';
import { checkNamespacedId, splitId } from './entityId.ts';
import type { SignalDefinition } from './signalDefinition.ts';

/* Streams of persisted events (base/model/.../signals/commands/streaming, events/streaming). */

const COMMANDS = 'streaming.subscription.commands:';
const EVENTS = 'streaming.subscription.events:';
const MAX_LONG = new JsonNumber('9223372036854775807');

const ENTITY_TYPES = { things: 'thing', policies: 'policy', connections: 'connection' } as const;
const GROUPS: ReadonlyMap<string, TopicGroup> = new Map([
  ['thing', 'things'],
  ['policy', 'policies'],
  ['connection', 'connections'],
]);

function objectOf(value: JsonValue | undefined): JsonObject {
  if (value === undefined || value === null) return {};
  if (isJsonObject(value)) return value;
  throw jsonNotAnObject(value);
}

/** @throws DittoError `json.field.missing` */
function subscriptionId(value: JsonValue | undefined): JsonObject {
  if (value === undefined) throw jsonFieldMissing('/value');
  return { subscriptionId: requiredString(objectOf(value), 'subscriptionId') };
}

function readSubscribe(value: JsonValue | undefined): JsonObject {
  const json = objectOf(value);
  const fromTimestamp = optionalString(json, 'fromHistoricalTimestamp');
  const toTimestamp = optionalString(json, 'toHistoricalTimestamp');
  const filter = optionalString(json, 'filter');
  return {
    fromHistoricalRevision: optionalExactLong(json, 'fromHistoricalRevision') ?? 0,
    toHistoricalRevision: optionalExactLong(json, 'toHistoricalRevision') ?? MAX_LONG,
    ...(fromTimestamp === undefined ? {} : { fromHistoricalTimestamp: canonicalInstant(fromTimestamp) }),
    ...(toTimestamp === undefined ? {} : { toHistoricalTimestamp: canonicalInstant(toTimestamp) }),
    ...(filter === undefined ? {} : { filter }),
  };
}

function readNext(value: JsonValue | undefined): JsonObject {
  const id = subscriptionId(value);
  const json = objectOf(value);
  const item = Object.hasOwn(json, 'item') ? json['item'] : undefined;
  if (item === undefined) throw jsonInvalid(undefined);
  return { ...id, item };
}

function readFailed(value: JsonValue | undefined): JsonObject {
  const id = subscriptionId(value);
  const error = optionalObject(objectOf(value), 'error');
  if (error === undefined) throw jsonInvalid(undefined);
  return { ...id, error: parseError(error).error.toJson() };
}

type ReadValue = (value: JsonValue | undefined) => JsonObject;

function makeSignal(type: string, isCommand: boolean, read: ReadValue): SignalDefinition['make'] {
  return ({ topic, headers: ownHeaders, path, value }, headers): Signal => {
    const entityId = checkNamespacedId(`${topic.namespace}:${topic.name}`);
    return {
      kind: isCommand ? 'command' : 'event',
      type,
      adaptable: { topic, headers: ownHeaders, path, value: read(value) },
      headers,
      entityId,
      entityType: ENTITY_TYPES[topic.group],
      resourcePath: isCommand ? path : '/',
      status: undefined,
      category: isCommand ? 'STREAM' : undefined,
    };
  };
}

function topicFromJson(json: JsonObject, action: string): TopicPath {
  const [namespace, name] = splitId(checkNamespacedId(requiredString(json, 'entityId')));
  const group = GROUPS.get(requiredString(json, 'entityType')) ?? 'things';
  const channel = group === 'things' ? 'twin' : 'none';
  return { namespace, name, group, channel, criterion: 'streaming', action, subject: undefined };
}

function definition(action: string, isCommand: boolean, read: ReadValue): SignalDefinition {
  const type = `${isCommand ? COMMANDS : EVENTS}${action}`;
  return {
    type,
    make: makeSignal(type, isCommand, read),
    toJson: ({ entityId, entityType, adaptable: { path, value } }) => {
      if (isCommand) return { type, entityType, entityId, resourcePath: path, ...objectOf(value) };
      const { subscriptionId, ...rest } = objectOf(value);
      return { type, subscriptionId, entityId, entityType, ...rest };
    },
    fromJson: (json: JsonObject, headers: DittoHeaders): Adaptable => {
      const { type: _, entityId: __, entityType: ___, resourcePath: ____, ...value } = json;
      return {
        topic: topicFromJson(json, action),
        headers,
        path: canonicalPath(optionalString(json, 'resourcePath') ?? '/'),
        value,
      };
    },
  };
}

export const streamingDefinitions: ReadonlyMap<string, SignalDefinition> = new Map([
  ['subscribeForPersistedEvents', definition('subscribeForPersistedEvents', true, readSubscribe)],
  ['cancel', definition('cancel', true, subscriptionId)],
  [
    'request',
    definition('request', true, (value) => ({
      ...subscriptionId(value),
      demand: optionalExactLong(objectOf(value), 'demand') ?? 0,
    })),
  ],
  ['created', definition('created', false, subscriptionId)],
  ['complete', definition('complete', false, subscriptionId)],
  ['next', definition('next', false, readNext)],
  ['failed', definition('failed', false, readFailed)],
]);
