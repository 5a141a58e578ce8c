import { jsonFieldMissing, jsonWrongType } from '../errors/jsonErrors.ts';
import { requiredString } from '../json/fields.ts';
import { isJsonObject, type JsonObject } from '../json/jsonValue.ts';
import { parseConnectionId } from '../model/connectionId.ts';

/** Reads the fields of one command type; throws Ditto's errors. */
export type CommandReader = (json: JsonObject) => object;

/** The commands that a table of readers gives: the types are the wire strings, the fields what each reader returns. */
export type CommandsOf<R extends Readonly<Record<string, CommandReader>>> = {
  [T in keyof R & string]: { readonly type: T } & ReturnType<R[T]>;
}[keyof R & string];

/** @throws DittoError `json.field.missing`, `json.invalid`, `connectivity:connection.id.invalid` */
export const readConnectionId = (json: JsonObject): string =>
  parseConnectionId(requiredString(json, 'connectionId'));

export const withConnectionId = (json: JsonObject): { readonly connectionId: string } => ({
  connectionId: readConnectionId(json),
});

export const withoutFields = (): Record<never, never> => ({});

/** A required object, for which Ditto takes JSON `null` as an empty one. */
export function requiredObjectOrNull(json: JsonObject, field: string): JsonObject {
  const value = Object.hasOwn(json, field) ? json[field] : undefined;
  if (value === undefined) throw jsonFieldMissing(`/${field}`);
  if (value === null) return {};
  if (isJsonObject(value)) return value;
  throw jsonWrongType(`/${field}`, value, 'JsonObject');
}
