import { connect, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ISocketFactory } from 'kafkajs';
import { FrameGuard } from './frameGuard.ts';

const keepAliveMs = 60_000;

/** The network connections of one client: the driver opens them one by one, and they are ended all at once. */
export class Sockets {
  readonly #open = new Set<Socket>();
  /** The driver fetches on sockets of their own. */
  readonly #fetching = new Set<Socket>();
  readonly #maxFrameBytes: number;
  #isClosed = false;

  constructor(maxFrameBytes: number) {
    this.#maxFrameBytes = maxFrameBytes;
  }

  readonly factory: ISocketFactory = ({ host, port, ssl, onConnect }) => {
    // What the driver has begun goes on after a disconnect; it ends here.
    if (this.#isClosed) throw new Error('Kafka client was closed.');
    const address = { host: fromBroker(host), port };
    const socket = ssl
      ? connectTls(
          { ...address, ...(isIP(address.host) ? {} : { servername: address.host }), ...ssl },
          onConnect,
        )
      : connect(address, onConnect);
    socket.setKeepAlive(true, keepAliveMs);
    socket.setNoDelay(true);
    this.#open.add(socket);
    socket.once('close', () => {
      this.#open.delete(socket);
      this.#fetching.delete(socket);
    });
    const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
    socket.write = (...args: unknown[]): boolean => {
      if (isFetch(args[0])) this.#fetching.add(socket);
      return write(...args);
    };
    return guarded(socket, new FrameGuard(this.#maxFrameBytes));
  };

  /** A broker answers a fetch when there is something, or seconds later; who leaves does not wait for that. */
  endFetches(): void {
    for (const socket of this.#fetching) socket.destroy(new Error('Kafka consumer was closed.'));
  }

  /** Ends them without waiting for anybody; none is opened any more. */
  destroy(): void {
    this.#isClosed = true;
    for (const socket of this.#open) socket.destroy(new Error('Kafka client was closed.'));
  }
}

/** A request is its length, four bytes, and the number of its kind, of which 1 is `Fetch`. */
const isFetch = (request: unknown): boolean =>
  Buffer.isBuffer(request) && request.length > 6 && request.readInt16BE(4) === 1;

/** The driver splits `host:port` at the first colon; what it takes for a host comes back in `fromBroker`. */
export const toBroker = (server: string): string =>
  server.replace(
    /^\[(.*)\](:\d+)$/,
    (_, host: string, port: string) => `${host.replaceAll(':', '%3A')}${port}`,
  );

const fromBroker = (host: string): string => host.replaceAll('%3A', ':');

/** What the driver hears of a socket has passed the guard. */
function guarded(socket: Socket, guard: FrameGuard): Socket {
  const on = socket.on.bind(socket);
  socket.on = ((event: string, listener: (...args: unknown[]) => void) =>
    event === 'data'
      ? on('data', (chunk: Buffer) => {
          if (guard.accepts(chunk)) listener(chunk);
          else socket.destroy(new Error('Kafka frame of an impossible length refused'));
        })
      : on(event, listener)) as typeof socket.on;
  return socket;
}
