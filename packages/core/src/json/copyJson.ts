import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from './jsonValue.ts';

/** A copy that shares nothing with the value: either may be changed without the other. */
export function copyJson<T extends JsonValue | undefined>(json: T): T;
export function copyJson(json: JsonValue | undefined): JsonValue | undefined {
  if (isJsonArray(json)) return json.map((item) => copyJson(item));
  return isJsonObject(json) ? copyMembers(json) : json;
}

const copyMembers = (object: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, copyJson(value)]));
