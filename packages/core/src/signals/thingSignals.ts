import { jsonInvalid, jsonUnparsable } from '../errors/jsonErrors.ts';
import { optionalString } from '../json/fields.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/jsonValue.ts';
import { parseJson } from '../json/parseJson.ts';
import { stringifyJson } from '../json/stringifyJson.ts';
import type { Adaptable } from '../protocol/adaptable.ts';
import { illegalAdaptable } from '../protocol/protocolErrors.ts';
import { createThing, modifyThing } from './createThing.ts';
import { type DefinitionTable, definitionTable, only, without } from './definitionTable.ts';
import {
  type CommandAction,
  commandDefinition,
  type EventAction,
  eventDefinition,
  type ResponseOverrides,
  responseDefinition,
} from './entityDefinitions.ts';
import { thingKind, withNamespace } from './thingKind.ts';
import { thingResources } from './thingResources.ts';

/* The regular signals of things by action and resource (protocol/.../mappingstrategies/Thing*MappingStrategies.java). */

const all = [...thingResources.values()];
const deletable = without(all, 'policyId');
const commandResources = { create: only(all, 'thing'), modify: all, delete: deletable, retrieve: all };

export const thingCommands: DefinitionTable = definitionTable<CommandAction>(
  commandResources,
  (action, resource) => {
    if (resource.name === 'thing' && action === 'create') return createThing;
    if (resource.name === 'thing' && action === 'modify') return modifyThing;
    return commandDefinition(thingKind, action, resource);
  },
);

const thingInJson = { valueToJson: (thing: JsonValue) => ({ thing: withNamespace(thing, 'thingId') }) };

const retrievedThing: ResponseOverrides = {
  readValue: plainThing,
  valueToJson: (thing) => ({ thingPlainJson: stringifyJson(thing) }),
  valueFromJson: thingFromJson,
};

export const thingResponses: DefinitionTable = definitionTable<CommandAction>(
  commandResources,
  (action, resource) => {
    const isThing = resource.name === 'thing';
    if (isThing && action === 'create') {
      return responseDefinition(thingKind, action, resource, { ...thingInJson, isNamed: false });
    }
    if (isThing && action === 'modify') return responseDefinition(thingKind, action, resource, thingInJson);
    if (isThing && action === 'retrieve') {
      return responseDefinition(thingKind, action, resource, retrievedThing);
    }
    return responseDefinition(thingKind, action, resource);
  },
);

export const thingEvents: DefinitionTable = definitionTable<EventAction>(
  { created: deletable, modified: all, deleted: deletable },
  (action, resource) =>
    eventDefinition(thingKind, action, resource, resource.name === 'thing' ? thingInJson : {}),
);

/** A retrieved thing is passed on as it is; it may have any fields. */
function plainThing(adaptable: Adaptable, type: string): JsonObject {
  const { value } = adaptable;
  if (isJsonObject(value)) return value;
  if (value === undefined) {
    throw illegalAdaptable(
      type,
      adaptable,
      'Payload does not contain a JSON object value because it has no value at all.',
      'Please ensure that the payload value contains a valid JSON object as value.',
    );
  }
  throw illegalAdaptable(
    type,
    adaptable,
    `Payload value is not a JSON object but <${stringifyJson(value)}>.`,
    'Please ensure that the payload value is a valid JSON object.',
  );
}

/** Signal JSON holds a retrieved thing as text; older messages hold it as JSON. */
function thingFromJson(json: JsonObject): JsonValue | undefined {
  const text = optionalString(json, 'thingPlainJson');
  return text === undefined ? json['thing'] : jsonFromText(text);
}

/** @throws DittoError `json.invalid` */
export function jsonFromText(text: string): JsonValue {
  if (text === '') throw jsonInvalid('The JSON string to read from must not be empty!');
  try {
    return parseJson(text);
  } catch {
    throw jsonUnparsable(text);
  }
}
