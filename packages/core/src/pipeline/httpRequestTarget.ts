import { Buffer } from 'node:buffer';

/** Headers that replace parts of a request (connectivity/service/.../httppush/HttpPublisherActor.java). */
export interface HttpTargetOverrides {
  /** `http.path` */
  readonly path?: string | undefined;
  /** `http.query` */
  readonly query?: string | undefined;
}

/**
 * The request target of an HTTP push: the path of the connection's URI, then that of the resolved address. It begins with
 * exactly one slash, so that no address can name another host, and holds only characters of a request line: anything
 * else is percent-encoded. A fragment is never sent.
 */
export function httpRequestTarget(
  basePath: string,
  pathWithQuery: string,
  overrides: HttpTargetOverrides = {},
): string {
  const base = basePath.endsWith('/') ? basePath.slice(0, -1) : basePath;
  const separator = /^[/?#]/.test(pathWithQuery) || pathWithQuery === '' ? '' : '/';
  const [reference = ''] = `${base}${separator}${pathWithQuery}`.split('#', 1);
  const question = reference.indexOf('?');
  const path = overrides.path ?? (question < 0 ? reference : reference.slice(0, question));
  const query = overrides.query ?? (question < 0 ? undefined : reference.slice(question + 1));
  const target = `/${encode(withoutLeadingSlashes(path)).replace(/[?#]/g, percent)}`;
  return query === undefined ? target : `${target}?${encode(query).replace(/#/g, percent)}`;
}

function withoutLeadingSlashes(path: string): string {
  let from = 0;
  while (path[from] === '/') from++;
  return path.slice(from);
}

/** What is percent-encoded already stays; of the rest, everything that has no place in a URI is encoded. */
function encode(text: string): string {
  return text.replace(/%(?![0-9a-fA-F]{2})|[^A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+/g, percent);
}

function percent(text: string): string {
  return Array.from(
    Buffer.from(text, 'utf8'),
    (byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`,
  ).join('');
}
