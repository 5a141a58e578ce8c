import { EventEmitter } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { batchWrites } from '../batchWrites.ts';
import { FrameReader } from './frameReader.ts';

export interface SocketOptions {
  readonly host: string;
  readonly port: number;
  /** Absent: plain TCP. */
  readonly tls: ConnectionOptions | undefined;
  readonly noDelay: boolean;
  readonly keepAlive: boolean;
  readonly maxFrameBytes: number;
}

/**
 * What the library takes for its socket: it hears of whole and sound frames alone, and of one end of the connection.
 * Events: `data`, and `end` with the reason, if there is one.
 */
export class GuardedSocket extends EventEmitter {
  readonly #socket: Socket;
  #isEnded = false;
  /** The first thing that went wrong. */
  failure: Error | undefined;

  /** @param onConnected the peer may be written to */
  constructor(options: SocketOptions, onConnected: () => void) {
    super();
    const { host, port, tls, noDelay, keepAlive, maxFrameBytes } = options;
    const socket = tls === undefined ? connectTcp({ host, port }) : connectTls({ ...tls, host, port });
    this.#socket = socket;
    socket.setNoDelay(noDelay);
    socket.setKeepAlive(keepAlive);
    batchWrites(socket);
    const frames = new FrameReader(maxFrameBytes);
    socket.on(tls === undefined ? 'connect' : 'secureConnect', onConnected);
    socket.on('data', (chunk: Buffer) => this.#received(frames, chunk));
    socket.on('error', (error) => this.#ended(error));
    socket.on('end', () => this.#ended(undefined));
    socket.on('close', () => this.#ended(undefined));
  }

  get localAddress(): string | undefined {
    return this.#socket.localAddress;
  }

  get localPort(): number | undefined {
    return this.#socket.localPort;
  }

  get remoteAddress(): string | undefined {
    return this.#socket.remoteAddress;
  }

  get remotePort(): number | undefined {
    return this.#socket.remotePort;
  }

  setNoDelay(): this {
    return this;
  }

  write(bytes: Uint8Array): boolean {
    return this.#socket.writable && this.#socket.write(bytes);
  }

  /** Writes what is still to be written and says that this was all. */
  end(): void {
    if (!this.#socket.destroyed) this.#socket.end();
  }

  /** Resolves when the peer has ended too, or has been given `waitMs` for it. */
  async finish(wait: Promise<void>): Promise<void> {
    if (!this.#socket.destroyed) {
      const closed = new Promise<void>((resolve) => this.#socket.once('close', () => resolve()));
      this.end();
      this.#socket.resume();
      await Promise.race([closed, wait]);
    }
    this.destroy();
  }

  /** Tells the library, so that it stops its timers. */
  destroy(reason?: Error): void {
    this.#socket.destroy();
    this.#ended(reason);
  }

  #received(frames: FrameReader, chunk: Buffer): void {
    if (this.#isEnded) return;
    try {
      const whole = frames.take(chunk);
      if (whole !== undefined) this.emit('data', whole);
    } catch (error) {
      this.destroy(error as Error);
    }
  }

  #ended(reason: Error | undefined): void {
    this.failure ??= reason;
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.emit('end', reason);
  }
}
