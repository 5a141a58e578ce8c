import type { Connection } from '@hawser/core';

/** Where a connection's URI points to, taken apart once; drivers get these parts and never the user's text. */
export interface Endpoint {
  /** Without the brackets of IPv6. */
  readonly host: string;
  readonly port: number;
  /** `undefined` without user info. */
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** With its leading slash, as written; empty when absent. */
  readonly path: string;
}

export function endpointOf(connection: Connection): Endpoint {
  const url = new URL(connection.uri);
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port),
    username: url.username === '' ? undefined : decoded(url.username),
    password: url.username === '' && url.password === '' ? undefined : decoded(url.password),
    path: url.pathname,
  };
}

/** Percent-decoded, or as it came where it is no valid encoding. */
export function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
