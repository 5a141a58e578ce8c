import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

/** What a client may take of the server; whoever takes more is cut, the others are served. */
export interface ServerLimits {
  readonly maxConnections: number;
  readonly maxHeaderBytes: number;
  /** A request must have arrived whole, headers and body, within these, ms. */
  readonly headersTimeoutMs: number;
  readonly receiveTimeoutMs: number;
  /** A connection on which nothing moves is cut after this; longer than any command takes, ms. */
  readonly idleTimeoutMs: number;
}

export const defaultServerLimits: ServerLimits = {
  maxConnections: 2000,
  maxHeaderBytes: 16_384,
  headersTimeoutMs: 10_000,
  receiveTimeoutMs: 30_000,
  idleTimeoutMs: 75_000,
};

export interface ServerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** What differs from the defaults. */
  readonly limits?: Partial<ServerLimits>;
  /** PEM of key and certificate: the listener speaks TLS. */
  readonly tls?: { readonly key: string; readonly cert: string } | undefined;
}

export interface HttpServer {
  readonly url: string;
  /** Stops accepting, lets requests under way finish within the deadline, then cuts what is left. */
  stop(deadlineMs: number): Promise<void>;
}

const KEEP_ALIVE_TIMEOUT_MS = 15_000;
const MAX_HEADERS = 500;
const EVENT_STREAM = 'text/event-stream';
/** Requests that one connection may have sent without waiting for the answers. */
const MAX_PIPELINED = 100;

/** Listens. @throws Error of the listen call, e.g. `EADDRINUSE`, or of unusable TLS material */
export async function startServer(listener: RequestListener, options: ServerOptions): Promise<HttpServer> {
  const limits = { ...defaultServerLimits, ...options.limits };
  const settings = {
    maxHeaderSize: limits.maxHeaderBytes,
    headersTimeout: limits.headersTimeoutMs,
    requestTimeout: limits.receiveTimeoutMs,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    connectionsCheckingInterval: Math.min(1000, limits.headersTimeoutMs),
    requireHostHeader: true,
  };
  const underWay = new UnderWay();
  const checked: RequestListener = (request, response) => {
    const pipelined = underWay.add(request, response);
    const refusal = refusalOf(request) ?? (pipelined > MAX_PIPELINED ? 503 : undefined);
    if (refusal === undefined) return listener(request, response);
    response.writeHead(refusal, { connection: 'close' }).end();
  };
  const server =
    options.tls === undefined
      ? createServer(settings, checked)
      : createTlsServer(
          { ...settings, ...options.tls, minVersion: 'TLSv1.2', handshakeTimeout: limits.headersTimeoutMs },
          checked,
        );
  // one more than allowed is counted, so that a request with too many is refused instead of silently shortened
  server.maxHeadersCount = MAX_HEADERS + 1;
  server.maxConnections = limits.maxConnections;
  server.setTimeout(limits.idleTimeoutMs);
  server.on('connect', (_request, socket: Socket) => {
    socket.end('HTTP/1.1 405 Method Not Allowed\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });
  const sockets = trackSockets(server);
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://${host}:${port}`,
    stop: (deadlineMs) => stop(server, sockets, underWay, deadlineMs),
  };
}

/** Requests whose answers are not out yet. */
class UnderWay {
  readonly #responses = new Set<ServerResponse>();
  readonly #perSocket = new WeakMap<Socket, number>();
  #isEnding = false;

  /** How many of this connection there are now. */
  add({ socket }: IncomingMessage, response: ServerResponse): number {
    const count = (this.#perSocket.get(socket) ?? 0) + 1;
    this.#perSocket.set(socket, count);
    this.#responses.add(response);
    if (this.#isEnding) response.shouldKeepAlive = false;
    response.once('close', () => {
      this.#responses.delete(response);
      this.#perSocket.set(socket, (this.#perSocket.get(socket) ?? 1) - 1);
    });
    return count;
  }

  /** Each connection ends with the answer that it waits for; a stream of events has no end of its own. */
  end(): void {
    this.#isEnding = true;
    for (const response of this.#responses) {
      if (!response.headersSent) response.shouldKeepAlive = false;
      else if (String(response.getHeader('content-type')).startsWith(EVENT_STREAM)) endStream(response);
    }
  }
}

function endStream(response: ServerResponse): void {
  const { socket } = response;
  response.end(() => socket?.destroySoon());
}

/** What Node's parser lets through and should not. */
function refusalOf(request: IncomingMessage): number | undefined {
  if (request.rawHeaders.length / 2 > MAX_HEADERS) return 431;
  if (hostsOf(request.rawHeaders) > 1) return 400;
  if (request.url === '*' && request.method === 'OPTIONS') return 404;
  if (!request.url?.startsWith('/')) return 400;
  const encoding = request.headers['transfer-encoding'];
  return encoding !== undefined && encoding.trim().toLowerCase() !== 'chunked' ? 400 : undefined;
}

/** Counted in the raw list: Node's own view of repeated headers is costly to build for every request. */
function hostsOf(rawHeaders: readonly string[]): number {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts++;
  }
  return hosts;
}

function listen(server: Server, { host, port }: ServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function trackSockets(server: Server): Set<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

async function stop(
  server: Server,
  sockets: ReadonlySet<Socket>,
  underWay: UnderWay,
  deadlineMs: number,
): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  underWay.end();
  server.closeIdleConnections();
  const timer = setTimeout(() => {
    for (const socket of sockets) socket.destroy();
  }, deadlineMs);
  await closed;
  clearTimeout(timer);
}
