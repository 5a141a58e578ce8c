import { jsonUnparsable } from '../errors/jsonErrors.ts';
import { unspecificError } from '../errors/unspecificFailure.ts';
import type { JsonObject, JsonValue } from '../json/jsonValue.ts';
import { parseJson } from '../json/parseJson.ts';
import type { ExternalMessage } from '../ports/protocolAdapter.ts';
import { type Adaptable, adaptableToText, parseAdaptable } from '../protocol/adaptable.ts';
import { headerValue } from '../protocol/dittoHeaders.ts';
import { DITTO_PROTOCOL } from './contentType.ts';
import type { MapperEngine } from './mapperEngine.ts';
import type { PayloadMapper } from './payloadMapper.ts';
import { payloadText } from './payloadText.ts';

/** Messages of Eclipse Hono that carry no payload for Ditto. */
export const dittoDefaultOptions: JsonObject = {
  'content-type-blocklist': [
    'application/vnd.eclipse-hono-empty-notification',
    'application/vnd.eclipse-hono-device-provisioning-notification',
    'application/vnd.eclipse-hono-dc-notification+json',
    'application/vnd.eclipse-hono-delivery-failure-notification+json',
  ].join(','),
};

/** Protocol messages as they are (connectivity/service/.../DittoMessageMapper.java). Needs no options. */
export const dittoMapper: PayloadMapper = {
  mapInbound: (message) => [adaptableFromPayload(message)],
  mapOutbound: (adaptable) => [protocolMessage(adaptable)],
};

export const dittoEngine: MapperEngine = {
  alias: 'Ditto',
  needsDefinition: false,
  defaultOptions: dittoDefaultOptions,
  create: () => dittoMapper,
};

/** Reads the payload as a Protocol message. @throws DittoError */
export const adaptableFromPayload = (message: ExternalMessage): Adaptable =>
  adaptableFromValue(jsonFromText(payloadText(message)));

/** JSON null is an object without members to Ditto. */
export const adaptableFromValue = (json: JsonValue): Adaptable => parseAdaptable(json === null ? {} : json);

/** @throws DittoError `json.invalid` */
export function jsonFromText(text: string): JsonValue {
  try {
    return parseJson(text);
  } catch {
    throw jsonUnparsable(text);
  }
}

/** JSON that Ditto reads without turning a failure into an answer of its own. @throws DittoError with an unspecific cause */
export function unwrappedJson(text: string): JsonValue {
  try {
    return jsonFromText(text);
  } catch (error) {
    throw unspecificError('JsonParseException', (error as Error).message);
  }
}

/** A Protocol message as it is sent; of its headers only the correlation id is shown outside the payload. */
export function protocolMessage(adaptable: Adaptable): ExternalMessage {
  const correlationId = headerValue(adaptable.headers, 'correlation-id');
  const headers: Record<string, string> = { 'content-type': DITTO_PROTOCOL };
  if (correlationId !== undefined) headers['correlation-id'] = correlationId;
  return { headers, text: adaptableToText(adaptable) };
}
