import {
  type ClientContext,
  type Clock,
  type Connection,
  connectionFailed,
  type OpenTunnel,
  type ProtocolAdapter,
  parseConnectionUri,
  socketHost,
  type Tunnel,
  TunnelError,
  type TunnelEvents,
} from '@hawser/core';
import { UnreachableError } from './failure.ts';
import type { SocketProbe } from './socketProbe.ts';

export interface ReachOptions {
  readonly probe: SocketProbe;
  readonly probeTimeoutMs: number;
  /** Absent: connections that ask for a tunnel fail; they never go without it. */
  readonly openTunnel: OpenTunnel | undefined;
  readonly clock: Clock;
}

/** Who wants to go where. */
export interface Way {
  readonly connection: Connection;
  /** Absent: a plain socket shows whether the host can be reached. */
  readonly adapter: ProtocolAdapter | undefined;
  readonly context: ClientContext;
}

/**
 * The way to a broker. Ditto looks first whether the host can be reached, which is the SSH server where there is a tunnel.
 *
 * @returns the open tunnel, for the caller to close; undefined without one
 * @throws UnreachableError, TunnelError
 */
export async function reachBroker(
  { connection, adapter, context }: Way,
  { probe, probeTimeoutMs, openTunnel, clock }: ReachOptions,
  events: TunnelEvents,
): Promise<Tunnel | undefined> {
  const { sshTunnel } = connection;
  const isTunnelled = sshTunnel?.enabled === true;
  const uri = parseConnectionUri(isTunnelled ? sshTunnel.uri : connection.uri);
  const { hostname, port } = uri;
  const ownProbe = isTunnelled ? undefined : adapter?.probe?.(connection, context);
  try {
    await (ownProbe ?? probe(socketHost(uri), port, probeTimeoutMs));
  } catch (error) {
    const reason = (error as Error).message || String((error as NodeJS.ErrnoException).code);
    events.note('failure', `Socket could not be opened for ${hostname}:${port} due to ${reason}`);
    const description = `Could not establish a connection on '${hostname}:${port}'. Make sure the endpoint is reachable and that no firewall prevents the connection.`;
    throw new UnreachableError(description, { cause: connectionFailed(connection.id, description, error) });
  }
  if (!isTunnelled) return undefined;
  if (openTunnel === undefined)
    throw new TunnelError('SSH Tunnel failed.', new Error('There is nothing here to open one with.'));
  return openTunnel(connection, events, clock);
}
