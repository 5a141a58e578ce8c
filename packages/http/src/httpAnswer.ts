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
    response.status(status).set(sendable(headers ?? {}));
    if (json !== undefined) sendJson(response, json);
    else if (text !== undefined) response.type('text/plain').send(text);
    else response.end();
  };
}

/** As Ditto does without a charset: JSON is UTF-8. */
export function sendJson(response: Response, json: JsonValue): void {
  response.set('Content-Type', 'application/json').send(Buffer.from(stringifyJson(json)));
}

const MAX_HEADER_CHARS = 4096;

/** Ditto headers may hold what no HTTP header may; such a one is not sent, and not a reason to fail. */
export function sendable(headers: DittoHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(
      ([, value]) => value.length <= MAX_HEADER_CHARS && !/[^\t\x20-\x7e\x80-\xff]/.test(value),
    ),
  );
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
