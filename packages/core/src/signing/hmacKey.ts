import { Buffer } from 'node:buffer';
import { createHmac } from 'node:crypto';
import { makeError } from '../errors/makeError.ts';
import { unspecificError } from '../errors/unspecificFailure.ts';
import { isBase64 } from '../placeholders/codecFunctions.ts';

export const hmacSha256 = (key: Uint8Array, text: string): Buffer =>
  createHmac('sha256', key).update(text, 'utf8').digest();

/**
 * A shared key from its base64 text. `purpose` is the message of the error.
 *
 * @throws DittoError `connectivity:message.sending.failed`
 */
export function sharedKeyOf(text: string, purpose: string): Buffer {
  if (!isBase64(text)) {
    throw makeError('connectivity:message.sending.failed', purpose, {
      description: 'The shared key is not in Base64 scheme.',
    });
  }
  if (text === '') throw unspecificError('IllegalArgumentException', 'Empty key');
  return Buffer.from(text, 'base64');
}
