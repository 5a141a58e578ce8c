import { decodeBase64Bytes } from '../base64.ts';
import { messageMappingFailed } from '../errors/connectivityErrors.ts';
import { unspecificError } from '../errors/unspecificFailure.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/jsonValue.ts';
import { stringifyJson } from '../json/stringifyJson.ts';
import { formatInstant } from '../placeholders/timePlaceholder.ts';
import type { ExternalMessage } from '../ports/protocolAdapter.ts';
import { type Adaptable, adaptableToJson } from '../protocol/adaptable.ts';
import { headerValue, withHeaders } from '../protocol/dittoHeaders.ts';
import { formatTopicPath } from '../protocol/topicPath.ts';
import { contentTypeOf, DITTO_PROTOCOL } from './contentType.ts';
import { adaptableFromValue, jsonFromText, unwrappedJson } from './dittoMapper.ts';
import type { MapperEngine } from './mapperEngine.ts';
import type { MapperEnvironment } from './payloadMapper.ts';
import { payloadText } from './payloadText.ts';

const STRUCTURED = 'application/cloudevents+json';
const SOURCE = 'https://github.com/eclipse-ditto/ditto';

/** Protocol messages in CloudEvents 1.0 envelopes (connectivity/service/.../CloudEventsMapper.java). */
export const cloudEventsEngine: MapperEngine = {
  alias: 'CloudEvents',
  needsDefinition: false,
  defaultOptions: {},
  create: (_options, environment) => ({
    mapInbound: (message) => fromCloudEvent(message),
    mapOutbound: (adaptable) => [toCloudEvent(adaptable, environment)],
  }),
};

/** The content type tells binary mode (attributes in headers) from structured mode (all in the body); others are dropped. */
function fromCloudEvent(message: ExternalMessage): readonly Adaptable[] {
  const payload = payloadText(message);
  const contentType = contentTypeOf(message);
  if (contentType === DITTO_PROTOCOL) return [fromBinary(message, payload)];
  return contentType === STRUCTURED ? [fromStructured(payload)] : [];
}

const notACloudEvent = (contentType: string) => messageMappingFailed(contentType, 'This is not a CloudEvent');

function fromBinary({ headers }: ExternalMessage, payload: string): Adaptable {
  const id = exact(headers, 'ce-id');
  const isComplete = ['ce-source', 'ce-type', 'ce-specversion'].every((name) => Object.hasOwn(headers, name));
  if (id === undefined || !isComplete) throw notACloudEvent(DITTO_PROTOCOL);
  return withCorrelationId(adaptableFromValue(jsonFromText(payload)), id);
}

const exact = (headers: Readonly<Record<string, string>>, name: string): string | undefined =>
  Object.hasOwn(headers, name) ? headers[name] : undefined;

function fromStructured(payload: string): Adaptable {
  const event = eventFrom(payload);
  const isComplete = ['specversion', 'type', 'id', 'source'].every((name) => Object.hasOwn(event, name));
  if (!isComplete) throw notACloudEvent(STRUCTURED);
  const adaptable = adaptableFromValue(dataOf(event));
  const id = event['id'];
  if (typeof id !== 'string')
    throw unspecificError('UnsupportedOperationException', 'The id is not a string.');
  return withCorrelationId(adaptable, id);
}

function eventFrom(payload: string): JsonObject {
  const event = unwrappedJson(payload);
  if (event === null) return {};
  if (isJsonObject(event)) return event;
  throw unspecificError('JsonParseException', `<${stringifyJson(event)}> is not a valid JSON object!`);
}

function dataOf(event: JsonObject): JsonValue {
  const base64 = event['data_base64'];
  if (base64 !== undefined) {
    const bytes = typeof base64 === 'string' ? decodeBase64Bytes(base64) : undefined;
    if (bytes === undefined)
      throw unspecificError('IllegalArgumentException', 'Illegal base64 in <data_base64>.');
    return jsonFromText(bytes.toString('utf8'));
  }
  if (event['data'] === undefined) throw notACloudEvent(STRUCTURED);
  return event['data'];
}

const withCorrelationId = (adaptable: Adaptable, id: string): Adaptable => ({
  ...adaptable,
  headers: withHeaders(adaptable.headers, { 'correlation-id': id }),
});

function toCloudEvent(adaptable: Adaptable, environment: MapperEnvironment): ExternalMessage {
  const { topic, timestamp } = adaptable;
  const [, , ...rest] = formatTopicPath(topic).split('/');
  const event = {
    data: adaptableToJson(adaptable),
    specversion: '1.0',
    id: headerValue(adaptable.headers, 'correlation-id') ?? environment.newId(),
    source: SOURCE,
    type: `org.eclipse.ditto.outbound:${rest.join('/')}`,
    datacontenttype: DITTO_PROTOCOL,
    time: timestamp ?? formatInstant(environment.now()),
    subject: `${topic.namespace}:${topic.name}`,
  };
  return { headers: { 'content-type': STRUCTURED }, text: stringifyJson(event) };
}
