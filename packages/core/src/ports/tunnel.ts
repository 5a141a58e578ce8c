import type { Connection } from '../model/connection.ts';
import type { Clock } from './clock.ts';
import { ConnectionFailure, type TunnelEnd } from './protocolAdapter.ts';

/** An open way through an SSH server to the broker of one connection (spec 04, 10). */
export interface Tunnel {
  readonly end: TunnelEnd;
  /** Idempotent. Connections through it end. */
  close(): Promise<void>;
}

export interface TunnelEvents {
  /** An open tunnel is gone. At most once, never after `close`. */
  lost(reason: TunnelError): void;
  /** An entry of category `connection` of the connection's log. */
  note(level: 'success' | 'failure', text: string): void;
}

/** Opens the tunnel that a connection describes. @throws TunnelError */
export type OpenTunnel = (connection: Connection, events: TunnelEvents, clock: Clock) => Promise<Tunnel>;

/** The tunnel is not there or no more. Ditto's `SshTunnelActor.TunnelClosed`. */
export class TunnelError extends ConnectionFailure {}
