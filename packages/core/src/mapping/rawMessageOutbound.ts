import { decodeBase64Bytes } from '../base64.ts';
import { makeError } from '../errors/makeError.ts';
import { unspecificError } from '../errors/unspecificFailure.ts';
import type { JsonValue } from '../json/jsonValue.ts';
import { stringifyJson } from '../json/stringifyJson.ts';
import type { ExternalMessage } from '../ports/protocolAdapter.ts';
import { headerValue } from '../protocol/dittoHeaders.ts';
import { splitPath } from '../protocol/pointer.ts';
import type { Adaptable } from '../protocol/signal.ts';
import { checkThingId } from '../signals/entityId.ts';
import { DITTO_PROTOCOL, mediaTypeOf, payloadKindOf } from './contentType.ts';
import { protocolMessage } from './dittoMapper.ts';

/** The bare payload of a message, its envelope in headers; everything else as a Protocol message. @throws DittoError */
export function toRawMessage(adaptable: Adaptable, fallbackContentType: string): ExternalMessage {
  const given = headerValue(adaptable.headers, 'content-type') ?? fallbackContentType;
  const isMessage = adaptable.topic.criterion === 'messages';
  if (!isMessage || mediaTypeOf(given) === DITTO_PROTOCOL) return protocolMessage(adaptable);
  const contentType = given.toLowerCase();
  const headers = messageHeaders(adaptable, contentType);
  const { value } = adaptable;
  if (value === undefined) return { headers };
  if (payloadKindOf(contentType) === 'binary') return { headers, bytes: binaryPayload(value, contentType) };
  return { headers, text: typeof value === 'string' ? value : stringifyJson(value) };
}

function messageHeaders(
  { topic, path, status }: Adaptable,
  contentType: string,
): Readonly<Record<string, string>> {
  const thingId = `${topic.namespace}:${topic.name}`;
  checkThingId(thingId);
  const keys = splitPath(path);
  const featureId = keys[0] === 'features' ? keys[1] : undefined;
  const box = featureId === undefined ? keys[0] : keys[2];
  if ((box !== 'inbox' && box !== 'outbox') || topic.subject === undefined)
    throw unspecificError('NoSuchElementException', 'No value present');
  const headers: Record<string, string> = {
    'content-type': contentType,
    'ditto-message-direction': box === 'inbox' ? 'TO' : 'FROM',
    'ditto-message-thing-id': thingId,
    'ditto-message-subject': topic.subject,
  };
  if (featureId !== undefined) headers['ditto-message-feature-id'] = featureId;
  if (status !== undefined) headers['status'] = String(status);
  return headers;
}

function binaryPayload(value: JsonValue, contentType: string): Uint8Array {
  const bytes = typeof value === 'string' ? decodeBase64Bytes(value) : undefined;
  if (bytes !== undefined) return bytes;
  throw makeError(
    'messages:messageformat.invalid',
    `Expect payload of a message of content-type <${contentType}> to be a base64 encoded string.`,
    { description: 'Please make sure the message has the correct content-type.' },
  );
}
