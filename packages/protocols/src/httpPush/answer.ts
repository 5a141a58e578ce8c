import { STATUS_CODES } from 'node:http';
import {
  type JsonValue,
  makeError,
  PublishError,
  type PublishResult,
  parseJson,
  payloadKindOf,
  stringifyJson,
} from '@hawser/core';

/** An HTTP response, its body whole. */
export interface PushResponse {
  readonly status: number;
  /** Names in lower case; of a header that came twice the last value. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Pekko's name for a response that says nothing of its body. */
const NO_CONTENT_TYPE = 'none/none';

/** What a response says about its message (connectivity/service/.../httppush/HttpPublisherActor.java; spec 04, 7). */
export function resultOf({ status, headers, body }: PushResponse): PublishResult {
  const contentType = headers['content-type'] ?? NO_CONTENT_TYPE;
  const payload = payloadOf(body, contentType);
  const isSuccess = status >= 200 && status < 300;
  return {
    status,
    payload,
    headers: { ...headers, 'content-type': contentType },
    answer: {
      statusText: `${status} ${STATUS_CODES[status] ?? 'Custom'}`,
      refusal: isSuccess
        ? undefined
        : sendingFailed(`Got non success status code: <${status}> and body: <${stringifyJson(payload)}>`),
    },
  };
}

/** @throws DittoError `connectivity:message.sending.failed` 503 for a status that no HTTP knows */
export function checkStatus(status: number): void {
  if (status < 100 || status > 599)
    throw sendingFailed(`Remote server delivered unknown HTTP status code <${status}>!`);
}

export const tooLarge = (limit: number): PublishError =>
  encountered('EntityStreamSizeException', `incoming entity size exceeded size limit (${limit} bytes)!`);

export const tooSlow = (limitMs: number): PublishError =>
  encountered(
    'TimeoutException',
    `HttpEntity.toStrict timed out after ${limitMs} milliseconds while still waiting for outstanding data`,
  );

export const truncated = (cause: unknown): PublishError =>
  encountered('EntityStreamException', `Entity stream truncation: ${(cause as Error).message}`);

export const sendingFailed = (message: string, description?: string) =>
  makeError('connectivity:message.sending.failed', message, description === undefined ? {} : { description });

/** The peer has the message, only its answer is lost: what Ditto makes of any exception that is none of its own. */
const encountered = (name: string, description: string): PublishError =>
  new PublishError(500, `Encountered <${name}>.`, { description });

/** JSON as such (unless it is none), binary as base64, anything else as text. */
function payloadOf(body: Uint8Array, contentType: string): JsonValue {
  const kind = payloadKindOf(contentType);
  if (kind === 'binary') return Buffer.from(body).toString('base64');
  const text = decode(body, contentType);
  return kind === 'json' ? jsonOrText(text) : text;
}

function decode(body: Uint8Array, contentType: string): string {
  const [, charset = 'utf-8'] = /;\s*charset="?([^;"\s]+)/i.exec(contentType) ?? [];
  try {
    return new TextDecoder(charset).decode(body);
  } catch {
    return new TextDecoder().decode(body);
  }
}

function jsonOrText(text: string): JsonValue {
  try {
    return parseJson(text);
  } catch {
    return text;
  }
}
