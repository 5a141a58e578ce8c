/*
 * java.net.URI with a server-based authority (RFC 2396 with the deviations of the JDK's parser), as far as Ditto uses it.
 * Every pattern is a plain character class repeated once, so that matching is linear.
 */

export interface JavaUri {
  readonly scheme: string | undefined;
  /** Percent-decoded. */
  readonly userInfo: string | undefined;
  /** As written, an IPv6 literal with its brackets. */
  readonly host: string;
  /** -1 when absent. */
  readonly port: number;
  /** Percent-decoded, with its leading slash; empty when absent. */
  readonly path: string;
  readonly query: string | undefined;
  readonly fragment: string | undefined;
  /** The whole URI with every non-ASCII character percent-encoded. */
  readonly ascii: string;
}

const PARTS = /^(?:([^:/?#]+):)?\/\/([^/?#]+)([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s;
const SCHEME = /^[a-zA-Z][a-zA-Z0-9+.-]*$/;
const MALFORMED_ESCAPE = /%(?![0-9a-fA-F]{2})/;
/** Characters beyond ASCII are allowed wherever an escape is, unless they are blank or control characters. */
const FORBIDDEN_OTHER = /[\u0080-\u009f\p{Z}]/u;
const LONE_SURROGATE = /\p{Surrogate}/u;
const USER_INFO = /^(?:[a-zA-Z0-9_.!~*'();:&=+$,%-]|[^\0-\x7f])*$/;
const PATH = /^(?:[a-zA-Z0-9_.!~*'();:&=+$,@/%-]|[^\0-\x7f])*$/;
const QUERY = /^(?:[a-zA-Z0-9_.!~*'();:&=+$,@/?[\]%-]|[^\0-\x7f])*$/;
/** Java reads the port as an int; nothing checks that it is one of TCP. */
const MAX_PORT = 2147483647;
const HOST_AND_PORT = /^(\[[^\]]*\]|[^:[\]]*)(?::(\d*))?$/;

/** The parts of a URI whose authority is a server, or `undefined` for anything else. Never throws. */
export function parseJavaUri(text: string): JavaUri | undefined {
  const parts = PARTS.exec(text);
  if (parts === null || LONE_SURROGATE.test(text)) return undefined;
  const [, scheme, authority = '', path = '', query, fragment] = parts;
  if (scheme !== undefined && !SCHEME.test(scheme)) return undefined;
  if (!isLegal(path, PATH) || !isLegal(query ?? '', QUERY) || !isLegal(fragment ?? '', QUERY))
    return undefined;
  const server = parseServer(authority);
  if (server === undefined) return undefined;
  return { scheme, ...server, path: decode(path), query, fragment, ascii: toAscii(text) };
}

function isLegal(part: string, allowed: RegExp): boolean {
  return allowed.test(part) && !MALFORMED_ESCAPE.test(part) && !FORBIDDEN_OTHER.test(part);
}

function parseServer(authority: string): Pick<JavaUri, 'userInfo' | 'host' | 'port'> | undefined {
  const at = authority.indexOf('@');
  const userInfo = at < 0 ? undefined : authority.slice(0, at);
  if (userInfo !== undefined && !isLegal(userInfo, USER_INFO)) return undefined;
  const match = HOST_AND_PORT.exec(authority.slice(at + 1));
  const host = match?.[1];
  if (host === undefined || !isHost(host)) return undefined;
  const port = match?.[2] ? Number(match[2]) : -1;
  if (port > MAX_PORT) return undefined;
  return { userInfo: userInfo === undefined ? undefined : decode(userInfo), host, port };
}

function isHost(host: string): boolean {
  if (host.startsWith('[')) return isIpv6Reference(host.slice(1, -1));
  return isIpv4(host) || isHostname(host);
}

export function isIpv4(text: string): boolean {
  const bytes = text.split('.');
  return bytes.length === 4 && bytes.every((byte) => /^\d+$/.test(byte) && Number(byte) <= 255);
}

/** Labels of letters, digits and inner hyphens; the last of several begins with a letter; one closing dot is allowed. */
function isHostname(host: string): boolean {
  const labels = host.split('.');
  if (labels.length > 1 && labels.at(-1) === '') labels.pop();
  if (!labels.every((label) => /^[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?$/.test(label))) return false;
  return labels.length === 1 || /^[a-zA-Z]/.test(labels.at(-1) ?? '');
}

/** RFC 2373 with an optional scope id after `%`. */
function isIpv6Reference(reference: string): boolean {
  const [address = '', scope, ...more] = reference.split('%');
  if (more.length > 0 || (scope !== undefined && !/^[a-zA-Z0-9_.]+$/.test(scope))) return false;
  return isIpv6(address);
}

/** Textual IPv6 address without brackets and scope: hex groups, one `::`, an IPv4 tail. */
export function isIpv6(address: string): boolean {
  const halves = address.split('::');
  if (halves.length > 2) return false;
  const groups = halves.map((half) => (half === '' ? [] : half.split(':')));
  const all = groups.flat();
  const last = all.at(-1) ?? '';
  const hasIpv4Tail = last.includes('.');
  if (hasIpv4Tail && ((groups.at(-1) ?? []).length === 0 || !isIpv4(last))) return false;
  if (!(hasIpv4Tail ? all.slice(0, -1) : all).every((group) => /^[0-9a-fA-F]{1,4}$/.test(group)))
    return false;
  const size = all.length + (hasIpv4Tail ? 1 : 0);
  return halves.length === 2 ? size < 8 : size === 8;
}

/** Java's `URI.decode`: escapes are UTF-8 bytes, malformed ones become U+FFFD. */
function decode(part: string): string {
  if (!part.includes('%')) return part;
  return part.replace(/(?:%[0-9a-fA-F]{2})+/g, (run) =>
    Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}

/** Java's `URI.toASCIIString`: characters beyond ASCII, in normal form C, as escaped UTF-8 bytes. */
function toAscii(text: string): string {
  if (/^[\0-\x7f]*$/.test(text)) return text;
  return text.normalize('NFC').replace(/[^\0-\x7f]+/g, encodeURIComponent);
}
