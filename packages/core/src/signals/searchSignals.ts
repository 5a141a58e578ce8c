import { parseError } from '../errors/errorRegistry.ts';
import { jsonInvalid, jsonNotA, jsonNotAnObject } from '../errors/jsonErrors.ts';
import { unspecificError } from '../errors/unspecificFailure.ts';
import { optionalArray, optionalObject, optionalString } from '../json/fields.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/jsonValue.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import { type Adaptable, optionalExactLong } from '../protocol/adaptable.ts';
import { canonicalFields } from '../protocol/fieldSelector.ts';
import type { Signal } from '../protocol/signal.ts';
import { checkQueryHeaders } from './entitySignals.ts';
import type { SignalDefinition } from './signalDefinition.ts';

/* Searching things over a connection (thingsearch/model/.../signals/*.java); no entity is named. */

const COMMANDS = 'thing-search.commands:';
const EVENTS = 'thing-search.subscription.events:';

type ReadValue = (value: JsonObject) => JsonObject;

function objectOf(value: JsonValue | undefined): JsonObject {
  if (value === undefined || value === null) return {};
  if (isJsonObject(value)) return value;
  throw jsonNotAnObject(value);
}

function subscriptionId(value: JsonObject): JsonObject {
  const id = optionalString(value, 'subscriptionId');
  if (id === undefined) throw unspecificError('NullPointerException', '');
  return { subscriptionId: id };
}

/** What a message of the Protocol leaves open is searched in all namespaces. */
export const withNamespaces = (adaptable: Adaptable): Adaptable => ({
  ...adaptable,
  value: {
    ...objectOf(adaptable.value),
    namespaces: optionalArray(objectOf(adaptable.value), 'namespaces') ?? [],
  },
});

function readSubscribe(value: JsonObject): JsonObject {
  const filter = optionalString(value, 'filter');
  const options = optionalString(value, 'options');
  const namespaces = optionalArray(value, 'namespaces');
  for (const namespace of namespaces ?? []) {
    if (typeof namespace !== 'string') throw jsonNotA('a string', namespace);
  }
  return {
    ...(filter === undefined ? {} : { filter }),
    ...(options === undefined ? {} : { options }),
    ...(namespaces === undefined ? {} : { namespaces: [...new Set(namespaces)] }),
  };
}

function readFailed(value: JsonObject): JsonObject {
  const id = subscriptionId(value);
  const error = optionalObject(value, 'error');
  if (error === undefined) throw jsonInvalid(undefined);
  return { ...id, error: parseError(error).error.toJson() };
}

function definition(prefix: string, action: string, isCommand: boolean, read: ReadValue): SignalDefinition {
  const type = `${prefix}${action}`;
  return {
    type,
    make: ({ topic, headers: ownHeaders, value, fields }, headers): Signal => {
      const payload = read(objectOf(value));
      if (isCommand) checkQueryHeaders(headers);
      return {
        kind: isCommand ? 'command' : 'event',
        type,
        adaptable: {
          topic: { ...topic, namespace: '_', name: '_', channel: 'twin' },
          headers: ownHeaders,
          path: '/',
          value: payload,
          fields: action === 'subscribe' ? fields : undefined,
        },
        headers,
        entityId: undefined,
        entityType: undefined,
        resourcePath: '/',
        status: undefined,
        category: isCommand ? 'QUERY' : undefined,
      };
    },
    toJson: ({ adaptable: { value, fields } }) => ({
      type,
      ...objectOf(value),
      ...(fields === undefined ? {} : { fields }),
    }),
    fromJson: (json: JsonObject, headers: DittoHeaders): Adaptable => {
      const { type: _, fields: __, ...value } = json;
      const fields = optionalString(json, 'fields');
      return {
        topic: {
          namespace: '_',
          name: '_',
          group: 'things',
          channel: 'twin',
          criterion: 'search',
          action,
          subject: undefined,
        },
        headers,
        path: '/',
        value,
        fields: fields === undefined ? undefined : canonicalFields(fields),
      };
    },
  };
}

export const searchDefinitions: ReadonlyMap<string, SignalDefinition> = new Map([
  ['subscribe', definition(COMMANDS, 'subscribe', true, readSubscribe)],
  ['cancel', definition(COMMANDS, 'cancel', true, subscriptionId)],
  [
    'request',
    definition(COMMANDS, 'request', true, (value) => ({
      ...subscriptionId(value),
      demand: optionalExactLong(value, 'demand') ?? 0,
    })),
  ],
  ['created', definition(EVENTS, 'created', false, subscriptionId)],
  ['complete', definition(EVENTS, 'complete', false, subscriptionId)],
  [
    'next',
    definition(EVENTS, 'next', false, (value) => ({
      ...subscriptionId(value),
      items: optionalArray(value, 'items') ?? [],
    })),
  ],
  ['failed', definition(EVENTS, 'failed', false, readFailed)],
]);
