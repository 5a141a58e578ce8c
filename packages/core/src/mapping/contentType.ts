import type { ExternalMessage } from '../ports/protocolAdapter.ts';
import { headerValue } from '../protocol/dittoHeaders.ts';
import { rememberLast } from '../remember.ts';

export const DITTO_PROTOCOL = 'application/vnd.eclipse.ditto+json';

/** How the payload of a message is written into a protocol message (base/model/.../contenttype/ContentType.java). */
export type PayloadKind = 'text' | 'json' | 'binary';

const TEXT = /^(?:text\/.*|application\/(?:.+\+)?(?:javascript|ecmascript))$/;
const JSON_TYPE = /^application\/(?:.+\+)?json$/;

export const mediaTypeOf = rememberLast(
  (contentType: string): string => contentType.toLowerCase().split(';', 1)[0] ?? '',
);

export const payloadKindOf = rememberLast((contentType: string): PayloadKind => {
  const mediaType = mediaTypeOf(contentType);
  if (mediaType === 'application/merge-patch+json') return 'binary';
  if (TEXT.test(mediaType)) return 'text';
  return JSON_TYPE.test(mediaType) ? 'json' : 'binary';
});

/** The `content-type` of a message, whatever its spelling; absent or empty is undefined. */
export function contentTypeOf(message: ExternalMessage): string | undefined {
  return headerValue(message.headers, 'content-type') || undefined;
}
