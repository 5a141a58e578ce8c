import type { DittoError } from '../errors/dittoError.ts';
import { makeError } from '../errors/makeError.ts';

/** The keys from the root to a value; empty for the root itself. */
export type JsonPointer = readonly string[];

const pointerInvalid = (text: string): DittoError =>
  makeError('json.pointer.invalid', `The JSON pointer <${text}> is invalid!`);

/**
 * Reads `/a/b` or `a/b`; `~1` is a slash and `~0` a tilde inside a key (json/.../ImmutableJsonPointer.java).
 * @throws DittoError `json.pointer.invalid` for consecutive slashes
 */
export function parseJsonPointer(text: string): JsonPointer {
  if (text.includes('//')) throw pointerInvalid(text);
  return text
    .split('/')
    .filter((key) => key !== '')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}
