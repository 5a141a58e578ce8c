import { jsonNoObject, jsonUnparsable, jsonWrongType } from '../errors/jsonErrors.ts';
import { optionalInt, optionalObject, optionalString, requiredString } from '../json/fields.ts';
import { isJsonObject, JsonNumber, type JsonObject, type JsonValue } from '../json/jsonValue.ts';
import { parseJson } from '../json/parseJson.ts';
import { stringifyJson } from '../json/stringifyJson.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import { headersFromJson, headersToJson, noHeaders } from './dittoHeaders.ts';
import { canonicalFields } from './fieldSelector.ts';
import { canonicalInstant } from './instant.ts';
import { canonicalPath } from './pointer.ts';
import { formatTopicPath, parseTopicPath, type TopicPath } from './topicPath.ts';

/** A Ditto Protocol message as data (protocol/.../Adaptable.java). `undefined` = absent; `value: null` is a value. */
export interface Adaptable {
  readonly topic: TopicPath;
  readonly headers: DittoHeaders;
  /** JSON pointer; root is `/`. */
  readonly path: string;
  readonly value?: JsonValue | undefined;
  readonly extra?: JsonObject | undefined;
  readonly status?: number | undefined;
  readonly revision?: number | JsonNumber | undefined;
  /** Canonical ISO-8601 instant. */
  readonly timestamp?: string | undefined;
  readonly metadata?: JsonObject | undefined;
  /** Field selector in its canonical form. */
  readonly fields?: string | undefined;
}

/**
 * Reads a Protocol message; unknown members are ignored. Headers are read first, then topic, path and the rest.
 *
 * @throws DittoError the errors of spec'd members, headers and topic
 */
export function parseAdaptable(json: JsonValue): Adaptable {
  if (!isJsonObject(json)) throw jsonNoObject(json);
  const headersJson = optionalObject(json, 'headers');
  const headers = headersJson === undefined ? noHeaders : headersFromJson(headersJson);
  const topic = parseTopicPath(requiredString(json, 'topic'));
  const path = canonicalPath(requiredString(json, 'path'));
  const value = Object.hasOwn(json, 'value') ? json['value'] : undefined;
  const extra = optionalObject(json, 'extra');
  const status = httpStatus(optionalInt(json, 'status'));
  const timestamp = optionalString(json, 'timestamp');
  const metadata = optionalObject(json, 'metadata');
  const fields = optionalString(json, 'fields');
  return {
    topic,
    headers,
    path,
    value,
    extra,
    status,
    revision: optionalExactLong(json, 'revision'),
    timestamp: timestamp === undefined ? undefined : canonicalInstant(timestamp),
    metadata,
    fields: fields === undefined ? undefined : canonicalFields(fields),
  };
}

/**
 * Reads the text of a Protocol message; numbers leave as they came.
 *
 * @throws DittoError `json.invalid` for text that is no JSON object, and all of `parseAdaptable`
 */
export function adaptableFromText(text: string): Adaptable {
  return parseAdaptable(jsonFromText(text));
}

function jsonFromText(text: string): JsonValue {
  try {
    return parseJson(text);
  } catch {
    throw jsonUnparsable(text);
  }
}

/** The JSON form of a Protocol message, members in Ditto's order. */
export function adaptableToJson(adaptable: Adaptable): JsonObject {
  const { value, extra, status, revision, timestamp, metadata, fields } = adaptable;
  const json: { [key: string]: JsonValue | undefined } = {
    topic: formatTopicPath(adaptable.topic),
    headers: headersToJson(adaptable.headers),
    path: adaptable.path,
  };
  if (value !== undefined) json['value'] = value;
  if (extra !== undefined) json['extra'] = extra;
  if (status !== undefined) json['status'] = status;
  if (revision !== undefined) json['revision'] = revision;
  if (timestamp !== undefined) json['timestamp'] = timestamp;
  if (metadata !== undefined) json['metadata'] = metadata;
  if (fields !== undefined) json['fields'] = fields;
  return json;
}

/** The JSON text of a Protocol message. */
export const adaptableToText = (adaptable: Adaptable): string => stringifyJson(adaptableToJson(adaptable));

/** A code that is no HTTP status counts as absent (base/model/.../HttpStatus.java). */
export const httpStatus = (code: number | undefined): number | undefined =>
  code !== undefined && code >= 100 && code <= 599 ? code : undefined;

const LONG = /^-?\d+$/;

/** A 64-bit integer, also one that a double does not hold. */
export function optionalExactLong(object: JsonObject, field: string): number | JsonNumber | undefined {
  const value = Object.hasOwn(object, field) ? object[field] : undefined;
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  if (value instanceof JsonNumber && LONG.test(value.text) && isLong(value.text)) return value;
  throw jsonWrongType(`/${field}`, value, 'Long');
}

const isLong = (digits: string): boolean =>
  digits.length <= 20 && BigInt(digits) < 2n ** 63n && BigInt(digits) >= -(2n ** 63n);
