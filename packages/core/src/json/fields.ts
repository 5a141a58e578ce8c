import { jsonFieldMissing, jsonNotA, jsonWrongType } from '../errors/jsonErrors.ts';
import {
  isJsonArray,
  isJsonNumber,
  isJsonObject,
  type JsonArray,
  type JsonObject,
  type JsonValue,
} from './jsonValue.ts';

/*
 * Typed access to the fields of a JSON object with Ditto's errors (json/.../ImmutableJsonObject.java):
 * a missing required field is `json.field.missing`, a wrong type `json.invalid`; JSON null counts as absent.
 * `where` is the printed pointer; by default the field's own name with a leading slash.
 */

const pointerOf = (field: string, where?: string): string => where ?? `/${field}`;

function own(object: JsonObject, field: string): JsonValue | undefined {
  const value = Object.hasOwn(object, field) ? object[field] : undefined;
  return value === null ? undefined : value;
}

export function optionalString(object: JsonObject, field: string, where?: string): string | undefined {
  const value = own(object, field);
  if (value === undefined || typeof value === 'string') return value;
  throw jsonWrongType(pointerOf(field, where), value, 'String');
}

export function optionalBoolean(object: JsonObject, field: string, where?: string): boolean | undefined {
  const value = own(object, field);
  if (value === undefined || typeof value === 'boolean') return value;
  throw jsonWrongType(pointerOf(field, where), value, 'Boolean');
}

/** A 32-bit integer. Another number is `json.format.invalid`, as in Ditto, anything else `json.invalid`. */
export function optionalInt(object: JsonObject, field: string, where?: string): number | undefined {
  const value = own(object, field);
  if (value === undefined) return undefined;
  if (typeof value === 'number' && (value | 0) === value) return value;
  if (isJsonNumber(value)) throw jsonNotA('an int', value);
  throw jsonWrongType(pointerOf(field, where), value, 'Integer');
}

/** A 64-bit integer; only those that a double holds exactly are accepted. */
export function optionalLong(object: JsonObject, field: string, where?: string): number | undefined {
  const value = own(object, field);
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  if (isJsonNumber(value)) throw jsonNotA('a long', value);
  throw jsonWrongType(pointerOf(field, where), value, 'Long');
}

export function optionalObject(object: JsonObject, field: string, where?: string): JsonObject | undefined {
  const value = own(object, field);
  if (value === undefined || isJsonObject(value)) return value;
  throw jsonWrongType(pointerOf(field, where), value, 'JsonObject');
}

export function optionalArray(object: JsonObject, field: string, where?: string): JsonArray | undefined {
  const value = own(object, field);
  if (value === undefined || isJsonArray(value)) return value;
  throw jsonWrongType(pointerOf(field, where), value, 'JsonArray');
}

function required<T>(value: T | undefined, field: string, where?: string): T {
  if (value === undefined) throw jsonFieldMissing(pointerOf(field, where));
  return value;
}

export const requiredString = (object: JsonObject, field: string, where?: string): string =>
  required(optionalString(object, field, where), field, where);
export const requiredBoolean = (object: JsonObject, field: string, where?: string): boolean =>
  required(optionalBoolean(object, field, where), field, where);
export const requiredInt = (object: JsonObject, field: string, where?: string): number =>
  required(optionalInt(object, field, where), field, where);
export const requiredObject = (object: JsonObject, field: string, where?: string): JsonObject =>
  required(optionalObject(object, field, where), field, where);
export const requiredArray = (object: JsonObject, field: string, where?: string): JsonArray =>
  required(optionalArray(object, field, where), field, where);
