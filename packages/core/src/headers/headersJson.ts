import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../json/jsonValue.ts';
import { JsonSyntaxError, parseJson } from '../json/parseJson.ts';
import { stringifyJson } from '../json/stringifyJson.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import { checkHeader } from './checkHeader.ts';
import { headerDefinition } from './headerDefinitions.ts';

/**
 * Headers from their JSON form: keys in lower case, non-strings as their JSON text, `null` left out
 * (base/model/.../headers/AbstractDittoHeadersBuilder.java).
 *
 * @throws DittoError `header.invalid`, `timeout.invalid`
 */
export function headersFromJson(json: JsonObject): DittoHeaders {
  const headers = new Map<string, string>();
  for (const [name, value] of Object.entries(json)) {
    if (value === null || value === undefined) continue;
    const key = name.toLowerCase();
    const text = typeof value === 'string' ? value : stringifyJson(value);
    checkHeader(key, text);
    headers.set(key, text);
  }
  return Object.fromEntries(headers);
}

/** The JSON form of headers: predefined ones typed by their definition, all others as strings. */
export function headersToJson(headers: DittoHeaders): JsonObject {
  return Object.fromEntries(Object.entries(headers).map(([key, value]) => [key, typed(key, value)]));
}

function typed(key: string, value: string): JsonValue {
  switch (headerDefinition(key.toLowerCase())?.type) {
    case 'boolean':
      return value.toLowerCase() === 'true';
    case 'int':
    case 'long':
    case 'array':
    case 'labels':
    case 'object':
      return parsed(value);
    default:
      return value;
  }
}

/** Text that is no JSON stays text. */
function parsed(value: string): JsonValue {
  try {
    const json = parseJson(value);
    return isJsonArray(json) || isJsonObject(json) || typeof json !== 'string' ? json : value;
  } catch (error) {
    if (error instanceof JsonSyntaxError) return value;
    throw error;
  }
}
