import { isJsonObject, type JsonObject, type JsonValue } from '../json/jsonValue.ts';
import { stringifyJson } from '../json/stringifyJson.ts';

/** An option as text, whatever its JSON type (connectivity/service/.../MessageMapperConfiguration.java, `findProperty`). */
export function optionText(options: JsonObject, name: string): string | undefined {
  const value = optionValue(options, name);
  return value === undefined ? undefined : asText(value);
}

export function optionBoolean(options: JsonObject, name: string): boolean | undefined {
  const text = optionText(options, name);
  return text === undefined ? undefined : text.toLowerCase() === 'true';
}

/** An option that is an object, its members as text; undefined for anything else. */
export function optionTexts(options: JsonObject, name: string): Readonly<Record<string, string>> | undefined {
  const value = optionValue(options, name);
  if (!isJsonObject(value)) return undefined;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, member]) => (member === undefined ? [] : [[key, asText(member)]])),
  );
}

function optionValue(options: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(options, name) ? options[name] : undefined;
}

const asText = (value: JsonValue): string => (typeof value === 'string' ? value : stringifyJson(value));
