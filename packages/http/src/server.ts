import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';

export interface ServerOptions {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** A request must be answered within this, ms. */
  readonly requestTimeoutMs: number;
  readonly maxConnections: number;
  /** PEM of key and certificate: the listener speaks TLS. */
  readonly tls?: { readonly key: string; readonly cert: string } | undefined;
}

export interface HttpServer {
  readonly url: string;
  /** Stops accepting, lets requests under way finish within the deadline, then cuts what is left. */
  stop(deadlineMs: number): Promise<void>;
}

/** Header and body limits well below Node's defaults: a slow or greedy client is cut, the others are served. */
const HEADERS_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_TIMEOUT_MS = 15_000;
const MAX_HEADER_BYTES = 16_384;
const MAX_HEADERS = 500;

/** Listens. @throws Error of the listen call, e.g. `EADDRINUSE` */
export async function startServer(listener: RequestListener, options: ServerOptions): Promise<HttpServer> {
  const limits = {
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: options.requestTimeoutMs,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    connectionsCheckingInterval: 1000,
    requireHostHeader: true,
  };
  const checked: RequestListener = (request, response) => {
    const refusal = refusalOf(request);
    if (refusal === undefined) return listener(request, response);
    response.writeHead(refusal, { connection: 'close' }).end();
  };
  const server =
    options.tls === undefined
      ? createServer(limits, checked)
      : createTlsServer({ ...limits, ...options.tls, minVersion: 'TLSv1.2' }, checked);
  // one more than allowed is counted, so that a request with too many is refused instead of silently shortened
  server.maxHeadersCount = MAX_HEADERS + 1;
  server.maxConnections = options.maxConnections;
  const sockets = trackSockets(server);
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  return {
    url: `${options.tls === undefined ? 'http' : 'https'}://${host}:${port}`,
    stop: (deadlineMs) => stop(server, sockets, deadlineMs),
  };
}

/** What Node's parser lets through and should not. */
function refusalOf(request: IncomingMessage): number | undefined {
  if (request.rawHeaders.length / 2 > MAX_HEADERS) return 431;
  if ((request.headersDistinct['host']?.length ?? 0) > 1) return 400;
  if (!request.url?.startsWith('/')) return 400;
  const encoding = request.headers['transfer-encoding'];
  return encoding !== undefined && encoding.trim().toLowerCase() !== 'chunked' ? 400 : undefined;
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

async function stop(server: Server, sockets: ReadonlySet<Socket>, deadlineMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => {
    for (const socket of sockets) socket.destroy();
  }, deadlineMs);
  await closed;
  clearTimeout(timer);
}
