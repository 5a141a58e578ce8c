import { messageMappingFailed } from '../errors/connectivityErrors.ts';
import type { ExternalMessage } from '../ports/protocolAdapter.ts';
import { contentTypeOf } from './contentType.ts';

/**
 * The payload as text (connectivity/service/.../AbstractMessageMapper.java): bytes are read in the charset of the content type.
 *
 * @throws DittoError `connectivity:message.mapping.failed` when there is none
 */
export function payloadText(message: ExternalMessage): string {
  const text = message.text ?? (message.bytes === undefined ? '' : decode(message));
  if (text !== '') return text;
  throw messageMappingFailed(
    contentTypeOf(message),
    'As payload was absent or empty, please make sure to send payload in your messages.',
  );
}

function decode(message: ExternalMessage): string {
  const bytes = Buffer.from(message.bytes ?? new Uint8Array());
  const charset = /;.?charset=(.*)$/s.exec(contentTypeOf(message) ?? '')?.[1]?.toLowerCase();
  switch (charset) {
    case undefined:
    case 'utf-8':
    case 'utf8':
      return bytes.toString('utf8');
    case 'iso-8859-1':
    case 'latin1':
    case 'us-ascii':
      return bytes.toString('latin1');
    case 'utf-16':
      return decodeUtf16(bytes);
    default:
      return decodeOther(bytes, charset);
  }
}

/** As Java does: the byte order mark decides and is taken away; big endian without one. */
function decodeUtf16(bytes: Buffer): string {
  const isLittleEndian = bytes[0] === 0xff && bytes[1] === 0xfe;
  return new TextDecoder(isLittleEndian ? 'utf-16le' : 'utf-16be').decode(bytes);
}

/** An unknown charset is read as UTF-8. */
function decodeOther(bytes: Buffer, charset: string): string {
  try {
    return new TextDecoder(charset, { ignoreBOM: true }).decode(bytes);
  } catch {
    return bytes.toString('utf8');
  }
}
