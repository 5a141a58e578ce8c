import type { JsonValue } from '../json/jsonValue.ts';
import type { Connection, ConnectionType } from '../model/connection.ts';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';

/** A message of the outside world, before inbound or after outbound mapping (connectivity/api/.../ExternalMessage.java). */
export interface ExternalMessage {
  /** Names as the broker gave them; looked up without regard to case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Beside bytes: these, read as UTF-8. */
  readonly text?: string;
  readonly bytes?: Uint8Array;
}

/** Where an inbound message came from. */
export interface SourceOrigin {
  /** `Source.index`. */
  readonly sourceIndex: number;
  /** The configured address of the source that matched. */
  readonly configuredAddress: string;
  /** The address that the message carried (e.g. the MQTT topic); what `source:address` resolves to. */
  readonly address: string;
}

/** What becomes of a source message at its broker (spec 04, 1.2). */
export type Settlement = 'accepted' | 'redeliver' | 'rejected';

/** A resolved address to publish to. */
export interface PublishTarget {
  /** With all placeholders resolved. */
  readonly address: string;
  readonly qos: number | undefined;
  /** Index in `targets`, or -1 for a reply target. */
  readonly targetIndex: number;
  /** How many publishes of one signal share what Ditto takes in of the peers' answers; absent: this is the only one. */
  readonly answerShares?: number;
}

/** What a peer says to a message in protocols where it does (HTTP); body and headers are those of the result. */
export interface PeerAnswer {
  /** As logs show it, e.g. `404 Not Found`. */
  readonly statusText: string;
  /** The peer got the message and said no: a failed publish, whatever becomes of the acknowledgement. */
  readonly refusal: Error | undefined;
}

/** Outcome of a publish; becomes the target's issued acknowledgement. */
export interface PublishResult {
  readonly status: number;
  readonly payload?: JsonValue;
  readonly headers?: Readonly<Record<string, string>>;
  /** Absent where the peer only confirms. */
  readonly answer?: PeerAnswer;
}

/** How a publish ended: what `ConnectionClient.publish` resolves with, or else what it rejects with. */
export type PublishEnd =
  | { readonly result: PublishResult; readonly error?: undefined }
  | { readonly result?: undefined; readonly error: unknown };

export interface ClientEvents {
  /** `settle` is called exactly once a message, at any later time. */
  message(message: ExternalMessage, origin: SourceOrigin, settle: (outcome: Settlement) => void): void;
  /** The session is gone; the owner closes this client and opens it again after back-off. At most once per `open`. */
  lost(reason: Error): void;
  /** A settled message was acknowledged (or refused) towards the broker; `text` is the entry of the connection's log. */
  acknowledged?(origin: SourceOrigin, ok: boolean, text: string): void;
  /** A message failed before mapping, while it was turned into an `ExternalMessage` (e.g. a malformed topic). */
  refused?(origin: SourceOrigin, reason: Error): void;
  /** An entry of category `connection` of the connection's log. */
  note?(level: 'success' | 'failure', text: string): void;
}

export interface ResourceStatus {
  /** `ssh`: the tunnel to the broker, which has no address. */
  readonly type: 'source' | 'target' | 'ssh';
  readonly address?: string;
  readonly status: 'open' | 'closed' | 'failed' | 'misconfigured' | 'unknown';
  readonly detail: string;
  /** Wall time since when, ms; absent for what has no state of its own (targets with placeholders). */
  readonly sinceMs?: number;
}

/** The near end of a tunnel: what is sent there arrives at the host and port of the connection's URI. */
export interface TunnelEnd {
  readonly host: string;
  readonly port: number;
}

export interface ClientContext {
  readonly clock: Clock;
  readonly log: Log;
  /** Client id towards the broker where the protocol has one (spec 04, 1.1). */
  readonly clientId: string;
  /** Largest inbound message accepted, bytes. */
  readonly maxInboundBytes: number;
  /** Most source messages under way (unsettled) per client. */
  readonly maxInFlight: number;
  /** Protocol-specific configuration (`ditto.connectivity.connection.<protocol>.*`), durations in ms. */
  readonly config: Readonly<Record<string, unknown>>;
  /** Where to connect instead of the host and port of the connection's URI. Certificates are still those of the URI's host. */
  readonly tunnel?: TunnelEnd;
  /** What a client leaves to its successor in the same session with the broker (e.g. packet ids of QoS 2). */
  readonly carry: Map<string, unknown>;
}

/** A failure that only the user can mend (wrong password, missing queue, refused certificate): status `misconfigured`. */
export class MisconfiguredError extends Error {
  override readonly name = 'MisconfiguredError';
}

/** A failure in Ditto's words, shown as `{message} - cause <{name}>: {message of the cause}` (connectivity/service/.../ConnectionFailure.java). */
export class ConnectionFailure extends Error {
  override readonly name = 'ConnectionFailure';

  constructor(message: string, cause: unknown) {
    super(message, { cause });
  }
}

/** One session with a broker. Retry, back-off, mapping, metrics and logs live above it. */
export interface ConnectionClient {
  /** Resolves when every source is subscribed. Called once per client. @throws MisconfiguredError or any Error */
  open(): Promise<void>;
  /**
   * Resolves when the broker has taken the message, to the degree the target's qos asks.
   * Rejects with a `PublishError` when the broker refused it, with any other error when the session is gone and the outcome unknown.
   */
  publish(target: PublishTarget, message: ExternalMessage): Promise<PublishResult>;
  /**
   * `publish` without a promise, for clients through which thousands of messages are under way at a time: promises are most
   * of what such a message keeps in memory. Never throws; `ended` is called once, possibly before this returns.
   */
  publishWith?(target: PublishTarget, message: ExternalMessage, ended: (end: PublishEnd) => void): void;
  /** Live status of sources and targets. */
  resources(): readonly ResourceStatus[];
  /** No message is emitted afterwards; settling and publishing go on, so that what is under way can finish. */
  stopConsuming(): Promise<void>;
  /** Idempotent. Nothing is emitted after it resolves. */
  close(): Promise<void>;
}

/** The broker (or the address) refused this message for good: sending it again would not help. */
export class PublishError extends Error {
  override readonly name = 'PublishError';
  readonly status: number;
  readonly description: string | undefined;

  constructor(status: number, message: string, options: { cause?: unknown; description?: string } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.status = status;
    this.description = options.description;
  }
}

/** One transport. Stateless: all state lives in the clients it creates. It has no validation rules; they are in core. */
export interface ProtocolAdapter {
  /** Values of `connectionType` it serves, e.g. `['mqtt', 'mqtt-5']`. Unique in a registry. */
  readonly connectionTypes: readonly ConnectionType[];
  createClient(connection: Connection, events: ClientEvents, context: ClientContext): ConnectionClient;
  /**
   * Delay before the n-th (from 1) attempt to come back after an open client was lost, ms; undefined leaves it to the
   * connection's general back-off. Asked only for connections with `failoverEnabled`, where Ditto's drivers reconnect by themselves.
   */
  reconnectDelayMs?(connection: Connection, attempt: number, context: Pick<ClientContext, 'config'>): number;
  /**
   * Tries the way to the host of a connection, in place of the plain socket that is opened before each attempt; undefined
   * where a plain socket is right. Rejects with why it is closed.
   */
  probe?(connection: Connection, context: Pick<ClientContext, 'clock' | 'config'>): Promise<void> | undefined;
  /** Answers a testConnection: connects, proves sources and targets, disconnects. Rejects with the failure. */
  test(connection: Connection, context: ClientContext): Promise<void>;
}
