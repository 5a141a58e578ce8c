import { isJsonArray } from '../json/jsonValue.ts';
import { JsonSyntaxError, parseJson } from '../json/parseJson.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import { headerDefinition } from './headerDefinitions.ts';

/** Acknowledgements that Ditto itself issues; nobody outside is told that they were asked for. */
const DITTO_LABELS = new Set(['twin-persisted', 'live-response', 'search-persisted']);

/**
 * The Ditto headers of a command that an HTTP response may show: the predefined ones marked for the outside
 * (protocol/.../HeaderTranslator.java). `content-type` describes the body and is not among them.
 */
export function responseHeaders(headers: DittoHeaders): DittoHeaders {
  const visible = Object.entries(headers).flatMap(([key, value]): [string, string][] => {
    const name = key.toLowerCase();
    if (name === 'content-type' || headerDefinition(name)?.out !== true) return [];
    const shown = name === 'requested-acks' ? withoutDittoLabels(value) : value;
    return shown === undefined ? [] : [[name, shown]];
  });
  return Object.fromEntries(visible);
}

/** Drops Ditto's own labels; `undefined` when nothing else was asked for. An explicit `[]` stays. */
function withoutDittoLabels(value: string): string | undefined {
  try {
    const labels = parseJson(value);
    if (!isJsonArray(labels) || labels.length === 0) return value;
    const others = labels.filter((label) => typeof label !== 'string' || !DITTO_LABELS.has(label));
    return others.length === 0 ? undefined : JSON.stringify(others);
  } catch (error) {
    if (error instanceof JsonSyntaxError) return value;
    throw error;
  }
}
