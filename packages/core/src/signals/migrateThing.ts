import { DittoError } from '../errors/dittoError.ts';
import { jsonNotA, jsonNotAnObject } from '../errors/jsonErrors.ts';
import { optionalBoolean, optionalObject, requiredObject, requiredString } from '../json/fields.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/jsonValue.ts';
import { parsePointer } from '../protocol/pointer.ts';
import { illegalAdaptable, unknownPath } from '../protocol/protocolErrors.ts';
import { checkThingId } from './entityId.ts';
import {
  entityCommand,
  entityEvent,
  entityIdOf,
  entityResponse,
  eventJson,
  eventPartsFromJson,
  statusFromJson,
  topicOf,
} from './entitySignals.ts';
import { readThingValue } from './readValue.ts';
import type { SignalDefinition } from './signalDefinition.ts';
import { thingKind, withNamespace } from './thingKind.ts';
import { thingResourceAt, thingResources } from './thingResources.ts';

/*
 * Migrating a thing to another version of its definition. Whatever the path of the message, it is about the whole
 * thing (protocol/.../mappingstrategies/ThingDefinitionMigrate*MappingStrategies.java).
 */

const COMMAND = 'things.commands:migrateThingDefinition';
const RESPONSE = 'things.responses:migrateThingDefinition';
const EVENT = 'things.events:ThingDefinitionMigrated';

function objectOf(value: JsonValue | undefined): JsonObject {
  if (value === undefined || value === null) return {};
  if (isJsonObject(value)) return value;
  throw jsonNotAnObject(value);
}

function readMigration(value: JsonObject, thingId: string): JsonObject {
  const thingDefinitionUrl = requiredString(value, 'thingDefinitionUrl');
  const migrationPayload = optionalObject(value, 'migrationPayload') ?? {};
  const patchConditions = optionalObject(value, 'patchConditions') ?? {};
  for (const condition of Object.values(patchConditions)) {
    if (typeof condition !== 'string') throw jsonNotA('a string', condition as JsonValue);
  }
  return {
    type: COMMAND,
    thingId,
    thingDefinitionUrl,
    migrationPayload,
    initializeMissingPropertiesFromDefaults:
      optionalBoolean(value, 'initializeMissingPropertiesFromDefaults') ?? false,
    ...(Object.keys(patchConditions).length === 0 ? {} : { patchConditions }),
  };
}

export const migrateThingDefinition: SignalDefinition = {
  type: COMMAND,
  make: (adaptable, headers) => {
    const entityId = entityIdOf(thingKind, adaptable.topic);
    const value = readMigration(objectOf(adaptable.value), entityId);
    const parts = { type: COMMAND, category: 'MIGRATE', entityId, kind: thingKind, value } as const;
    return entityCommand({ ...adaptable, path: '/' }, headers, parts);
  },
  toJson: ({ adaptable: { value } }) => objectOf(value),
  fromJson: (json, headers) => ({
    topic: topicOf(thingKind, requiredString(json, 'thingId'), 'commands', 'migrate', headers),
    headers,
    path: '/',
    value: json,
  }),
};

function readOutcome(value: JsonObject): JsonObject {
  const mergeStatus = requiredString(value, 'mergeStatus').toUpperCase();
  const thingId = checkThingId(requiredString(value, 'thingId'));
  return { thingId, patch: requiredObject(value, 'patch'), mergeStatus };
}

export const migrateThingDefinitionResponse: SignalDefinition = {
  type: RESPONSE,
  make: (adaptable, headers) => {
    const entityId = entityIdOf(thingKind, adaptable.topic);
    let value: JsonObject;
    try {
      value = readOutcome(objectOf(adaptable.value));
    } catch (error) {
      if (!(error instanceof DittoError)) throw error;
      throw illegalAdaptable(RESPONSE, adaptable, error.message, undefined);
    }
    const status = value['mergeStatus'] === 'DRY_RUN' ? 202 : 200;
    const parts = { type: RESPONSE, entityId, kind: thingKind, value, resourcePath: '/' };
    return entityResponse({ ...adaptable, path: '/', status }, headers, parts);
  },
  toJson: ({ status, adaptable: { value } }) => ({ type: RESPONSE, status, ...objectOf(value) }),
  fromJson: (json, headers) => ({
    topic: topicOf(thingKind, requiredString(json, 'thingId'), 'commands', 'migrate', headers),
    headers,
    path: '/',
    value: json,
    status: statusFromJson(json),
  }),
};

export const thingDefinitionMigrated: SignalDefinition = {
  type: EVENT,
  make: (adaptable, headers) => {
    const resource = thingResources.get('thing');
    const name = thingResourceAt(parsePointer(adaptable.path));
    if (resource === undefined || name === undefined) throw unknownPath(adaptable.path);
    const entityId = entityIdOf(thingKind, adaptable.topic);
    const value = readThingValue(resource.value, adaptable.value);
    const parts = { type: EVENT, entityId, kind: thingKind, value, resourcePath: '/' };
    return entityEvent({ ...adaptable, path: '/' }, headers, parts);
  },
  toJson: (signal) => ({
    ...eventJson(signal),
    thingId: signal.entityId,
    thing: withNamespace(signal.adaptable.value ?? {}, 'thingId'),
  }),
  fromJson: (json, headers) => ({
    topic: topicOf(thingKind, requiredString(json, 'thingId'), 'events', 'migrated', headers),
    headers,
    path: '/',
    value: json['thing'],
    ...eventPartsFromJson(json),
  }),
};
