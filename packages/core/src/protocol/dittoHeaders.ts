import { isJsonObject, type JsonObject, type JsonValue } from '../json/jsonValue.ts';
import { parseJson } from '../json/parseJson.ts';
import { stringifyJson } from '../json/stringifyJson.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import { type HeaderDefinition, headerDefinitions, messageHeaderDefinitions } from './headerDefinitions.ts';
import { canonicalMetadataHeaders } from './metadataHeaders.ts';

/*
 * Ditto headers: a map of strings, looked up without regard to case, spelt as they came
 * (base/model/.../headers/AbstractDittoHeaders.java). Of two spellings of one name the last stays, with its value.
 */

export const noHeaders: DittoHeaders = Object.freeze({});

/** The value of a header; `name` in lower case. */
export function headerValue(headers: DittoHeaders, name: string): string | undefined {
  if (Object.hasOwn(headers, name)) return headers[name];
  for (const key in headers) {
    if (key.length === name.length && key.toLowerCase() === name && Object.hasOwn(headers, key)) {
      return headers[key];
    }
  }
  return undefined;
}

/** Headers with `changes`, then `further` ones, put on top: an existing header of the same name goes, whatever its spelling; `undefined` removes. */
export function withHeaders(
  headers: DittoHeaders,
  changes: Readonly<Record<string, string | undefined>>,
  further?: Readonly<Record<string, string | undefined>>,
): DittoHeaders {
  const result = copyOf(headers);
  putHeaders(result, changes);
  if (further !== undefined) putHeaders(result, further);
  return result;
}

/** As `withHeaders`, for headers that nobody else has yet, and that have each name in one spelling. */
export function putHeaders(
  headers: Record<string, string>,
  changes: Readonly<Record<string, string | undefined>>,
): void {
  for (const name in changes) {
    const value = changes[name];
    const isThere = Object.hasOwn(headers, name);
    if (!isThere) removeOtherSpellings(headers, name);
    if (value !== undefined) put(headers, name, value);
    else if (isThere) delete headers[name];
  }
}

/** To be added to: V8 adds a member to what a spread has made six times as slowly as to what was put together one by one. */
export function copyOf(headers: DittoHeaders): Record<string, string> {
  const result: Record<string, string> = {};
  for (const name in headers) put(result, name, headers[name] as string);
  return result;
}

/** Headers with a predefined one that only this service sets: no other spelling of it can be there. */
export function withInternalHeader(
  headers: DittoHeaders,
  name: string,
  value: string,
): Record<string, string> {
  const result = copyOf(headers);
  result[name] = value;
  return result;
}

/** What is only overwritten is not deleted before: an object that has lost a member is slow ever after. */
function removeOtherSpellings(headers: Record<string, string>, name: string): void {
  const { length } = name;
  for (const key in headers) {
    if (key.length === length && key !== name && key.toLowerCase() === name.toLowerCase())
      delete headers[key];
  }
}

/** Collapses spellings: one entry a name, the last spelling and value, at the place of the first. */
export function collapseHeaders(entries: Iterable<readonly [name: string, value: string]>): DittoHeaders {
  const byName = new Map<string, readonly [string, string]>();
  for (const entry of entries) byName.set(entry[0].toLowerCase(), entry);
  const result: Record<string, string> = {};
  for (const [name, value] of byName.values()) put(result, name, value);
  return result;
}

/**
 * Headers from their JSON form: any JSON value becomes its text, `null` goes, predefined headers are validated.
 *
 * @throws DittoError `header.invalid`, `timeout.invalid`
 */
export function headersFromJson(json: JsonObject): DittoHeaders {
  const headers: Record<string, string> = {};
  let isPlain = true;
  for (const name in json) {
    const value = json[name];
    if (value === null || value === undefined) continue;
    put(headers, name, typeof value === 'string' ? value : stringifyJson(value));
    isPlain &&= name === name.toLowerCase();
  }
  return buildHeaders(headers, isPlain);
}

/**
 * Validates headers that were put together outside and makes them Ditto headers: spellings collapse, `put-metadata` is
 * written in its canonical form.
 *
 * @throws DittoError `header.invalid`, `timeout.invalid`
 */
export function buildHeaders(headers: DittoHeaders, isPlain = false): DittoHeaders {
  validateHeaders(headers);
  const collapsed = isPlain ? headers : collapseHeaders(Object.entries(headers));
  const metadata = headerValue(collapsed, 'put-metadata');
  if (metadata === undefined) return collapsed;
  const canonical = canonicalMetadataHeaders(metadata);
  return withHeaders(collapsed, { 'put-metadata': canonical === '[]' ? undefined : canonical });
}

/** Checks the predefined headers among `headers`, lower-case names only, in the order of their definitions. */
export function validateHeaders(headers: DittoHeaders): void {
  for (const name in headers) {
    const definition = headerDefinitions.get(name);
    if (definition?.validate === undefined) continue;
    try {
      definition.validate(name, headers[name] as string);
    } catch {
      validateInOrder(headers);
      return;
    }
  }
}

function validateInOrder(headers: DittoHeaders): void {
  for (const { name, validate } of headerDefinitions.values()) {
    const value = Object.hasOwn(headers, name) ? headers[name] : undefined;
    if (value !== undefined) validate?.(name, value);
  }
}

/** The JSON form: predefined headers typed by their definition, all others strings. */
export const headersToJson = (headers: DittoHeaders): JsonObject => typedJson(headers, dittoDefinition);

/** As `headersToJson`, with the headers of messages typed too (`status` is a number here). */
export const messageHeadersToJson = (headers: DittoHeaders): JsonObject =>
  typedJson(headers, (name) => messageHeaderDefinitions.get(name) ?? headerDefinitions.get(name));

const dittoDefinition = (name: string): HeaderDefinition | undefined => headerDefinitions.get(name);

function typedJson(
  headers: DittoHeaders,
  definitionOf: (name: string) => HeaderDefinition | undefined,
): JsonObject {
  const json: Record<string, JsonValue> = {};
  for (const name in headers) {
    const value = headers[name] as string;
    const type = (definitionOf(name) ?? definitionOf(name.toLowerCase()))?.type ?? 'string';
    put(json, name, type === 'string' ? value : typedValue(type, value));
  }
  return json;
}

function typedValue(type: HeaderDefinition['type'], value: string): JsonValue {
  if (value === 'true' || value === 'false') return type === 'boolean' ? value === 'true' : value;
  try {
    const json = parseJson(value);
    return type === 'object' && !isJsonObject(json) ? value : json;
  } catch {
    return value;
  }
}

/** Sets an own member whatever its name. */
export function put<T>(target: Record<string, T>, name: string, value: T): void {
  if (name === '__proto__') {
    Object.defineProperty(target, name, { value, enumerable: true, configurable: true, writable: true });
  } else target[name] = value;
}
