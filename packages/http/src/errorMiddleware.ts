import { DittoError, internalError, type Log, stringifyJson } from '@hawser/core';
import type { ErrorRequestHandler, Response } from 'express';
import { loggedCorrelationId } from './accessLog.ts';
import { sendable } from './httpAnswer.ts';
import { cut } from './loggable.ts';

/** What body-parser and Node say of a request that cannot be read. */
interface HttpishError {
  readonly status?: number;
  readonly type?: string;
}

/** The one place where an error becomes an HTTP answer: Ditto errors as their JSON, unreadable bodies by status, the rest 500. */
export function renderErrors(log: Log): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    if (error instanceof DittoError) return sendDittoError(response, error);
    const status = (error as HttpishError).status;
    if (status !== undefined && status >= 400 && status < 500) {
      // the rest of an oversize or broken body is not read
      response.status(status).set('Connection', 'close').end();
      return;
    }
    log.error('request failed', {
      method: request.method,
      path: cut(request.path),
      correlationId: loggedCorrelationId(request, response),
      error,
    });
    sendDittoError(response, internalError());
  };
}

function sendDittoError(response: Response, error: DittoError): void {
  const correlationId: unknown = response.locals['correlationId'];
  response
    .set(
      sendable({
        ...(typeof correlationId === 'string' ? { 'correlation-id': correlationId } : {}),
        ...error.headers,
      }),
    )
    .status(error.status)
    .type('application/json')
    .send(stringifyJson(error.toJson()));
}
