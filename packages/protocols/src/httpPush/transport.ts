import type { Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import { type Clock, socketHost, type TunnelEnd } from '@hawser/core';
import type { buildConnector, Dispatcher, Pool } from 'undici';
import { checkStatus, type PushResponse, tooLarge, tooSlow, truncated } from './answer.ts';
import { tunnelThrough } from './proxy.ts';
import type { PushRequest } from './request.ts';
import type { HttpProxy } from './settings.ts';

export interface TransportOptions {
  /** `https://host:8443`. */
  readonly origin: string;
  readonly tls: Omit<ConnectionOptions, 'port'>;
  readonly proxy: HttpProxy | undefined;
  /** Where connections go instead of the origin. */
  readonly tunnel: TunnelEnd | undefined;
  /** Connections that are kept open. */
  readonly connections: number;
  /** Until the headers of an answer are there, ms; connecting included. */
  readonly requestTimeoutMs: number;
  readonly clock: Clock;
}

/** A request that was not answered in time. */
export class RequestTimeout extends Error {
  override readonly name = 'TimeoutException';
}

/** How long the body of an answer may take, ms. */
const READ_BODY_TIMEOUT_MS = 10_000;

/** Kept-alive connections to one HTTP server. Redirects are not followed. */
export class Transport {
  readonly #options: TransportOptions;
  readonly #pool: Pool;
  readonly #connect: buildConnector.connector;

  private constructor(options: TransportOptions, pool: Pool, connect: buildConnector.connector) {
    this.#options = options;
    this.#pool = pool;
    this.#connect = connect;
  }

  /** Opens no connection yet. The library is loaded with the first one: a service without HTTP connections starts without it. */
  static async create(options: TransportOptions): Promise<Transport> {
    const { buildConnector, Pool } = await import('undici');
    const { origin, tls, connections, requestTimeoutMs } = options;
    const connect = connectorOf(options, buildConnector({ ...tls, timeout: requestTimeoutMs }));
    // time limits of its own would run beside the clock
    const pool = new Pool(origin, { connect, connections, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });
    return new Transport(options, pool, connect);
  }

  /**
   * Sends a request and reads its answer whole.
   *
   * @param maxBytes of the answer's body
   * @throws DittoError, PublishError when the peer has answered, but in no usable way; any other Error when it has not
   */
  async send(request: PushRequest, maxBytes: number): Promise<PushResponse> {
    const { statusCode: status, headers, body } = await this.#answered(request);
    body.on('error', () => {});
    try {
      checkStatus(status);
      return { status, headers: lastValues(headers), body: await this.#read(body, headers, maxBytes) };
    } finally {
      // what was not read to its end ends with its connection
      if (!body.readableEnded) body.destroy();
    }
  }

  /** Opens one connection, through TLS where the origin asks for it, and ends it. */
  async prove(): Promise<void> {
    const url = new URL(this.#options.origin);
    const { protocol, host, port } = url;
    const socket = await new Promise<Socket>((resolve, reject) =>
      this.#connect(
        { protocol, hostname: socketHost(url), host, port: port || defaultPort(protocol) },
        (error, opened) => (error === null ? resolve(opened) : reject(error)),
      ),
    );
    socket.destroy();
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }

  async #answered({ method, target, headers, body }: PushRequest): Promise<Dispatcher.ResponseData> {
    const { clock, requestTimeoutMs, origin } = this.#options;
    const aborting = new AbortController();
    const cancel = clock.after(requestTimeoutMs, () =>
      aborting.abort(new RequestTimeout(`Request timed out: ${origin}${target}`)),
    );
    try {
      return await this.#pool.request({
        method: method as Dispatcher.HttpMethod,
        path: target,
        headers,
        body: body ?? null,
        signal: aborting.signal,
      });
    } finally {
      cancel();
    }
  }

  async #read(
    body: Dispatcher.ResponseData['body'],
    { 'content-length': length }: Dispatcher.ResponseData['headers'],
    maxBytes: number,
  ): Promise<Uint8Array> {
    if (Number(length) > maxBytes) throw tooLarge(maxBytes);
    let failure: Error | undefined;
    const cancel = this.#options.clock.after(READ_BODY_TIMEOUT_MS, () => {
      failure = tooSlow(READ_BODY_TIMEOUT_MS);
      body.destroy(failure);
    });
    const chunks: Uint8Array[] = [];
    let size = 0;
    try {
      for await (const chunk of body as AsyncIterable<Uint8Array>) {
        size += chunk.length;
        if (size > maxBytes) {
          failure = tooLarge(maxBytes);
          break;
        }
        chunks.push(chunk);
      }
    } catch (error) {
      failure ??= truncated(error);
    } finally {
      cancel();
    }
    if (failure !== undefined) throw failure;
    return Buffer.concat(chunks);
  }
}

function connectorOf(
  { proxy, tunnel, clock }: TransportOptions,
  direct: buildConnector.connector,
): buildConnector.connector {
  if (proxy !== undefined) return throughProxy(direct, proxy, clock);
  return tunnel === undefined ? direct : throughTunnel(direct, tunnel);
}

function throughProxy(
  direct: buildConnector.connector,
  proxy: HttpProxy,
  clock: Clock,
): buildConnector.connector {
  return (options, callback) => {
    const host = options.hostname.includes(':') ? `[${options.hostname}]` : options.hostname;
    const port = options.port || defaultPort(options.protocol);
    tunnelThrough(proxy, host, Number(port), clock).then(
      (httpSocket) => {
        if (options.protocol === 'https:') direct({ ...options, httpSocket }, callback);
        else callback(null, httpSocket);
      },
      (error: Error) => callback(error, null),
    );
  };
}

const throughTunnel =
  (direct: buildConnector.connector, { host, port }: TunnelEnd): buildConnector.connector =>
  (options, callback) =>
    direct({ ...options, hostname: host, port: String(port) }, callback);

/** A URL does not show the port that belongs to its scheme. */
const defaultPort = (protocol: string): string => (protocol === 'https:' ? '443' : '80');

function lastValues(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  const single: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (last !== undefined) single[name] = last;
  }
  return single;
}
