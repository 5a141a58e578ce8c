import type { Log } from '@hawser/core';
import type { Request, RequestHandler, Response } from 'express';
import { cut } from './loggable.ts';
import { correlationIdOf } from './requestHeaders.ts';

/** Names the request by the correlation id of its command, for the access log and for errors. */
export function setCorrelationId(response: Response | undefined, id: string | undefined): void {
  if (response !== undefined) response.locals['correlationId'] = id;
}

/** The id of the command, else the one that the client sent. */
export const loggedCorrelationId = (request: Request, response: Response): string | undefined =>
  cut(response.locals['correlationId'] ?? correlationIdOf(request));

/** One line a request when its answer is out; never a header value but the correlation id, never a query or a body. */
export function accessLog(log: Log, level: 'info' | 'debug'): RequestHandler {
  return (request, response, next) => {
    const started = performance.now();
    response.once('close', () => {
      log[level]('request', {
        method: request.method,
        path: cut(request.originalUrl.replace(/\?.*$/s, '')),
        status: response.statusCode,
        ms: Math.round(performance.now() - started),
        correlationId: loggedCorrelationId(request, response),
        ...(response.writableFinished ? {} : { aborted: true }),
      });
    });
    next();
  };
}
