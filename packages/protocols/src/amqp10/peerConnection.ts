import type { ConnectionOptions as TlsOptions } from 'node:tls';
import type { Clock, Log } from '@hawser/core';
import type { Connection, ConnectionOptions, Container, EventContext } from 'rhea';
import { AmqpConditionError, AmqpTimeoutError, type Condition } from './conditions.ts';
import { GuardedSocket } from './guardedSocket.ts';
import { PeerSession } from './peerSession.ts';
import type { SaslMechanisms } from './sasl.ts';
import type { Amqp10Settings } from './settings.ts';

export interface PeerOptions {
  readonly containerId: string;
  readonly host: string;
  readonly port: number;
  /** Who the peer is called, which its end of a tunnel is not. */
  readonly serverName: string;
  readonly tls: TlsOptions | undefined;
  readonly mechanisms: SaslMechanisms;
  readonly settings: Amqp10Settings;
  readonly clock: Clock;
  readonly log: Log;
  readonly maxMessageBytes: number;
  /** Most deliveries under way in each direction and session. */
  readonly maxDeliveries: number;
}

export interface PeerEvents {
  /** The connection is gone. At most once, never after `close`, and not while it is being opened. */
  lost(reason: Error): void;
  /** The peer has ended a session with all the links in it. */
  sessionEnded(reason: Error): void;
}

/** No frame may have to be smaller (AMQP 1.0 §2.7.1). */
const smallestMaxFrame = 512;
/** A peer that wants to hear of us more often is refused. */
const shortestIdleTimeoutMs = 100;
const farewellMs = 1_000;

/** The part of rhea 3.0.5 that stops its timers and has no public name. */
interface Internals {
  socket_ready: boolean;
  readonly heartbeat_in: NodeJS.Timeout | undefined;
  readonly heartbeat_out: NodeJS.Timeout | undefined;
  readonly abort_idle: NodeJS.Timeout | undefined;
  on_begin(frame: { readonly performative: { readonly remote_channel: unknown } }): void;
}

/** One network connection to an AMQP 1.0 peer. It never reconnects. */
export class PeerConnection {
  readonly container: Container;
  readonly #raw: Connection;
  readonly #options: PeerOptions;
  readonly #events: PeerEvents;
  readonly #sessions = new Set<PeerSession>();
  #socket: GuardedSocket | undefined;
  #state: 'opening' | 'open' | 'ended' = 'opening';
  #failure: Error | undefined;
  #rejectOpen: (reason: Error) => void = () => {};

  /** Resolves when the peer has opened the connection. @throws AmqpConditionError when it refuses, or any Error */
  static async open(options: PeerOptions, events: PeerEvents): Promise<PeerConnection> {
    // loaded with the first connection: a service without AMQP 1.0 connections starts without it
    const { default: library } = await import('rhea');
    const peer = new PeerConnection(
      (library as unknown as Container).create_container({ id: options.containerId }),
      options,
      events,
    );
    await peer.#open();
    return peer;
  }

  private constructor(container: Container, options: PeerOptions, events: PeerEvents) {
    this.container = container;
    this.#options = options;
    this.#events = events;
    this.#raw = container.create_connection(this.#connectionOptions());
    this.#watch();
  }

