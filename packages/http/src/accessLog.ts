import type { Log } from '@hawser/core';
import type { RequestHandler } from 'express';
import { correlationIdOf } from './requestHeaders.ts';

const MAX_LOGGED_ID = 200;

/** One line a request when its answer is out; never a header value but the correlation id, never a query or a body. */
export function accessLog(log: Log): RequestHandler {
  return (request, response, next) => {
    const started = performance.now();
    response.once('close', () => {
      log.debug('request', {
        method: request.method,
        path: request.originalUrl.replace(/\?.*$/s, ''),
        status: response.statusCode,
        ms: Math.round(performance.now() - started),
        correlationId: correlationIdOf(request)?.slice(0, MAX_LOGGED_ID),
      });
    });
    next();
  };
}
