import { jsonNotAnObject } from '../errors/jsonErrors.ts';
import { isJsonObject, type JsonValue } from '../json/jsonValue.ts';
import type { ExternalMessage } from '../ports/protocolAdapter.ts';
import { type Adaptable, adaptableToText, parseAdaptable } from '../protocol/adaptable.ts';
import { withHeaders } from '../protocol/dittoHeaders.ts';
import { DITTO_PROTOCOL } from './contentType.ts';
import { jsonFromText } from './dittoMapper.ts';

/** Reads JSON that is to be a Protocol message; null is an object without members. @throws DittoError */
export function adaptableFromObject(json: JsonValue): Adaptable {
  if (json !== null && !isJsonObject(json)) throw jsonNotAnObject(json);
  return parseAdaptable(json ?? {});
}

/** Reads the text of a Protocol message, whatever its content type. @throws DittoError */
export const adaptableFromPlainText = (text: string): Adaptable => adaptableFromObject(jsonFromText(text));

/** A Protocol message as it is sent, all its headers outside as well. */
export const protocolMessageWithHeaders = (adaptable: Adaptable): ExternalMessage => ({
  headers: withHeaders(adaptable.headers, { 'content-type': DITTO_PROTOCOL }),
  text: adaptableToText(adaptable),
});
