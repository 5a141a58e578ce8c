import { isDittoError } from '../errors/dittoError.ts';
import { jsonInvalid } from '../errors/jsonErrors.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../json/jsonValue.ts';
import { canonicalInstant } from './instant.ts';

/*
 * What every event's JSON carries beside its type (base/model/.../signals/events/EventJsonDeserializer.java): of another
 * type than expected it counts as absent.
 */

/** @throws DittoError `json.invalid` for a text that is no instant */
export function eventTimestamp(json: JsonObject): string | undefined {
  const text = own(json, '_timestamp');
  if (typeof text !== 'string') return undefined;
  try {
    return canonicalInstant(text);
  } catch (error) {
    if (!isDittoError(error)) throw error;
    throw jsonInvalid("The JSON object's field '_modified' is not in ISO-8601 format as expected");
  }
}

export function eventMetadata(json: JsonObject): JsonObject | undefined {
  const value = own(json, '_metadata');
  return isJsonObject(value) ? value : undefined;
}

const own = (json: JsonObject, field: string): JsonValue | undefined =>
  Object.hasOwn(json, field) ? json[field] : undefined;
