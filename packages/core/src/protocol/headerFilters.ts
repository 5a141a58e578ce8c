import { isJsonArray, type JsonValue } from '../json/jsonValue.ts';
import { parseJson } from '../json/parseJson.ts';
import { stringifyJson } from '../json/stringifyJson.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import { checkAckLabel, isDittoAckLabel } from './ackLabel.ts';
import { put } from './dittoHeaders.ts';
import { type HeaderDefinition, translatedHeaders } from './headerDefinitions.ts';

/**
 * What is kept of headers that come from outside (base/model/.../translator/HeaderTranslator.java): internal ones are
 * dropped silently, arrays may be written as comma-separated lists, unknown names pass.
 */
export function filterHeadersFromExternal(headers: DittoHeaders): DittoHeaders {
  return filter(headers, (definition, value) => {
    if (!definition.read) return undefined;
    return definition.type === 'array' ? canonicalArray(value) : value;
  });
}

/** What is shown outside: internal headers go, and of the requested acknowledgements those that are Ditto's own. */
export function filterHeadersToExternal(headers: DittoHeaders): DittoHeaders {
  return filter(headers, (definition, value) => {
    if (!definition.written) return undefined;
    return definition.name === 'requested-acks' ? withoutDittoLabels(value) : value;
  });
}

/** The same object when nothing changed, else one that was never anything but what is kept. */
function filter(
  headers: DittoHeaders,
  keep: (definition: HeaderDefinition, value: string) => string | undefined,
): DittoHeaders {
  let result: Record<string, string> | undefined;
  for (const name in headers) {
    const definition = translatedHeaders.get(name) ?? translatedHeaders.get(name.toLowerCase());
    const value = headers[name] as string;
    const kept = definition === undefined ? value : keep(definition, value);
    if (kept !== value) result ??= headersBefore(headers, name);
    if (result !== undefined && kept !== undefined) put(result, name, kept);
  }
  return result ?? headers;
}

function headersBefore(headers: DittoHeaders, end: string): Record<string, string> {
  const result: Record<string, string> = {};
  for (const name in headers) {
    if (name === end) break;
    put(result, name, headers[name] as string);
  }
  return result;
}

function canonicalArray(value: string): string {
  if (value === '' || value === '[]') return '[]';
  const array = readArray(value);
  if (array !== undefined) return stringifyJson(array);
  return stringifyJson(
    value
      .split(',')
      .filter((part) => part !== '')
      .map((part) => part.trim()),
  );
}

function withoutDittoLabels(value: string): string | undefined {
  const labels = readArray(value);
  if (labels === undefined) return undefined;
  const kept = labels.filter(
    (label) => typeof label === 'string' && label !== '' && !isDittoAckLabel(checkAckLabel(label)),
  );
  return kept.length === 0 && labels.length > 0 ? undefined : stringifyJson(kept);
}

function readArray(value: string): readonly JsonValue[] | undefined {
  try {
    const json = parseJson(value);
    return isJsonArray(json) ? json : undefined;
  } catch {
    return undefined;
  }
}
