import { decodeBase64Bytes, encodeBase64Bytes, isCanonicalBase64 } from '../base64.ts';
import { makeError } from '../errors/makeError.ts';
import type { JsonValue } from '../json/jsonValue.ts';
import { stringifyJson } from '../json/stringifyJson.ts';
import { rememberLast } from '../remember.ts';

/** `ditto.limits.messages.max-size`: bytes of a message's payload. */
const MAX_BYTES = 250 * 1024;

const TEXT = /^(?:text\/.*|application\/(?:vnd\..+\+)?(?:javascript|ecmascript))$/;
const JSON_TYPE = /^application\/(?:.+\+)?json$/;
const MERGE_PATCH = 'application/merge-patch+json';

export type PayloadKind = 'text' | 'json' | 'binary';

/** How a payload of this content type is carried: as string, as JSON or as base64 (base/model/.../contenttype/ContentType.java). */
export const payloadKind = rememberLast((contentType: string | undefined): PayloadKind => {
  const mediaType = (contentType?.split(';', 1)[0] ?? '').trim().toLowerCase();
  if (TEXT.test(mediaType)) return 'text';
  return JSON_TYPE.test(mediaType) && mediaType !== MERGE_PATCH ? 'json' : 'binary';
});

/**
 * The payload of a message as Ditto writes it again (messages/model/.../MessagePayloadSerializer.java): JSON stays, text
 * becomes a string, anything else base64; a binary payload that is no base64 stands for its own bytes.
 *
 * @throws DittoError `messages:payload.toolarge`
 */
export function readPayload(
  value: JsonValue | undefined,
  contentType: string | undefined,
): JsonValue | undefined {
  if (value === undefined) return undefined;
  const kind = payloadKind(contentType);
  const text = kind === 'json' || typeof value !== 'string' ? stringifyJson(value) : value;
  checkSize(text);
  if (kind === 'json') return value;
  if (kind === 'text') return text;
  if (isCanonicalBase64(text)) return text;
  return encodeBase64Bytes(decodeBase64Bytes(text) ?? Buffer.from(text, 'utf8'));
}

function checkSize(text: string): void {
  if (text.length * 3 <= MAX_BYTES) return;
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_BYTES) return;
  throw makeError(
    'messages:payload.toolarge',
    `The message payload size of '${kilobytes(bytes)}' kB exceeds the maximal allowed size of '${kilobytes(MAX_BYTES)}' kB.`,
  );
}

/** Java's MessageFormat of a double: grouped, with up to three digits after the point. */
const kilobytes = (bytes: number): string =>
  (bytes / 1024).toLocaleString('en-US', { maximumFractionDigits: 3 });
