import { type Connection, parseConnectionUri, socketHost, type TunnelEnd } from '@hawser/core';

/** Where a connection's URI points to, taken apart once; drivers get these parts and never the user's text. */
export interface Endpoint {
  readonly scheme: string;
  /** Where to connect: the URI's host without the brackets of IPv6, or the end of the tunnel. */
  readonly host: string;
  readonly port: number;
  /** Whose certificate is expected: the URI's host. */
  readonly serverName: string;
  /** Absent without user info. */
  readonly credentials: { readonly username: string; readonly password: string } | undefined;
  /** Decoded, without its leading slash; empty when absent. */
  readonly path: string;
}

export function endpointOf(connection: Connection, tunnel?: TunnelEnd): Endpoint {
  const uri = parseConnectionUri(connection.uri);
  const { protocol, port, userName, password, path } = uri;
  const serverName = socketHost(uri);
  return {
    scheme: (protocol ?? '').toLowerCase(),
    host: tunnel?.host ?? serverName,
    port: tunnel?.port ?? port,
    serverName,
    credentials: userName === undefined ? undefined : { username: userName, password: password ?? '' },
    path: path?.slice(1) ?? '',
  };
}