  /** A session for links that belong together, or (`isPrivate`) for one alone. */
  beginSession(isPrivate: boolean): PeerSession {
    const { clock, settings, maxMessageBytes, maxDeliveries } = this.#options;
    const session: PeerSession = new PeerSession({
      raw: this.#raw.create_session(),
      container: this.container,
      clock,
      requestTimeoutMs: settings.requestTimeoutMs,
      maxMessageBytes,
      maxDeliveries,
      isPrivate,
      onEnded: (reason) => {
        this.#sessions.delete(session);
        // the end of one link is told by whose it is
        if (!isPrivate) this.#events.sessionEnded(reason);
      },
    });
    for (const known of this.#sessions) if (known.isEnded) this.#sessions.delete(known);
    this.#sessions.add(session);
    return session;
  }

  /** Tells the peer that we leave; what was written before reaches it. */
  async close(): Promise<void> {
    const wasOpen = this.#state === 'open';
    this.#end(new Error('AMQP session was closed.'));
    const socket = this.#socket;
    if (socket === undefined) return;
    if (!wasOpen) {
      this.#destroy();
      return;
    }
    this.#raw.close();
    // the library writes at the end of this turn
    await new Promise<void>((resolve) => setImmediate(resolve));
    let cancel = (): void => {};
    const giveUp = new Promise<void>((resolve) => {
      cancel = this.#options.clock.after(farewellMs, resolve);
    });
    await socket.finish(giveUp);
    cancel();
    this.#destroy();
  }

  #open(): Promise<void> {
    const { clock, settings } = this.#options;
    return new Promise((resolve, reject) => {
      const cancel = clock.after(settings.connectTimeoutMs, () =>
        this.#fail(new AmqpTimeoutError('Timed out while waiting to connect')),
      );
      this.#rejectOpen = (reason) => {
        cancel();
        reject(reason);
      };
      this.#raw.once('connection_open', () => {
        const refusal = this.#unacceptable();
        if (refusal !== undefined) this.#fail(refusal);
        if (this.#state !== 'opening') return;
        this.#state = 'open';
        cancel();
        resolve();
      });
      this.#raw.connect();
    });
  }

  #connectionOptions(): ConnectionOptions {
    const { containerId, host, port, serverName, mechanisms, settings, maxDeliveries } = this.#options;
    const hostname = settings.virtualHost ?? serverName;
    return {
      container_id: containerId,
      host,
      port,
      hostname,
      reconnect: false,
      max_frame_size: settings.maxFrameBytes,
      // the library gives up after twice this time
      ...(settings.idleTimeoutMs === 0 ? {} : { idle_time_out: Math.max(1, settings.idleTimeoutMs / 2) }),
      session_buffer_size: maxDeliveries,
      sasl_mechanisms: mechanisms,
      sasl_init_hostname: hostname,
      connection_details: () => ({
        host,
        port,
        options: {},
        connect: (_port: number, _host: string, _options: unknown, connected: () => void) =>
          this.#connectSocket(connected),
      }),
    } as ConnectionOptions;
  }

  #connectSocket(connected: () => void): GuardedSocket {
    const { host, port, tls, settings } = this.#options;
    const { noDelay, keepAlive, maxFrameBytes } = settings;
    this.#socket = new GuardedSocket({ host, port, tls, noDelay, keepAlive, maxFrameBytes }, connected);
    return this.#socket;
  }

  #watch(): void {
    const raw = this.#raw;
    const failed = (context: EventContext | Error): void =>
      this.#fail(context instanceof Error ? context : new Error('AMQP connection failed.'));
    raw.on('connection_error', () => {});
    raw.on('connection_close', (context: EventContext) =>
      this.#fail(
        new AmqpConditionError(context.error as Condition | undefined, 'The peer closed the connection.'),
      ),
    );
    raw.on('disconnected', (context: EventContext) =>
      this.#fail(
        this.#socket?.failure ?? asError(context.error) ?? new Error('The peer ended the connection.'),
      ),
    );
    raw.on('protocol_error', failed);
    raw.on('error', failed);
    // what no connection, session or link has listened to ends here, and would end the process without a listener
    this.container.on('error', failed);
    const internals = raw as unknown as Internals;
    const begin = internals.on_begin.bind(internals);
    internals.on_begin = (frame) => {
      if (typeof frame.performative.remote_channel !== 'number')
        throw new Error('The peer begins a session of its own.');
      begin(frame);
    };
  }

  /** What the peer announces and the library would choke on. */
  #unacceptable(): Error | undefined {
    const { max_frame_size: maxFrame, idle_time_out: idle } = this.#raw;
    if (typeof maxFrame === 'number' && maxFrame < smallestMaxFrame)
      return new Error(`The peer takes frames of ${maxFrame} bytes alone.`);
    if (typeof idle === 'number' && idle > 0 && idle < shortestIdleTimeoutMs)
      return new Error(`The peer wants to hear of us every ${idle} ms.`);
    return undefined;
  }

  #fail(reason: Error): void {
    if (this.#state === 'ended') return;
    const wasOpen = this.#state === 'open';
    this.#failure ??= reason;
    this.#end(reason);
    this.#destroy();
    if (wasOpen) this.#events.lost(reason);
    else this.#rejectOpen(reason);
  }

  #end(reason: Error): void {
    this.#state = 'ended';
    for (const session of this.#sessions) session.drop(reason);
    this.#sessions.clear();
  }

  #destroy(): void {
    this.#socket?.destroy();
    this.#stopTimers();
    // The library may be in the midst of reading, and begins them anew when it is through.
    setImmediate(() => this.#stopTimers());
  }

  /** They would keep the process for a minute. */
  #stopTimers(): void {
    const internals = this.#raw as unknown as Internals;
    internals.socket_ready = false;
    for (const timer of [internals.heartbeat_in, internals.heartbeat_out, internals.abort_idle])
      clearTimeout(timer);
  }
}

const asError = (value: unknown): Error | undefined => (value instanceof Error ? value : undefined);
