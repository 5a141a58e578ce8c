import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import type { Adaptable } from '../protocol/adaptable.ts';
import { headerValue, withHeaders } from '../protocol/dittoHeaders.ts';
import { filterHeadersFromExternal } from '../protocol/headerFilters.ts';
import { parsePointer, splitPath } from '../protocol/pointer.ts';
import { unknownPath, unsupportedCombination, unsupportedTopic } from '../protocol/protocolErrors.ts';
import type { Signal } from '../protocol/signal.ts';
import { ackDefinitions, checkForeignLabel } from './acknowledgements.ts';
import { connectionAnnouncements, policyAnnouncements } from './announcements.ts';
import type { DefinitionTable } from './definitionTable.ts';
import { errorDefinitions } from './errorResponses.ts';
import { mergeThing, mergeThingResponse, thingMerged } from './mergeThing.ts';
import { readMessage } from './messages.ts';
import {
  migrateThingDefinition,
  migrateThingDefinitionResponse,
  thingDefinitionMigrated,
} from './migrateThing.ts';
import { policyResourceAt } from './policyResources.ts';
import { policyCommands, policyEvents, policyResponses } from './policySignals.ts';
import { retrieveThings, retrieveThingsResponse } from './retrieveThings.ts';
import { searchDefinitions, withNamespaces } from './searchSignals.ts';
import type { SignalDefinition } from './signalDefinition.ts';
import { inboundHeaders } from './signalHeaders.ts';
import { streamingDefinitions } from './streamingSignals.ts';
import { thingResourceAt } from './thingResources.ts';
import { thingCommands, thingEvents, thingResponses } from './thingSignals.ts';

/**
 * The signal that a Protocol message from outside stands for (protocol/.../adapter/DittoProtocolAdapter.java). Its
 * headers are the internal ones: what may not come in is gone, the live channel and the entity's id are set.
 *
 * @throws DittoError `protocoladapter:*`, and the errors of ids and values of the model
 */
export function signalFromAdaptable(adaptable: Adaptable): Signal {
  switch (adaptable.topic.group) {
    case 'things':
      return readThings(adaptable);
    case 'policies':
      return readPolicies(adaptable);
    case 'connections':
      return readConnections(adaptable);
  }
}

function readThings(adaptable: Adaptable): Signal {
  const { topic, status } = adaptable;
  if (topic.criterion === 'streaming' && topic.channel !== 'live') return readStreaming(adaptable);
  if (topic.channel === 'none') throw unsupportedTopic(topic);
  switch (topic.criterion) {
    case 'commands':
      return readThingCommand(adaptable);
    case 'events':
      return readThingEvent(adaptable);
    case 'messages':
      if (topic.channel !== 'live') throw unsupportedTopic(topic);
      return readAs(readMessage, checkFeaturePath(adaptable));
    case 'search':
      return readSearch(adaptable);
    case 'acks':
      if (status === undefined) throw unsupportedTopic(topic);
      return readAck(adaptable);
    case 'errors':
      if (status === undefined) throw unsupportedTopic(topic);
      return readError(errorDefinitions.thing, adaptable);
    default:
      throw unsupportedTopic(topic);
  }
}

function readThingCommand(adaptable: Adaptable): Signal {
  const { topic, status } = adaptable;
  const isCommand = status === undefined;
  switch (topic.action) {
    case 'create':
    case 'modify':
    case 'delete':
      return readFromTable(isCommand ? thingCommands : thingResponses, thingResourceAt, adaptable);
    case 'retrieve':
      if (topic.name === '_')
        return read(isCommand ? retrieveThings : retrieveThingsResponse, checkPath(adaptable));
      return readFromTable(isCommand ? thingCommands : thingResponses, thingResourceAt, adaptable);
    case 'merge':
      return read(isCommand ? mergeThing : mergeThingResponse, checkPath(adaptable));
    case 'migrate':
      return read(isCommand ? migrateThingDefinition : migrateThingDefinitionResponse, checkPath(adaptable));
    default:
      throw unsupportedTopic(topic);
  }
}

function readThingEvent(adaptable: Adaptable): Signal {
  switch (adaptable.topic.action) {
    case 'created':
    case 'modified':
    case 'deleted':
      return readFromTable(thingEvents, thingResourceAt, adaptable);
    case 'merged':
      return read(thingMerged, checkPath(adaptable));
    case 'migrated':
      return read(thingDefinitionMigrated, checkPath(adaptable));
    default:
      throw unsupportedTopic(adaptable.topic);
  }
}

