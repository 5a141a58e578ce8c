import { type DittoHeaders, type JsonValue, stringifyJson } from '@hawser/core';
import type { Request, RequestHandler, Response } from 'express';

/** What a handler answers: a value, applied to the response in one place. */
export interface HttpAnswer {
  readonly status: number;
  /** Absent: an empty body. */
  readonly json?: JsonValue;
  readonly text?: string;
  readonly headers?: DittoHeaders;
}

export type Handler = (request: Request, response: Response) => HttpAnswer | Promise<HttpAnswer>;

/** An express handler of a function that answers with a value; its rejections reach the error middleware. */
export function answer(handler: Handler): RequestHandler {
  return async (request, response) => {
    const { status, json, text, headers } = await handler(request, response);
    response.statusCode = status;
    setHeaders(response, headers ?? {});
    if (json !== undefined) sendJson(response, json);
    else if (text !== undefined) response.type('text/plain').send(text);
    else response.end();
  };
}

/**
 * As Ditto does without a charset: JSON is UTF-8. Not by express's `send`, which would hold the tag of the answer against
 * the conditions of the request once more.
 */
export function sendJson(response: Response, json: JsonValue): void {
  const text = stringifyJson(json);
  response.setHeader('Content-Type', 'application/json');
  response.setHeader('Content-Length', Buffer.byteLength(text));
  response.end(text);
}

const MAX_HEADER_CHARS = 4096;
const UNSENDABLE = /[^\t\x20-\x7e\x80-\xff]/;

/** Ditto headers may hold what no HTTP header may; such a one is not sent, and not a reason to fail. */
export function setHeaders(response: Response, headers: DittoHeaders): void {
  for (const [name, value] of Object.entries(headers)) {
    if (value.length <= MAX_HEADER_CHARS && !UNSENDABLE.test(value)) response.setHeader(name, value);
  }
}

/** `405` with the methods that would work, in the words of Ditto's HTTP library. */
export function methodNotAllowed(...methods: readonly string[]): RequestHandler {
  return (_request, response) => {
    const list = methods.join(', ');
    response
      .status(405)
      .set('Allow', list)
      .type('text/plain')
      .send(`HTTP method not allowed, supported methods: ${list}`);
  };
}
