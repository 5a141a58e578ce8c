import type { DittoError } from '../errors/dittoError.ts';
import { makeError } from '../errors/makeError.ts';
import { rememberLast } from '../remember.ts';
import { parseJavaUri } from './javaUri.ts';

/** Where a connection leads (connectivity/model/.../ConnectionUri.java). */
export interface ConnectionUri {
  /** `undefined` for a URI that begins with `//`; empty for a blank URI. */
  readonly protocol: string | undefined;
  /** Percent-decoded; user name and password are there together or not at all. */
  readonly userName: string | undefined;
  readonly password: string | undefined;
  readonly hostname: string;
  readonly port: number;
  /** Percent-decoded, with its leading slash; absent when empty. */
  readonly path: string | undefined;
  /** For logs and status: the password replaced, user info without a password left out. */
  readonly masked: string;
  /** ASCII form; what is written back. Holds the password. */
  readonly uri: string;
}

/** As sockets want it: an IPv6 address without its brackets. */
export const socketHost = ({ hostname }: Pick<ConnectionUri, 'hostname'>): string =>
  hostname.replace(/^\[|\]$/g, '');

const BLANK: ConnectionUri = {
  protocol: '',
  userName: undefined,
  password: undefined,
  hostname: '',
  port: 9999,
  path: undefined,
  masked: '',
  uri: '',
};

export const connectionUriInvalid = (uri: string): DittoError =>
  makeError('connectivity:connection.uri.invalid', `The Connection URI '${uri}' has an invalid format.`);

/**
 * A port is required, a query forbidden, the scheme not looked at. Blank text is the URI of a connection that has none (hono).
 * @throws DittoError `connectivity:connection.uri.invalid`
 */
export const parseConnectionUri = rememberLast((text: string): ConnectionUri => {
  if (isBlank(text)) return BLANK;
  const uri = parseJavaUri(text);
  if (uri === undefined || uri.port <= 0 || uri.query !== undefined) throw connectionUriInvalid(text);
  const colon = uri.userInfo?.indexOf(':') ?? -1;
  const userName = colon < 0 ? undefined : uri.userInfo?.slice(0, colon);
  const password = colon < 0 ? undefined : uri.userInfo?.slice(colon + 1);
  const user = userName === undefined ? '' : `${userName}:*****@`;
  return {
    protocol: uri.scheme,
    userName,
    password,
    hostname: uri.host,
    port: uri.port,
    path: uri.path === '' ? undefined : uri.path,
    masked: `${uri.scheme ?? 'null'}://${user}${uri.host}:${uri.port}${uri.path}`,
    uri: uri.ascii,
  };
});

/** Java's `trim().isEmpty()`: nothing but control characters and blanks up to U+0020. */
export function isBlank(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x20) return false;
  return true;
}
