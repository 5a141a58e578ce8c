import { type Connection, parseConnectionUri } from '@hawser/core';

/** Where a connection's URI points to, taken apart once; drivers get these parts and never the user's text. */
export interface Endpoint {
  readonly scheme: string;
  /** Without the brackets of IPv6. */
  readonly host: string;
  readonly port: number;
  /** Absent without user info. */
  readonly credentials: { readonly username: string; readonly password: string } | undefined;
  /** Decoded, without its leading slash; empty when absent. */
  readonly path: string;
}

export function endpointOf(connection: Connection): Endpoint {
  const { protocol, hostname, port, userName, password, path } = parseConnectionUri(connection.uri);
  return {
    scheme: (protocol ?? '').toLowerCase(),
    host: hostname.replace(/^\[|\]$/g, ''),
    port,
    credentials: userName === undefined ? undefined : { username: userName, password: password ?? '' },
    path: path?.slice(1) ?? '',
  };
}
