import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Server,
  type Socket,
} from 'node:net';
import type { Connection } from '@hawser/core';
import { type BrokerConnection, sampleConnection, sampleTarget, type TestBroker } from '@hawser/testkit';
import { Inbox, uniqueName } from './inbox.ts';

export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A real HTTP server that keeps what it gets and answers as a test says. */
export interface HttpPeer extends TestBroker {
  readonly port: number;
  readonly requests: HttpRequest[];
  /** TCP connections that were accepted so far. */
  readonly accepted: () => number;
  /** Connections that are open. */
  readonly open: () => number;
  /** Called when a request has come as a whole; default: 200 without a body. */
  answer: (request: HttpRequest, response: Parameters<RequestListener>[1]) => void;
  /** A connection whose one target is `POST:/push`. */
  pushing(parts?: Partial<Connection>): Connection;
  /** Ends connections that carry no request. */
  dropIdle(): void;
  stop(): Promise<void>;
}

/** @param tls of a server that speaks TLS */
export async function startHttpPeer(tls?: ServerOptions): Promise<HttpPeer> {
  const inbox = new Inbox();
  const sockets = new Set<Socket>();
  let accepted = 0;
  const listener: RequestListener = (incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method = '', url = '', headers } = incoming;
      const request = { method, url, headers, body: Buffer.concat(chunks) };
      peer.requests.push(request);
      inbox.put(request.body.toString());
      peer.answer(request, response);
    });
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  server.on('connection', (socket: Socket) => {
    accepted++;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => {});
  const port = await listen(server);
  const stop = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  const pushing = (parts: Partial<Connection> = {}): Connection =>
    sampleConnection({
      id: uniqueName(),
      connectionType: 'http-push',
      uri: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`,
      targets: [sampleTarget({ address: 'POST:/push' })],
      ...parts,
    });
  const peer: HttpPeer = {
    port,
    requests: [],
    accepted: () => accepted,
    open: () => sockets.size,
    answer: (_request, response) => response.end(),
    pushing,
    dropIdle: () => server.closeIdleConnections(),
    stop,
    connection: async (): Promise<BrokerConnection> => ({
      connection: pushing(),
      targetAddress: 'POST:/push',
      send: () => Promise.reject(new Error('HTTP push has no sources.')),
      receive: () => inbox.take(),
      disconnect: stop,
    }),
    async close() {
      if (server.listening) await stop();
    },
  };
  return peer;
}

/** The servers of one test. */
export class HttpPeers {
  readonly #started: HttpPeer[] = [];

  async start(tls?: ServerOptions): Promise<HttpPeer> {
    const peer = await startHttpPeer(tls);
    this.#started.push(peer);
    return peer;
  }

  async close(): Promise<void> {
    await Promise.all(this.#started.splice(0).map((peer) => peer.close()));
  }
}

export interface ConnectProxy {
  readonly port: number;
  /** `host:port` of each tunnel that was asked for. */
  readonly asked: string[];
  readonly close: () => Promise<void>;
}

/** A proxy that carries whoever names this user by CONNECT, and nothing else. */
export async function startConnectProxy(username: string, password: string): Promise<ConnectProxy> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const expected = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
  const server = createServer((_request, response) => response.writeHead(405).end());
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('connect', ({ url = '', headers }, near) => {
    asked.push(url);
    near.on('error', () => {});
    if (headers['proxy-authorization'] !== expected) {
      near.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    const { hostname, port } = new URL(`http://${url}`);
    const far = connect(Number(port), hostname, () => {
      near.write('HTTP/1.1 200 Connection established\r\n\r\n');
      near.pipe(far).pipe(near);
    });
    far.on('error', () => near.destroy());
    near.on('close', () => far.destroy());
  });
  const port = await listen(server);
  return {
    port,
    asked,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

export function listen(server: Server): Promise<number> {
  return new Promise((resolve) =>
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port)),
  );
}

/** A server that accepts connections and never says a word. */
export async function startSilentServer(): Promise<{ readonly port: number; close(): void }> {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => sockets.add(socket.on('error', () => {})));
  const port = await listen(server);
  return {
    port,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
