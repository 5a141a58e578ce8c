import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import type { FluentSender as FluentSenderOf } from 'fluent-logger';

// the package's entry keeps the class to itself
const require = createRequire(import.meta.url);
const FluentSender = require('fluent-logger/lib/sender.js') as typeof FluentSenderOf;

/** Most bytes of an answer that are looked at for an acknowledgement. */
const maxAnswerBytes = 16_384;

export interface ForwardEndpoint {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** A batch counts as taken when the receiver has acknowledged it, not when it is written. */
  readonly acknowledged: boolean;
}

/** One session with a Fluentd receiver: batches go out one after the other. After a failure it is of no more use. */
export interface ForwardSession {
  /**
   * Resolves when the batch was taken. Rejects when the session is gone.
   *
   * @param entries times and records in MessagePack, one behind the other
   */
  send(tag: string, entries: Buffer): Promise<void>;
  /** Ends at once; what is under way fails. */
  end(): void;
}

/** What of fluent-logger's sender is not in its types. It is pinned to 3.4.1. */
interface SenderParts {
  _socket: Socket | null;
  readonly _sendQueue: Map<
    string,
    { readonly eventEntries: readonly Buffer[]; readonly size: number; readonly callbacks: readonly [] }
  >;
  _connect(connected: () => void): void;
  _disconnect(): void;
  _doFlushSendQueue(): void;
  on(event: 'error', listener: (error: Error) => void): void;
}

/**
 * fluent-logger's sender without its traps: a queue without bound, callbacks that never come, an endless loop when the
 * receiver has closed, an exception out of the socket when it answers rubbish, answers that nobody reads, and a write
 * that failed reported as done. It keeps connecting, the handshake and the framing.
 */
class Sender extends FluentSender<object> {
  readonly #isAcknowledged: boolean;
  #waiting: { readonly resolve: () => void; readonly reject: (error: Error) => void } | undefined;
  #chunk: string | undefined;
  #answer = '';
  #watched: Socket | undefined;

  constructor({ host, port, tls, acknowledged }: ForwardEndpoint) {
    super('', {
      eventMode: 'PackedForward',
      host,
      port,
      tls,
      // the batches are made outside; nothing is to wait for more
      flushInterval: 1,
      internalLogger: { info: () => undefined, error: () => undefined },
    });
    this.#isAcknowledged = acknowledged;
    this.#parts.on('error', (error) => this.#fail(error));
  }

  get #parts(): SenderParts {
    return this as unknown as SenderParts;
  }

  send(tag: string, entries: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#parts._sendQueue.set(tag, { eventEntries: [entries], size: entries.length, callbacks: [] });
      this.#parts._connect(() => this._waitToWrite());
    });
  }

  destroy(): void {
    this.#fail(new Error('The session was ended.'));
  }

  /** In place of the library's, which turns forever when the socket cannot be written. */
  _waitToWrite(): void {
    const { _socket: socket } = this.#parts;
    if (socket === null || !socket.writable) {
      this.#fail(new Error('The receiver has closed the connection.'));
      return;
    }
    this.#watch(socket);
    if (this.#waiting !== undefined && this.#chunk === undefined) this.#parts._doFlushSendQueue();
  }

  /** In place of the library's, which decodes whatever comes and takes a failed write for a good one. */
  _doWrite(packet: Buffer, options: { readonly chunk: string }): void {
    const { _socket: socket } = this.#parts;
    if (socket === null) return;
    this.#chunk = options.chunk;
    this.#answer = '';
    socket.write(packet, (error) => {
      if (error !== undefined && error !== null) this.#fail(error);
      else if (!this.#isAcknowledged) this.#taken();
    });
  }

  #watch(socket: Socket): void {
    if (this.#watched === socket) return;
    this.#watched = socket;
    socket.on('data', (data) => this.#answered(data));
    socket.once('close', () => this.#fail(new Error('The receiver has closed the connection.')));
  }

  /** The chunk is 24 random characters: wherever they are in the answer, it acknowledges this batch. */
  #answered(data: Buffer): void {
    if (!this.#isAcknowledged || this.#chunk === undefined) return;
    this.#answer += data.toString('latin1');
    if (this.#answer.includes(this.#chunk)) this.#taken();
    else if (this.#answer.length > maxAnswerBytes) this.#fail(new Error('The receiver answers rubbish.'));
  }

  #taken(): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#chunk = undefined;
    waiting?.resolve();
  }

  #fail(error: Error): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    this.#chunk = undefined;
    this.#parts._disconnect();
    waiting?.reject(error);
  }
}

export function openForwardSession(endpoint: ForwardEndpoint): ForwardSession {
  const sender = new Sender(endpoint);
  return {
    send: (tag, entries) => sender.send(tag, entries),
    end: () => sender.destroy(),
  };
}
