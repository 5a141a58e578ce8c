import type { JsonObject } from '../json/jsonValue.ts';
import type { Connection } from '../model/connection.ts';

/** What a session tells its actor, coalesced: never a message per broker message. */
export interface SessionStatus {
  readonly clientIndex: number;
  readonly state: 'initialized' | 'connecting' | 'connected' | 'disconnecting' | 'disconnected';
  readonly failed: boolean;
}

/**
 * The data plane of one client of a connection: socket, pipeline, retries, counters and log ring (spec 04, 2).
 * The actor starts, stops and asks it; broker messages never pass the actor.
 */
export interface ClientSession {
  /**
   * Ditto's OpenConnection to a client. Resolves when connected. A rejection answers the asker only: while the session
   * is not closed it keeps retrying with back-off.
   *
   * @throws DittoError `connectivity:connection.failed` 504, `connectivity:signal.illegal` 409
   */
  open(): Promise<void>;
  /**
   * Stops consuming, publishes the closed announcement, disconnects. Resolves when disconnected. Idempotent.
   *
   * @param isReplaced a client of the modified connection takes over: signals for the targets are kept for it until `abort`
   */
  close(isReplaced?: boolean): Promise<void>;
  /** Ends everything at once, without announcements: the shard is lost or the actor has crashed. */
  abort(): void;
  /** Entries of `retrieveConnectionStatus` of this client: `clientStatus`, `sourceStatus`, `targetStatus`, `sshTunnelStatus` rows. */
  status(): readonly JsonObject[];
  /** Counters and logs, read by reference from what the pipeline writes. */
  readonly monitor: ConnectionMonitor;
}

/** Counters and log rings of a connection; plain memory, shared by all its clients, read by the actor. */
export interface ConnectionMonitor {
  resetMetrics(): void;
  /** Clears the log; its one entry then says so. */
  resetLogs(correlationId?: string): void;
  /** Starts or prolongs logging until the given wall time, ms. */
  enableLogs(untilMs: number): void;
  muteLogs(): void;
  /** Members of the response of `retrieveConnectionMetrics` after `connectionId` (spec 05, 2). */
  metrics(): JsonObject;
  /** `connectionLogs`, `enabledSince`, `enabledUntil` (spec 05, 3). */
  logs(): JsonObject;
  /** Adds an entry of category `connection`. */
  logConnection(level: 'success' | 'failure', message: string): void;
  addLogEntry(entry: JsonObject): void;
  /** A self-check has found the connection in this live status. */
  statusReported(status: string): void;
}

/** Makes sessions. Implemented beside the pipelines, handed to the connection actor. */
export interface ClientSessions {
  /** @throws DittoError when no client can be built for this connection (part of validation) */
  validate(connection: Connection): void;
  monitor(connectionId: string): ConnectionMonitor;
  create(
    connection: Connection,
    clientIndex: number,
    onStatus: (status: SessionStatus) => void,
  ): ClientSession;
  /** Drops what is kept for a connection across its sessions (counters, logs, what a broker session left): it was deleted. */
  forget(connectionId: string): void;
  /** Answers a testConnection; resolves to the `testResult` text. @throws DittoError */
  test(connection: Connection): Promise<string>;
}
