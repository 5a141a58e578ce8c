import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import type { FluentSender as FluentSenderOf } from 'fluent-logger';
import { MessagePackWriter } from './messagePack.ts';

// the package's entry keeps the class to itself
const require = createRequire(import.meta.url);
const FluentSender = require('fluent-logger/lib/sender.js') as typeof FluentSenderOf;

/** Most bytes of an answer that are looked at for an acknowledgement. */
const maxAnswerBytes = 16_384;

/** How a receiver begins that wants a shared key: it drops what comes without. */
const HELO = Buffer.from('\x92\xa4HELO', 'latin1');

/** Endpoints that have asked for a key: there, a new session waits for the question before it sends. */
const wantedKeys = new WeakSet<ForwardEndpoint>();
const keyQuestionMs = 1_000;

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

interface Batch {
  readonly tag: string;
  readonly entries: Buffer;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** What of fluent-logger's sender is not in its types. It is pinned to 3.4.1. */
interface SenderParts {
  _socket: Socket | null;
  _connect(connected: () => void): void;
  _disconnect(): void;
  on(event: 'error', listener: (error: Error) => void): void;
}

/**
 * fluent-logger's sender without its traps: a queue without bound, callbacks that never come, an endless loop when the
 * receiver has closed, an exception out of the socket when it answers rubbish, answers that nobody reads, a write that
 * failed reported as done, and three copies of each batch. It keeps connecting and the handshake.
 */
class Sender extends FluentSender<object> {
  readonly #endpoint: ForwardEndpoint;
  readonly #writer = new MessagePackWriter();
  #waiting: Batch | undefined;
  #chunk: string | undefined;
  #answer = '';
  #watched: Socket | undefined;

  constructor(endpoint: ForwardEndpoint) {
    const { host, port, tls } = endpoint;
    super('', {
      eventMode: 'PackedForward',
      host,
      port,
      tls,
      // the batches are made outside; nothing is to wait for more
      flushInterval: 1,
      internalLogger: { info: () => undefined, error: () => undefined },
    });
    this.#endpoint = endpoint;
    this.#parts.on('error', (error) => this.#fail(error));
  }

  get #parts(): SenderParts {
    return this as unknown as SenderParts;
  }

  send(tag: string, entries: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting = { tag, entries, resolve, reject };
      this.#parts._connect(() => this.#connected());
    });
  }

  destroy(): void {
    this.#fail(new Error('The session was ended.'));
  }

  #connected(): void {
    const { _socket: socket } = this.#parts;
    if (socket === null || !socket.writable) {
      this.#fail(new Error('The receiver has closed the connection.'));
      return;
    }
    const isNew = this.#watch(socket);
    const write = (): void => {
      if (this.#waiting !== undefined && this.#chunk === undefined) this.#write(socket, this.#waiting);
    };
    if (isNew && wantedKeys.has(this.#endpoint)) setTimeout(write, keyQuestionMs).unref();
    else write();
  }

  /** A message in the mode PackedForward: the entries go out as they are. */
  #write(socket: Socket, { tag, entries }: Batch): void {
    const writer = this.#writer;
    this.#chunk = randomBytes(18).toString('base64');
    this.#answer = '';
    writer.reset();
    writer.arrayHeader(3);
    writer.text(tag);
    writer.binaryHeader(entries.length);
    const head = writer.take();
    writer.reset();
    writer.value({ chunk: this.#chunk, compressed: 'text' });
    socket.cork();
    socket.write(head);
    socket.write(entries);
    socket.write(writer.take(), (error) => {
      if (error !== undefined && error !== null) this.#fail(error);
      else if (!this.#endpoint.acknowledged) this.#taken();
    });
    socket.uncork();
  }

  /** @returns whether it was not watched before */
  #watch(socket: Socket): boolean {
    if (this.#watched === socket) return false;
    this.#watched = socket;
    socket.on('data', (data) => this.#answered(data));
    socket.once('close', () => this.#fail(new Error('The receiver has closed the connection.')));
    return true;
  }

  #answered(data: Buffer): void {
    if (data.subarray(0, HELO.length).equals(HELO)) {
      wantedKeys.add(this.#endpoint);
      this.#fail(new Error('The receiver wants a shared key, which Ditto has no setting for.'));
    } else if (this.#endpoint.acknowledged && this.#chunk !== undefined)
      this.#acknowledged(data, this.#chunk);
  }

  /** The chunk is 24 random characters: wherever they are in the answer, it acknowledges this batch. */
  #acknowledged(data: Buffer, chunk: string): void {
    this.#answer += data.toString('latin1');
    if (this.#answer.includes(chunk)) this.#taken();
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
