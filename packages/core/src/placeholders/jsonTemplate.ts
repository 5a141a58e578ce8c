import { isJsonArray, isJsonObject, type JsonValue } from '../json/jsonValue.ts';
import type { Placeholder, PlaceholderContext } from './placeholder.ts';
import { compileTemplate } from './template.ts';

/** Resolves a JSON template for one message. @throws DittoError `placeholder:*` */
export type ResolveJson = (context: PlaceholderContext) => JsonValue;

/**
 * Compiles JSON whose strings and keys are templates. Values become text inside strings only: whatever they hold, the result
 * has the shape of the template. Without placeholders it is the template itself.
 */
export function compileJsonTemplate(json: JsonValue, placeholders: readonly Placeholder[]): ResolveJson {
  return compile(json, placeholders) ?? (() => json);
}

/** Undefined for a part without placeholders. Depth is bounded by what the JSON reader accepts. */
function compile(json: JsonValue, placeholders: readonly Placeholder[]): ResolveJson | undefined {
  if (typeof json === 'string') {
    const template = compileTemplate(json, placeholders);
    return template.isConstant ? undefined : template.require;
  }
  if (isJsonArray(json)) {
    const items = json.map((item) => compile(item, placeholders));
    if (items.every((item) => item === undefined)) return undefined;
    return (context) => json.map((item, index) => items[index]?.(context) ?? item);
  }
  if (!isJsonObject(json)) return undefined;
  const members = Object.entries(json).map(([name, value = null]) => ({
    value,
    key: compileTemplate(name, placeholders),
    resolve: compile(value, placeholders),
  }));
  if (members.every(({ key, resolve }) => key.isConstant && resolve === undefined)) return undefined;
  return (context) =>
    Object.fromEntries(
      members.map(({ key, value, resolve }) => [key.require(context), resolve?.(context) ?? value]),
    );
}
