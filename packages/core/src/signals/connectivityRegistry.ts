import { commandFacts } from '../commands/commandFacts.ts';
import { type Command, commandToJson, connectionIdOf, parseCommand } from '../commands/parseCommand.ts';
import { parseResponse } from '../commands/parseResponse.ts';
import {
  type ConnectionAnnouncement,
  connectionAnnouncementToJson,
  parseConnectionAnnouncement,
} from '../events/announcements.ts';
import { connectionEventToJson, parseConnectionEvent } from '../events/connectionEvents.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/jsonValue.ts';
import { stringifyJson } from '../json/stringifyJson.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import { headersToJson } from '../protocol/dittoHeaders.ts';
import { filterHeadersToExternal } from '../protocol/headerFilters.ts';
import { unknownSignal } from '../protocol/protocolErrors.ts';

export type SignalRegistry = 'command' | 'response' | 'event' | 'announcement';

/**
 * Reads a signal of the family `connectivity.*` by its registry and tells what Ditto's classes tell of it: kind, name,
 * path, entity, category or status, its JSON, and its Ditto Protocol form or the refusal of one.
 *
 * @throws DittoError
 */
export function connectivitySignalJson(
  registry: SignalRegistry,
  json: JsonObject,
  headers: DittoHeaders,
): JsonObject {
  switch (registry) {
    case 'command':
      return describeCommand(parseCommand(json));
    case 'response':
      return describeResponse(json);
    case 'event':
      return describeEvent(json);
    case 'announcement':
      return describeAnnouncement(parseConnectionAnnouncement(json), headers);
  }
}

function describeCommand(command: Command): JsonObject {
  const { category, resourcePath } = commandFacts(command.type);
  return {
    ...common('command', command.type, 'connection', resourcePath, connectionIdOf(command)),
    category,
    ...jsonForms(commandToJson(command), commandToJson(command, { hidden: true })),
    adaptable: unsupported(command.type),
  };
}

/** A response has the path of its command. */
function describeResponse(json: JsonObject): JsonObject {
  const response = parseResponse(json);
  const type = String(response['type']);
  const isError = type === 'connectivity.responses:errorResponse';
  const { resourcePath } = commandFacts(type.replace('.responses:', '.commands:'));
  return {
    ...common(isError ? 'errorResponse' : 'response', type, 'connection', resourcePath, entityOf(response)),
    status: response['status'],
    responseType: isError ? 'error' : 'response',
    ...jsonForms(response, parseResponse(json, { hidden: true })),
    adaptable: unsupported(type),
  };
}

function entityOf(response: JsonObject): string | undefined {
  const connection = response['connection'];
  const id = response['connectionId'] ?? (isJsonObject(connection) ? connection['id'] : undefined);
  return typeof id === 'string' ? id : undefined;
}

function describeEvent(json: JsonObject): JsonObject {
  const event = parseConnectionEvent(json);
  return {
    ...common('event', event.type, 'connectivity', '/', event.connectionId),
    ...jsonForms(connectionEventToJson(event), connectionEventToJson(event, { hidden: true })),
    adaptable: unsupported(event.type),
  };
}

function describeAnnouncement(announcement: ConnectionAnnouncement, headers: DittoHeaders): JsonObject {
  const { type, connectionId, ...value } = announcement;
  return {
    ...common('announcement', type, 'connection', '/', connectionId),
    json: connectionAnnouncementToJson(announcement),
    adaptable: {
      topic: `_/${connectionId}/connections/announcements/${nameOf(type)}`,
      headers: headersToJson({ ...filterHeadersToExternal(headers), 'content-type': 'application/json' }),
      path: '/',
      value,
    },
  };
}

const nameOf = (type: string): string => type.slice(type.indexOf(':') + 1);

function common(
  kind: string,
  type: string,
  resourceType: string,
  resourcePath: string,
  entityId: string | undefined,
): JsonObject {
  return {
    type,
    kind,
    name: nameOf(type),
    manifest: type,
    resourceType,
    resourcePath,
    ...(entityId === undefined ? undefined : { entityId, entityType: 'connection' }),
  };
}

/** The form with hidden fields is told only where it differs. */
const jsonForms = (json: JsonObject, jsonAllFields: JsonObject): JsonObject =>
  stringifyJson(json) === stringifyJson(jsonAllFields) ? { json } : { json, jsonAllFields };

/** Of all connectivity signals only announcements have a Ditto Protocol form. */
const unsupported = (type: string): JsonValue => ({
  error: unknownSignal(nameOf(type)).toJson(),
});
