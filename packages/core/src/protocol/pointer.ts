import { makeError } from '../errors/makeError.ts';

/*
 * JSON pointers as Ditto prints them (json/.../ImmutableJsonPointer.java): `/a/b`, root `/`, a tilde in a key as `~0`.
 * The Protocol's own reading of a path (protocol/.../ImmutableTopicPath.java) decodes nothing and splits only until
 * the first double slash; the rest stays one key.
 */

/** Splits a topic or a Protocol path: until a double slash, nothing decoded. A leading slash is optional. */
export function splitPath(path: string): readonly string[] {
  if (path === '' || path === '/') return [];
  const keys: string[] = [];
  let start = path.startsWith('/') ? 1 : 0;
  let end = path.indexOf('/', start);
  while (end >= 0 && end !== start) {
    keys.push(path.slice(start, end));
    start = end + 1;
    end = path.indexOf('/', start);
  }
  if (start < path.length) keys.push(path.slice(start));
  return keys;
}

/** `keys` as pointer text. */
export function formatPointer(keys: readonly string[]): string {
  return keys.length === 0 ? '/' : `/${keys.map(escapeTilde).join('/')}`;
}

/** A path as the Protocol writes it again. Most paths are in that form already. */
export function canonicalPath(path: string): string {
  if (isCanonical(path)) return path;
  return formatPointer(splitPath(path));
}

function isCanonical(path: string): boolean {
  if (path.includes('~') || !path.startsWith('/')) return false;
  return path.length === 1 || !(path.endsWith('/') || path.includes('//'));
}

/**
 * Reads pointer text strictly: tildes decoded, empty segments at the ends ignored.
 *
 * @throws DittoError `json.pointer.invalid` for consecutive slashes
 */
export function parsePointer(pointer: string): readonly string[] {
  if (pointer === '' || pointer === '/') return [];
  if (pointer.includes('//')) {
    throw makeError('json.pointer.invalid', `The JSON pointer <${pointer}> is invalid!`);
  }
  const keys = pointer.split('/').filter((key) => key !== '');
  return pointer.includes('~') ? keys.map(unescapeTilde) : keys;
}

const escapeTilde = (key: string): string => (key.includes('~') ? key.replaceAll('~', '~0') : key);
const unescapeTilde = (key: string): string => (key.includes('~') ? key.replaceAll('~0', '~') : key);
