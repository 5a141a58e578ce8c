import { parseJavaUri } from './javaUri.ts';

/** What `new java.net.URI(text)` tells of a text, as far as Ditto asks for it. */
export interface UriReference {
  readonly scheme: string | undefined;
  /** Raw user info of a server-based authority. */
  readonly userInfo: string | undefined;
}

const SCHEME = /^[a-zA-Z][a-zA-Z0-9+.-]*$/;
const MALFORMED_ESCAPE = /%(?![0-9a-fA-F]{2})/;
const FORBIDDEN_OTHER = /[\u0080-\u009f\p{Z}]/u;
const URI_CHARS = /^(?:[a-zA-Z0-9_.!~*'();:&=+$,@/?[\]%-]|[^\0-\x7f])*$/;
const PATH_CHARS = /^(?:[a-zA-Z0-9_.!~*'();:&=+$,@/%-]|[^\0-\x7f])*$/;
const REGISTRY_NAME = /^(?:[a-zA-Z0-9_.!~*'();:&=+$,@%-]|[^\0-\x7f])*$/;

/** Any URI reference of RFC 2396 as the JDK reads it: absolute, relative or opaque. `undefined` when it would throw. */
export function parseUriReference(text: string): UriReference | undefined {
  const [main = '', ...fragments] = split(text, '#');
  if (!fragments.every((fragment) => isLegal(fragment, URI_CHARS))) return undefined;
  const colon = main.search(/[:/?]/);
  if (colon < 0 || main[colon] !== ':') return hierarchical(main, undefined);
  const scheme = main.slice(0, colon);
  const rest = main.slice(colon + 1);
  if (!SCHEME.test(scheme)) return undefined;
  if (rest.startsWith('/')) return hierarchical(rest, scheme);
  return rest !== '' && isLegal(rest, URI_CHARS) ? { scheme, userInfo: undefined } : undefined;
}

export const isUriReference = (text: string): boolean => parseUriReference(text) !== undefined;

function hierarchical(part: string, scheme: string | undefined): UriReference | undefined {
  const [location = '', ...queries] = split(part, '?');
  if (!queries.every((query) => isLegal(query, URI_CHARS))) return undefined;
  if (!location.startsWith('//'))
    return isLegal(location, PATH_CHARS) ? { scheme, userInfo: undefined } : undefined;
  const afterSlashes = location.slice(2);
  const slash = afterSlashes.indexOf('/');
  const authority = slash < 0 ? afterSlashes : afterSlashes.slice(0, slash);
  if (!isLegal(afterSlashes.slice(authority.length), PATH_CHARS)) return undefined;
  if (authority === '') return part === '//' ? undefined : { scheme, userInfo: undefined };
  if (parseJavaUri(`a://${authority}`) !== undefined) {
    const at = authority.indexOf('@');
    return { scheme, userInfo: at < 0 ? undefined : authority.slice(0, at) };
  }
  return isLegal(authority, REGISTRY_NAME) ? { scheme, userInfo: undefined } : undefined;
}

/** The text before and the text after the first separator; one part when there is none. */
function split(text: string, separator: string): readonly string[] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function isLegal(part: string, allowed: RegExp): boolean {
  return allowed.test(part) && !MALFORMED_ESCAPE.test(part) && !FORBIDDEN_OTHER.test(part);
}
