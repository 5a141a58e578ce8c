import {
  type ExternalMessage,
  httpPushHeaders,
  httpRequestTarget,
  type PublishTarget,
  parseConnectionUri,
  type SignableRequest,
} from '@hawser/core';
import type { HttpPushSettings } from './settings.ts';

/** An HTTP request as it leaves, but for what its credentials add. */
export interface PushRequest {
  readonly method: string;
  /** Path and query, percent-encoded. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Absent where the method has none. */
  readonly body: Uint8Array | undefined;
}

/** Where requests go: the parts of the connection's URI that all of them share. */
export interface PushBase {
  /** `https://host:8443`; an IPv6 address in brackets. */
  readonly origin: string;
  /** Percent-encoded, as configured. */
  readonly path: string;
}

/** They belong to the connection or the message frame, and would contradict what is sent (RFC 9110 §7.6.1, §8.6). */
const UNSENDABLE = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

export function pushBase(uri: string): PushBase {
  const { protocol = '', hostname, port, uri: ascii } = parseConnectionUri(uri);
  const [, path = ''] = /^[^/]*\/\/[^/?#]*([^?#]*)/.exec(ascii) ?? [];
  return { origin: `${protocol.toLowerCase()}://${hostname}:${port}`, path };
}

/**
 * The request that pushes a message (connectivity/service/.../httppush/HttpPublisherActor.java, `createRequest`).
 *
 * @throws DittoError `connectivity:message.sending.failed` 400 for a header that would break out of its line
 */
export function pushRequest(
  { address }: PublishTarget,
  message: ExternalMessage,
  base: PushBase,
  settings: Pick<HttpPushSettings, 'omitBodyMethods' | 'userAgent'>,
): PushRequest {
  const colon = address.indexOf(':');
  const method = address.slice(0, colon);
  const { headers: given, contentType, overrides } = httpPushHeaders(message.headers);
  const headers: Record<string, string> = { 'user-agent': settings.userAgent };
  for (const [name, value] of Object.entries(given)) {
    const key = name.toLowerCase();
    if (!UNSENDABLE.has(key)) headers[key] = value;
  }
  const target = httpRequestTarget(base.path, address.slice(colon + 1), overrides);
  if (settings.omitBodyMethods.has(method)) return { method, target, headers, body: undefined };
  headers['content-type'] = contentType ?? defaultContentType(message);
  return { method, target, headers, body: bodyOf(message) };
}

/** What a signer reads of a request: exactly what is sent. */
export function signable({ method, target, headers, body }: PushRequest, base: PushBase): SignableRequest {
  const question = target.indexOf('?');
  return {
    method,
    url: new URL(base.origin),
    path: question < 0 ? target : target.slice(0, question),
    query: question < 0 ? undefined : target.slice(question + 1),
    contentType: headers['content-type'] ?? 'none/none',
    headers,
    body: body ?? new Uint8Array(),
  };
}

function bodyOf({ text, bytes }: ExternalMessage): Uint8Array {
  return bytes !== undefined && text === undefined ? bytes : Buffer.from(text ?? '', 'utf8');
}

function defaultContentType({ text, bytes }: ExternalMessage): string {
  return bytes !== undefined && text === undefined ? 'application/octet-stream' : 'text/plain; charset=UTF-8';
}
