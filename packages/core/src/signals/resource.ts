import type { JsonArray, JsonObject, JsonValue } from '../json/jsonValue.ts';
import { formatPointer, parsePointer } from '../protocol/pointer.ts';
import { checkKeys } from './jsonKeys.ts';

/** Part of a path that signal JSON names: one key, or all keys from there on. */
export interface IdPart {
  readonly field: string;
  /** `pointer`: `/a/b`; `joined`: `a/b`; `resourceKey`: `thing:/a/b`. */
  readonly form: 'key' | 'pointer' | 'joined' | 'resourceKey';
}

/** What a value must be, and how the model reads it; readers return what the model writes again. */
export type ValueReader =
  | { readonly kind: 'object'; readonly name: string; readonly read: (value: JsonObject) => JsonValue }
  | {
      readonly kind: 'nullable';
      readonly name: string;
      readonly read: (value: JsonObject | null) => JsonValue;
    }
  | { readonly kind: 'array'; readonly name: string; readonly read: (value: JsonArray | null) => JsonValue }
  | { readonly kind: 'string'; readonly name: string; readonly read: (value: string) => JsonValue }
  | { readonly kind: 'any'; readonly name: string; readonly read: (value: JsonValue) => JsonValue };

/** One resource of a thing or policy: its place in paths, its names in signal JSON and the reader of its value. */
export interface Resource {
  /** Ditto's name, the stem of signal types: `featureProperty`. */
  readonly name: string;
  readonly path: readonly (string | IdPart)[];
  /** The value's member in signal JSON. */
  readonly field: string;
  readonly value: ValueReader;
}

/** The parts of a path that signal JSON names. */
export function idsOf(resource: Resource, keys: readonly string[]): JsonObject {
  const ids: Record<string, string> = {};
  resource.path.forEach((part, index) => {
    if (typeof part !== 'string') ids[part.field] = format(part.form, keys, index);
  });
  return ids;
}

function format(form: IdPart['form'], keys: readonly string[], at: number): string {
  switch (form) {
    case 'key':
      return keys[at] ?? '';
    case 'pointer':
      return formatPointer(keys.slice(at));
    case 'joined':
      return keys.slice(at).join('/');
    case 'resourceKey':
      return `${keys[at] ?? ''}${formatPointer(keys.slice(at + 1))}`;
  }
}

/**
 * Checks the keys inside attributes and properties; the names of features are not judged.
 * @throws DittoError `json.key.invalid`
 */
export function checkInnerKeys({ path }: Resource, text: string): void {
  const last = path.at(-1);
  if (last === undefined || typeof last === 'string' || last.form !== 'pointer') return;
  checkKeys(parsePointer(text).slice(path.length - 1));
}

/** The path that the ids of signal JSON stand for. */
export function pathOf(resource: Resource, idOf: (field: string) => string): string {
  const keys = resource.path.flatMap((part) => {
    if (typeof part === 'string') return [part];
    const id = idOf(part.field);
    return part.form === 'key' ? [id] : parsePointer(id);
  });
  return formatPointer(keys);
}
