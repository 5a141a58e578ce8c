import { connect as connectTcp, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { type Clock, MisconfiguredError, OpenList, type OpenListLinks, PublishError } from '@hawser/core';
import type { IClientOptions, IPublishPacket, MqttClient, Packet } from 'mqtt';
import { AckBatch } from './ackBatch.ts';
import { AckQueue, type HeldAck } from './ackQueue.ts';
import type { MqttPublish } from './headers.ts';
import { PacketGuard } from './packetGuard.ts';
import { ReadingGate } from './readingGate.ts';

/**
 * The parts of mqtt.js 5.16.0 that are used beyond its published interface, so that a message can be acknowledged long
 * after it was received: the library writes the acknowledgement before it takes the next packet. The version is pinned;
 * the integration tests fail when an update changes these.
 */
interface Internals {
  _sendPacket(packet: object, done?: (error?: Error) => void, stored?: () => void): void;
}

export interface BrokerOptions {
  readonly host: string;
  readonly port: number;
  /** Absent: plain TCP. */
  readonly tls: ConnectionOptions | undefined;
  readonly client: IClientOptions;
  readonly clock: Clock;
  readonly maxPacketBytes: number;
  /** Reading pauses while more received messages than this are unsettled. */
  readonly maxInFlight: number;
  /** Packet ids of QoS 2 that were acknowledged with PUBREC and not yet released; outlives this session. */
  readonly receivedQos2: Set<number>;
}

export interface BrokerEvents {
  /** `settle('acknowledge')` writes PUBACK or PUBREC in the order of reception; `'withhold'` never does. */
  publish(packet: IPublishPacket, settle: (how: 'acknowledge' | 'withhold') => void): void;
  /** The session has ended by itself. At most once. */
  lost(reason: Error): void;
}

/** Whoever waits for an answer of the broker. */
interface Waiting extends OpenListLinks<Waiting> {
  readonly reject: (reason: Error) => void;
}

/** One network connection to an MQTT broker. It never reconnects. */
export class BrokerSession {
  readonly #client: MqttClient;
  readonly #options: BrokerOptions;
  readonly #events: BrokerEvents;
  readonly #write: Internals['_sendPacket'];
  readonly #acks: AckBatch;
  readonly #pubacks: AckQueue;
  readonly #pubrecs: AckQueue;
  readonly #waiting = new OpenList<Waiting>();
  /** Packet ids of QoS 2 that came again and get their PUBREC from the library at once. */
  readonly #repeated = new Set<number>();
  #socket: Socket | undefined;
  readonly #gate: ReadingGate;
  #failure: Error | undefined;
  #state: 'new' | 'connecting' | 'open' | 'ended' = 'new';

  /** The library is loaded with the first session: a service without MQTT connections starts without it. */
  static async create(options: BrokerOptions, events: BrokerEvents): Promise<BrokerSession> {
    return new BrokerSession(await import('mqtt'), options, events);
  }

  private constructor(library: typeof import('mqtt'), options: BrokerOptions, events: BrokerEvents) {
    this.#options = options;
    this.#events = events;
    this.#gate = new ReadingGate({
      clock: options.clock,
      maxInFlight: options.maxInFlight,
      isAwaiting: () => this.#waiting.size > 0,
    });
    const client = new library.MqttClient(() => this.#connectSocket() as never, {
      ...options.client,
      manualConnect: true,
      reconnectPeriod: 0,
      resubscribe: false,
      queueQoSZero: false,
      // its default builds the arguments of several debug lines for every packet
      log: () => {},
    });
    this.#client = client;
    this.#write = internalsOf(client)._sendPacket.bind(client);
    this.#acks = new AckBatch((packets) => {
      // Acknowledging on another network connection than the message came from would be wrong.
      if (this.#isConnected()) this.#socket?.write(packets);
    });
    this.#pubacks = new AckQueue((messageId) => this.#acks.add('puback', messageId));
    this.#pubrecs = new AckQueue((messageId) => {
      this.#options.receivedQos2.add(messageId);
      this.#acks.add('pubrec', messageId);
    });
    this.#takeOver();
  }

  /** Resolves with the CONNACK's `session present`. @throws MisconfiguredError when the broker refuses us */
  connect(): Promise<boolean> {
    this.#state = 'connecting';
    return new Promise((resolve, reject) => {
      const waiting = this.#waits(reject);
      this.#client.once('connect', (connack) => {
        this.#waiting.delete(waiting);
        if (this.#state !== 'connecting') return;
        this.#state = 'open';
        resolve(connack.sessionPresent === true);
      });
      this.#client.connect();
    });
  }

  /** Resolves when the broker granted every filter. @throws MisconfiguredError when it refused one */
  subscribe(filters: readonly string[], qos: 0 | 1 | 2): Promise<void> {
    return this.#tracked((resolve, reject) => {
      this.#client.subscribe([...filters], { qos }, (error, _granted, suback) => {
        if (!error) resolve();
        else reject(suback === undefined ? error : new MisconfiguredError(error.message, { cause: error }));
      });
    });
  }

  /** Resolves when written (QoS 0), with the PUBACK (1) or the PUBCOMP (2). @throws PublishError when the broker refused it */
  publish(message: MqttPublish): Promise<void> {
    const { topic, payload, qos, retain, properties } = message;
    return this.#tracked((resolve, reject) => {
      this.#client.publish(
        topic,
        payload,
        properties === undefined ? { qos, retain } : { qos, retain, properties },
        (error) => {
          if (!error) resolve();
          else reject(refusal(error) ?? error);
        },
      );
    });
  }

  /** Tells the broker that we leave (no last will is sent). */
  async close(): Promise<void> {
    const wasOpen = this.#state === 'open';
    this.#acks.flush();
    this.#end(new Error('MQTT session was closed.'));
    const socket = this.#socket;
    if (socket === undefined) return;
    if (wasOpen && socket.writable) {
      this.#write({ cmd: 'disconnect', reasonCode: 0 });
      // Until the broker has closed too: a socket destroyed with unread input is reset, and takes the last acknowledgements with it.
      await new Promise<void>((resolve) => {
        const giveUp = setTimeout(resolve, 1_000);
        socket.once('close', () => {
          clearTimeout(giveUp);
          resolve();
        });
        socket.end();
        socket.resume();
      });
    }
    this.#client.end(true);
    socket.destroy();
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  #connectSocket(): Socket {
    const { host, port, tls, maxPacketBytes } = this.#options;
    const socket = tls === undefined ? connectTcp({ host, port }) : connectTls({ ...tls, host, port });
    const guard = new PacketGuard(maxPacketBytes);
    // Attached before the library's own reader, so nothing is buffered that the guard has not seen.
    socket.on('data', (chunk: Buffer) => {
      try {
        guard.check(chunk);
      } catch (error) {
        socket.destroy(error as Error);
      }
    });
    socket.on('error', (error) => {
      this.#failure ??= error;
    });
    socket.setNoDelay(true);
    this.#socket = socket;
    return socket;
  }

  /** Attaches every handler before CONNECT is written: a persistent session delivers right after the CONNACK. */
  #takeOver(): void {
    const client = this.#client;
    internalsOf(client)._sendPacket = (packet, done, ...rest) => {
      const { cmd, messageId } = packet as { cmd: string; messageId: number };
      if (cmd === 'puback' || (cmd === 'pubrec' && !this.#repeated.delete(messageId))) {
        this.#proceed(done);
      } else {
        this.#write(packet, done, ...rest);
      }
    };
    client.handleMessage = (_packet, done) => this.#proceed(done);
    const keepaliveTimeout = client.onKeepaliveTimeout.bind(client);
    // While reading is paused the broker's answer lies unread in the socket: that is no silence of the broker.
    client.onKeepaliveTimeout = () => {
      if (!this.#gate.isPaused) keepaliveTimeout();
      else client.reschedulePing(true);
    };
    client.on('packetreceive', (packet) => {
      try {
        this.#received(packet);
      } catch (error) {
        this.#fail(error as Error);
      }
    });
    client.on('error', (error) => this.#fail(error));
    client.on('disconnect', (packet) => {
      this.#failure ??= new Error(`Server sent DISCONNECT with reason code ${packet.reasonCode ?? 0}.`);
    });
    client.on('close', () => this.#closed());
  }

  #received(packet: Packet): void {
    if (packet.cmd === 'connack' && !packet.sessionPresent) {
      this.#options.receivedQos2.clear();
    } else if (packet.cmd === 'pubrel') {
      this.#options.receivedQos2.delete(packet.messageId ?? 0);
    } else if (packet.cmd === 'publish') {
      this.#publishReceived(packet);
    }
  }

  #publishReceived(packet: IPublishPacket): void {
    const messageId = packet.messageId ?? 0;
    // Sent again although our PUBREC may be lost: the message is ours already [MQTT-4.3.3-10].
    if (packet.qos === 2 && this.#options.receivedQos2.has(messageId)) {
      this.#repeated.add(messageId);
      return;
    }
    const { length } = packet.payload;
    this.#gate.received(length);
    const queue = packet.qos === 0 ? undefined : packet.qos === 1 ? this.#pubacks : this.#pubrecs;
    const held: HeldAck | undefined = queue?.receive(messageId);
    let isSettled = false;
    this.#events.publish(packet, (how) => {
      if (isSettled) return;
      isSettled = true;
      if (held !== undefined) queue?.settle(held, how);
      this.#gate.settled(length);
    });
  }

  #isConnected(): boolean {
    return this.#state === 'open' || this.#state === 'connecting';
  }

  #proceed(done: ((error?: Error) => void) | undefined): void {
    this.#gate.pass(done ?? (() => {}));
  }

  #tracked(run: (resolve: () => void, reject: (reason: Error) => void) => void): Promise<void> {
    if (this.#state !== 'open')
      return Promise.reject(this.#failure ?? new Error('MQTT session is not open.'));
    return new Promise((resolve, reject) => {
      const waiting = this.#waits(reject);
      run(
        () => {
          this.#waiting.delete(waiting);
          resolve();
        },
        (reason) => {
          this.#waiting.delete(waiting);
          reject(reason);
        },
      );
    });
  }

  #waits(reject: Waiting['reject']): Waiting {
    const waiting: Waiting = { reject, list: undefined, next: undefined, previous: undefined };
    this.#waiting.add(waiting);
    return waiting;
  }

  #fail(reason: Error): void {
    this.#failure ??= reason;
    this.#socket?.destroy();
  }

  #closed(): void {
    if (this.#state === 'ended') return;
    const wasOpen = this.#state === 'open';
    const reason =
      refusedConnect(this.#failure) ?? this.#failure ?? new Error('Server closed the connection.');
    this.#end(reason);
    this.#client.end(true);
    if (wasOpen) this.#events.lost(reason);
  }

  #end(reason: Error): void {
    this.#state = 'ended';
    this.#gate.close();
    for (const waiting of this.#waiting.members()) {
      this.#waiting.delete(waiting);
      waiting.reject(reason);
    }
  }
}

function internalsOf(client: MqttClient): Internals {
  return client as unknown as Internals;
}

/** The broker said no to this publish (a reason code of 128 or more); anything else leaves the outcome open. */
function refusal(error: Error): PublishError | undefined {
  const code = reasonCode(error);
  if (code === undefined || code < 128) return undefined;
  return new PublishError(503, `Failed to send message: ${error.message}`, { cause: error });
}

function refusedConnect(error: Error | undefined): MisconfiguredError | undefined {
  if (error === undefined || !error.message.startsWith('Connection refused:')) return undefined;
  return new MisconfiguredError(error.message, { cause: error });
}

function reasonCode(error: Error): number | undefined {
  const code = 'code' in error ? error.code : undefined;
  return typeof code === 'number' ? code : undefined;
}
