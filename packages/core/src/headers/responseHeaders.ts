import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import { headerDefinitions } from '../protocol/headerDefinitions.ts';
import { filterHeadersToExternal } from '../protocol/headerFilters.ts';

/** Shown beside the predefined headers that are marked for the outside. */
const ALSO_SHOWN = new Set(['dry-run']);

/**
 * The Ditto headers of a command that an HTTP response may show: of the predefined ones those marked for the outside,
 * none of the others (gateway/service/.../AbstractHttpRequestActor.java). `content-type` describes the body and is not among them.
 */
export function responseHeaders(headers: DittoHeaders): DittoHeaders {
  const visible = Object.entries(filterHeadersToExternal(headers))
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => name !== 'content-type' && (headerDefinitions.has(name) || ALSO_SHOWN.has(name)));
  return Object.fromEntries(visible);
}
