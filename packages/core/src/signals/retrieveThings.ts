import { jsonInvalid, jsonNotA } from '../errors/jsonErrors.ts';
import { optionalArray, optionalString, requiredArray } from '../json/fields.ts';
import {
  isJsonArray,
  isJsonObject,
  type JsonArray,
  type JsonObject,
  type JsonValue,
} from '../json/jsonValue.ts';
import { stringifyJson } from '../json/stringifyJson.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import { canonicalFields } from '../protocol/fieldSelector.ts';
import type { TopicPath } from '../protocol/topicPath.ts';
import { checkThingId } from './entityId.ts';
import { channelOf, checkQueryHeaders, statusFromJson } from './entitySignals.ts';
import type { SignalDefinition } from './signalDefinition.ts';
import { responseHeaders } from './signalHeaders.ts';
import { jsonFromText } from './thingSignals.ts';

/* Retrieving several things at once, of one namespace or of any; the topic's name is `_`. */

const COMMAND = 'things.commands:retrieveThings';
const RESPONSE = 'things.responses:retrieveThings';
const ANY = '_';

const topicOf = (namespace: string | undefined, headers: DittoHeaders): TopicPath => ({
  namespace: namespace ?? ANY,
  name: ANY,
  group: 'things',
  channel: channelOf(headers),
  criterion: 'commands',
  action: 'retrieve',
  subject: undefined,
});

const namespaceInJson = ({ namespace }: TopicPath): JsonObject => (namespace === ANY ? {} : { namespace });

/** @throws DittoError `json.invalid`, `things:id.invalid` */
function readThingIds(value: JsonValue | undefined): JsonArray {
  if (!isJsonObject(value)) throw jsonInvalid('Adaptable payload was non existing or no JsonObject');
  const ids = Object.hasOwn(value, 'thingIds') ? value['thingIds'] : undefined;
  if (!isJsonArray(ids)) throw jsonInvalid("Could not map 'thingIds' value to expected JsonArray");
  return ids.map((id) => {
    if (typeof id !== 'string') throw jsonNotA('a string', id);
    return checkThingId(id);
  });
}

export const retrieveThings: SignalDefinition = {
  type: COMMAND,
  make: (adaptable, headers) => {
    const thingIds = readThingIds(adaptable.value);
    checkQueryHeaders(headers);
    const { topic, fields } = adaptable;
    return {
      kind: 'command',
      type: COMMAND,
      adaptable: { topic, headers, path: '/', value: { thingIds }, fields },
      headers,
      entityId: undefined,
      entityType: undefined,
      resourcePath: '/',
      status: undefined,
      category: 'QUERY',
    };
  },
  toJson: ({ adaptable: { topic, value, fields } }) => ({
    type: COMMAND,
    thingIds: isJsonObject(value) ? value['thingIds'] : [],
    ...(fields === undefined ? {} : { selectedFields: fields }),
    ...namespaceInJson(topic),
  }),
  fromJson: (json, headers) => {
    const fields = optionalString(json, 'selectedFields');
    return {
      topic: topicOf(optionalString(json, 'namespace'), headers),
      headers,
      path: '/',
      value: { thingIds: requiredArray(json, 'thingIds') },
      fields: fields === undefined ? undefined : canonicalFields(fields),
    };
  },
};

export const retrieveThingsResponse: SignalDefinition = {
  type: RESPONSE,
  make: (adaptable, headers) => {
    const { topic, value } = adaptable;
    if (!isJsonArray(value)) throw jsonInvalid(undefined);
    const status = 200;
    return {
      kind: 'response',
      type: RESPONSE,
      adaptable: { topic, headers, path: '/', value, status },
      headers: responseHeaders(headers),
      entityId: undefined,
      entityType: undefined,
      resourcePath: '/',
      status,
      category: undefined,
    };
  },
  toJson: ({ status, adaptable: { topic, value } }) => ({
    type: RESPONSE,
    status,
    thingsPlainJson: stringifyJson(value),
    ...namespaceInJson(topic),
  }),
  fromJson: (json, headers) => {
    const text = optionalString(json, 'thingsPlainJson');
    return {
      topic: topicOf(optionalString(json, 'namespace'), headers),
      headers,
      path: '/',
      value: text === undefined ? optionalArray(json, 'things') : jsonFromText(text),
      status: statusFromJson(json),
    };
  },
};