function readPolicies(adaptable: Adaptable): Signal {
  const { topic, status } = adaptable;
  switch (topic.criterion) {
    case 'commands': {
      const table = status === undefined ? policyCommands : policyResponses;
      if (topic.action === undefined || !table.has(topic.action)) throw unsupportedTopic(topic);
      return readFromTable(table, policyResourceAt, adaptable);
    }
    case 'events':
      return readFromTable(policyEvents, policyResourceAt, adaptable);
    case 'errors':
      return readError(errorDefinitions.policy, adaptable);
    case 'announcements':
      return readAnnouncement(policyAnnouncements, adaptable);
    case 'streaming':
      return readStreaming(adaptable);
    default:
      throw unsupportedTopic(topic);
  }
}

function readConnections(adaptable: Adaptable): Signal {
  switch (adaptable.topic.criterion) {
    case 'announcements':
      return readAnnouncement(connectionAnnouncements, adaptable);
    case 'streaming':
      return readStreaming(adaptable);
    default:
      throw unsupportedTopic(adaptable.topic);
  }
}

/** The definition of an action on the resource at the message's path; an unknown path is told first. */
function readFromTable(
  table: DefinitionTable,
  resourceAt: (keys: readonly string[]) => string | undefined,
  adaptable: Adaptable,
): Signal {
  const keys = keysOf(adaptable);
  const resource = resourceAt(keys);
  if (resource === undefined) throw unknownPath(adaptable.path);
  const definition = table.get(adaptable.topic.action ?? '')?.get(resource);
  if (definition === undefined) throw unsupportedCombination(adaptable);
  return read(definition, adaptable);
}

/** Keys of a path; the ids of subjects may hold slashes. @throws DittoError `json.pointer.invalid` */
function keysOf({ path, topic }: Adaptable): readonly string[] {
  if (topic.group !== 'policies' || !path.includes('//')) return parsePointer(path);
  const keys = splitPath(path);
  return keys[2] === 'subjects' ? keys : parsePointer(path);
}

function checkPath(adaptable: Adaptable): Adaptable {
  parsePointer(adaptable.path);
  return adaptable;
}

/** Subjects of messages may hold anything; only the part before them is a pointer. */
function checkFeaturePath(adaptable: Adaptable): Adaptable {
  if (adaptable.path.startsWith('/features/')) parsePointer(adaptable.path.split('/').slice(0, 5).join('/'));
  return adaptable;
}

const read = (definition: SignalDefinition, adaptable: Adaptable): Signal =>
  readAs(definition.make, adaptable);

function readAs(make: SignalDefinition['make'], adaptable: Adaptable): Signal {
  const headers = inboundHeaders(adaptable);
  return make({ ...adaptable, headers }, headers);
}

function readSearch(adaptable: Adaptable): Signal {
  const { topic } = adaptable;
  const definition = searchDefinitions.get(topic.action ?? '');
  if (definition === undefined) throw unsupportedTopic(topic);
  return read(definition, topic.action === 'subscribe' ? withNamespaces(adaptable) : adaptable);
}

function readStreaming(adaptable: Adaptable): Signal {
  const { topic } = adaptable;
  const definition = streamingDefinitions.get(topic.action ?? '');
  if (definition === undefined) throw unsupportedTopic(topic);
  return read(definition, checkPath(adaptable));
}

function readAnnouncement(
  definitions: ReadonlyMap<string | undefined, SignalDefinition>,
  adaptable: Adaptable,
): Signal {
  const { topic } = adaptable;
  if (topic.subject === undefined) throw unsupportedTopic(topic);
  const definition = definitions.get(topic.subject);
  if (definition === undefined) throw unsupportedCombination(adaptable);
  return read(definition, adaptable);
}

/** All headers of acknowledgements are kept. */
function readAck(adaptable: Adaptable): Signal {
  if (adaptable.topic.subject === undefined) return ackDefinitions.acks.make(adaptable, adaptable.headers);
  checkForeignLabel(adaptable.topic);
  return ackDefinitions.ack.make(adaptable, adaptable.headers);
}

/** Errors name their entity in the topic alone. */
function readError(definition: SignalDefinition, adaptable: Adaptable): Signal {
  const headers = withLiveChannel(filterHeadersFromExternal(adaptable.headers), adaptable);
  return definition.make({ ...adaptable, headers }, headers);
}

const withLiveChannel = (headers: DittoHeaders, { topic }: Adaptable): DittoHeaders =>
  topic.channel === 'live' && headerValue(headers, 'channel') !== 'live'
    ? withHeaders(headers, { channel: 'live' })
    : headers;
