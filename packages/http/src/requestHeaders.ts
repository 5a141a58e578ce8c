import {
  buildHeaders,
  type DittoHeaders,
  divergentHeader,
  duplicateHeader,
  queryParametersAsHeaders,
} from '@hawser/core';
import type { Request } from 'express';

/** HTTP request headers that become Ditto headers of a command (spec of the header definitions: readable from external). */
const readableHeaders: ReadonlySet<string> = new Set([
  ...queryParametersAsHeaders.filter((name) => name !== 'accept'),
  'if-match',
  'if-none-match',
  'if-equal',
  'traceparent',
  'tracestate',
]);

/** Query parameters by name; a repeated one counts once, the first. */
export function queryOf(request: Request): ReadonlyMap<string, string> {
  const query = new Map<string, string>();
  const at = request.originalUrl.indexOf('?');
  if (at < 0) return query;
  for (const [name, value] of new URLSearchParams(request.originalUrl.slice(at + 1))) {
    if (!query.has(name)) query.set(name, value);
  }
  return query;
}

/**
 * The Ditto headers of a request to `/api/2`: known headers and query parameters.
 *
 * @throws DittoError `gateway:duplicate.header.field` 400 when both are given with different values, or a header twice,
 * `header.invalid`, `timeout.invalid` 400
 */
export function dittoHeadersOf(
  request: Request,
  query: ReadonlyMap<string, string>,
  newId: () => string,
): DittoHeaders {
  const headers: Record<string, string> = {};
  for (const name of readableHeaders) {
    const values = request.headersDistinct[name] ?? [];
    if (values.length > 1) throw duplicateHeader(name);
    const fromQuery = queryParametersAsHeaders.includes(name) ? query.get(name) : undefined;
    const value = values[0];
    if (value !== undefined && fromQuery !== undefined && value !== fromQuery) throw divergentHeader(name);
    const given = value ?? fromQuery;
    if (given !== undefined) headers[name] = given;
  }
  headers['correlation-id'] = correlationIdOf(request) ?? headers['correlation-id'] ?? newId();
  return buildHeaders(headers);
}

export function correlationIdOf(request: Request): string | undefined {
  return request.headersDistinct['x-correlation-id']?.[0] ?? request.headersDistinct['correlation-id']?.[0];
}
