import { statusOutOfRange } from '../errors/errorRegistry.ts';
import { jsonFieldMissing, jsonFormatInvalid, jsonInvalid, jsonNotAnObject } from '../errors/jsonErrors.ts';
import { optionalObject, requiredInt, requiredObject, requiredString } from '../json/fields.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/jsonValue.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import { checkAckLabel, dittoAckLabelForbidden, isDittoAckLabel } from '../protocol/ackLabel.ts';
import type { Adaptable } from '../protocol/adaptable.ts';
import { headersFromJson, headersToJson, noHeaders, put } from '../protocol/dittoHeaders.ts';
import { unsupportedTopic } from '../protocol/protocolErrors.ts';
import type { Signal } from '../protocol/signal.ts';
import type { TopicPath } from '../protocol/topicPath.ts';
import { splitId } from './entityId.ts';
import { channelOf, entityIdOf, statusFromJson, valueInJson } from './entitySignals.ts';
import type { SignalDefinition } from './signalDefinition.ts';
import { responseHeaders } from './signalHeaders.ts';
import { thingKind } from './thingKind.ts';

/*
 * Acknowledgements, alone and aggregated (base/model/.../signals/acks/*.java). They only exist for things.
 */

const ACK = 'acknowledgement';
const ACKS = 'acknowledgements';

export interface AcknowledgementParts {
  readonly label: string;
  /** Of the acknowledged thing. */
  readonly entityId: string;
  readonly status: number;
  readonly payload?: JsonValue | undefined;
  readonly headers?: DittoHeaders | undefined;
}

/** A single acknowledgement; labels of Ditto's own are allowed here, but have no Protocol form. @throws DittoError */
export function acknowledgement(parts: AcknowledgementParts): Signal {
  const headers = parts.headers ?? noHeaders;
  const topic = topicOf(parts.entityId, checkAckLabel(parts.label), headers);
  return signalOf(topic, headers, parts.entityId, parts.status, parts.payload);
}

/** The label of a single acknowledgement. */
export const ackLabelOf = (signal: Signal): string => signal.adaptable.topic.subject ?? '';

function topicOf(entityId: string, label: string | undefined, headers: DittoHeaders): TopicPath {
  const [namespace, name] = splitId(thingKind.checkId(entityId));
  const channel = channelOf(headers);
  return { namespace, name, group: 'things', channel, criterion: 'acks', action: undefined, subject: label };
}

function signalOf(
  topic: TopicPath,
  headers: DittoHeaders,
  entityId: string,
  status: number,
  value: JsonValue | undefined,
): Signal {
  return {
    kind: topic.subject === undefined ? ACKS : ACK,
    type: topic.subject === undefined ? ACKS : ACK,
    adaptable: { topic, headers, path: '/', value, status },
    headers: responseHeaders(headers),
    entityId,
    entityType: 'thing',
    resourcePath: '/',
    status,
    category: undefined,
  };
}

/** From outside nobody may issue a label of Ditto's own. @throws DittoError */
export function checkForeignLabel(topic: TopicPath): void {
  if (topic.subject === undefined) throw unsupportedTopic(topic);
  if (isDittoAckLabel(checkAckLabel(topic.subject))) throw dittoAckLabelForbidden(topic.subject);
}

const ack: SignalDefinition = {
  type: ACK,
  make: ({ topic, value, status }, headers) => {
    const entityId = entityIdOf(thingKind, topic);
    checkAckLabel(topic.subject ?? '');
    if (status === undefined) throw jsonFieldMissing('/status');
    return signalOf(topic, headers, entityId, status, value);
  },
  toJson: (signal) => {
    const { entityId, status = 200, headers, adaptable } = signal;
    return entryJson({ label: ackLabelOf(signal), status, payload: adaptable.value, headers }, entityId);
  },
  fromJson: (json, headers) => {
    const own = optionalObject(json, 'headers');
    return {
      topic: topicOf(requiredString(json, 'entityId'), checkAckLabel(requiredString(json, 'label')), headers),
      headers: own === undefined ? headers : headersFromJson(own),
      path: '/',
      value: Object.hasOwn(json, 'payload') ? json['payload'] : undefined,
      status: statusFromJson(json),
    };
  },
};

/** One acknowledgement inside of aggregated ones. */
export interface AckEntry {
  readonly label: string;
  readonly status: number;
  readonly payload: JsonValue | undefined;
  readonly headers: DittoHeaders;
}

/** The value of aggregated acknowledgements. */
export function ackEntriesToJson(entries: readonly AckEntry[]): JsonObject {
  const json: Record<string, JsonValue> = {};
  for (const { label, status, payload, headers } of entries) {
    const typed = headersToJson(headers);
    put(json, label, {
      status,
      ...valueInJson('payload', payload),
      ...(Object.keys(typed).length === 0 ? {} : { headers: typed }),
    });
  }
  return json;
}

/** The single acknowledgements in aggregated ones. @throws DittoError */
export function ackEntriesFromJson(value: JsonValue | undefined): readonly AckEntry[] {
  if (value === undefined) throw jsonFieldMissing('/value');
  if (!isJsonObject(value)) throw jsonNotAnObject(value);
  return Object.entries(value).map(([label, entry]) => {
    if (!isJsonObject(entry)) throw jsonNotAnObject(entry as JsonValue);
    return ackEntry(label, entry);
  });
}

function ackEntry(label: string, json: JsonObject): AckEntry {
  checkAckLabel(label);
  const status = requiredInt(json, 'status');
  if (status < 100 || status > 599) throw jsonInvalid(statusOutOfRange(status));
  return {
    label,
    status,
    payload: Object.hasOwn(json, 'payload') ? json['payload'] : undefined,
    headers: responseHeaders(headersFromJson(optionalObject(json, 'headers') ?? {})),
  };
}

/** Aggregated acknowledgements. @throws DittoError `json.format.invalid` when there are none */
export function acknowledgementsOf(
  topic: TopicPath,
  headers: DittoHeaders,
  status: number,
  entries: readonly AckEntry[],
): Signal {
  const entityId = entityIdOf(thingKind, topic);
  if (entries.length === 0) throw jsonFormatInvalid("The argument 'acknowledgements' must not be empty!");
  return signalOf(topic, headers, entityId, status, ackEntriesToJson(entries));
}

const acks: SignalDefinition = {
  type: ACKS,
  make: ({ topic, value, status }, headers) => {
    if (status === undefined) throw jsonFieldMissing('/status');
    return acknowledgementsOf(topic, headers, status, ackEntriesFromJson(value));
  },
  toJson: (signal) => {
    const entries = ackEntriesFromJson(signal.adaptable.value);
    const members: Record<string, JsonValue> = {};
    for (const entry of entries) put(members, entry.label, entryJson(entry, signal.entityId));
    return {
      type: ACKS,
      entityId: signal.entityId,
      entityType: 'thing',
      statusCode: signal.status,
      acknowledgements: members,
    };
  },
  fromJson: (json, headers): Adaptable => ({
    topic: topicOf(requiredString(json, 'entityId'), undefined, headers),
    headers,
    path: '/',
    value: requiredObject(json, 'acknowledgements'),
    status: requiredInt(json, 'statusCode'),
  }),
};

const entryJson = (
  { label, status, payload, headers }: AckEntry,
  entityId: string | undefined,
): JsonObject => ({
  type: ACK,
  label,
  entityId,
  entityType: 'thing',
  status,
  ...valueInJson('payload', payload),
  headers: headersToJson(headers),
});

export const ackDefinitions = { ack, acks } as const;
