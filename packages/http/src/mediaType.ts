import { mediaTypeUnsupported } from '@hawser/core';
import type { Request } from 'express';

/** What Ditto also takes for a body of any resource (gateway.conf, `additional-accepted-media-types`). */
const FALLBACK = 'application/octet-stream';

/** @throws DittoError `mediatype.unsupported` 415 */
export function requireMediaType(request: Request, expected = 'application/json'): void {
  const given = (request.headers['content-type'] ?? FALLBACK).split(';')[0]?.trim().toLowerCase() ?? '';
  if (given === expected || given === FALLBACK) return;
  throw mediaTypeUnsupported(given, [expected, FALLBACK]);
}
