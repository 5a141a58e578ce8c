import { DittoError, internalError, type Log } from '@hawser/core';
import type { ErrorRequestHandler, Request, Response } from 'express';
import { loggedCorrelationId } from './accessLog.ts';
import { UnreadableBody } from './body.ts';
import { sendJson, setHeaders } from './httpAnswer.ts';
import { cut } from './loggable.ts';

/** How long a client that was refused may go on sending before its connection is cut. */
const LINGER_MS = 1000;

/** The one place where an error becomes an HTTP answer: Ditto errors as their JSON, unreadable bodies by status, the rest 500. */
export function renderErrors(log: Log): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    if (response.headersSent) return next(error);
    if (error instanceof DittoError) return sendDittoError(response, error);
    if (error instanceof UnreadableBody) return refuseBody(request, response, error.status);
    log.error('request failed', {
      method: request.method,
      path: cut(request.path),
      correlationId: loggedCorrelationId(request, response),
      error,
    });
    sendDittoError(response, internalError());
  };
}

/**
 * The answer is out at once, the rest of the body is thrown away for a while and not read to its end: cutting the connection
 * of a client that still sends would take the answer with it.
 */
function refuseBody(request: Request, response: Response, status: number): void {
  response.status(status).set({ Connection: 'close', 'Content-Length': '0' }).flushHeaders();
  const timer = setTimeout(() => response.end(), LINGER_MS);
  response.once('close', () => clearTimeout(timer));
  request.once('end', () => response.end());
  request.unpipe().resume();
  if (request.readableEnded) response.end();
}

function sendDittoError(response: Response, error: DittoError): void {
  const correlationId: unknown = response.locals['correlationId'];
  response.statusCode = error.status;
  if (typeof correlationId === 'string') setHeaders(response, { 'correlation-id': correlationId });
  setHeaders(response, error.headers);
  sendJson(response, error.toJson());
}
