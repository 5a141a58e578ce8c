import { connect, type Socket } from 'node:net';
import {
  askError,
  type ConnectivityCommands,
  compositeStatusInfo,
  type DittoHeaders,
  type JsonObject,
  type Reply,
  statusInfo,
} from '@hawser/core';
import {
  createHttpApp,
  type HttpAppOptions,
  type HttpServer,
  type ServerOptions,
  startServer,
} from '@hawser/http';
import { RecordingLog } from '@hawser/testkit';

export interface Asked {
  readonly selection: string;
  readonly command: JsonObject;
  readonly headers: DittoHeaders;
  readonly timeoutMs: number;
}

type Answer = (asked: Asked) => Reply | Promise<Reply>;

/** The engine below the door: keeps what it was asked and answers as the test says. */
export class FakeEngine implements ConnectivityCommands {
  readonly asked: Asked[] = [];
  answer: Answer = ({ command }) => reply({ type: String(command['type']).replace('commands', 'responses') });

  async ask(
    selection: string,
    command: JsonObject,
    headers: DittoHeaders,
    timeoutMs: number,
  ): Promise<Reply> {
    const asked = { selection, command, headers, timeoutMs };
    this.asked.push(asked);
    return await this.answer(asked);
  }

  get last(): Asked {
    const last = this.asked.at(-1);
    if (last === undefined) throw new Error('nothing was asked');
    return last;
  }
}

export const reply = (json: JsonObject, status = 200, headers: DittoHeaders = {}): Reply => ({
  json: { ...json, status },
  status,
  isError: status >= 300,
  headers,
});

/** Answers when its time is over, as an engine does whose actor is silent. */
export const silent: Answer = ({ selection, timeoutMs }) =>
  new Promise((_resolve, reject) => {
    setTimeout(() => reject(askError(`Ask timed out on [${selection}] after [${timeoutMs} ms].`)), timeoutMs);
  });

export interface Sent {
  readonly body?: string | object;
  readonly headers?: Readonly<Record<string, string>>;
  /** `user:password`; null: none. */
  readonly user?: string | null;
}

export interface Received {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Undefined when the text is no JSON. */
  readonly json: unknown;
}

export interface DoorOptions extends Partial<HttpAppOptions> {
  readonly server?: Partial<ServerOptions>;
}

/** The door on a port of its own, over a fake engine. */
export class Door {
  readonly engine: FakeEngine;
  readonly log: RecordingLog;
  readonly service: FakeService;
  readonly #server: HttpServer;

  private constructor(engine: FakeEngine, service: FakeService, log: RecordingLog, server: HttpServer) {
    this.engine = engine;
    this.service = service;
    this.log = log;
    this.#server = server;
  }

  static async open({ server, ...options }: DoorOptions = {}): Promise<Door> {
    const engine = new FakeEngine();
    const log = new RecordingLog();
    const service = new FakeService();
    let ids = 0;
    const app = createHttpApp({
      commands: engine,
      service,
      log,
      devops: realm(
        { user: 'devops', password: 'foobar', role: 'full' },
        { user: 'viewer', password: 'look', role: 'read-only' },
      ),
      status: realm({ user: 'devops', password: 'status', role: 'full' }),
      connections: { defaultTimeoutMs: 60_000, maxTimeoutMs: 60_000, retrieveLimit: 100 },
      maxBodyBytes: 100_000,
      newId: () => `id-${++ids}`,
      ...options,
    });
    return new Door(engine, service, log, await startServer(app, { host: '127.0.0.1', port: 0, ...server }));
  }

  get url(): string {
    return this.#server.url;
  }

  stop(deadlineMs = 0): Promise<void> {
    return this.#server.stop(deadlineMs);
  }

  async request(
    method: string,
    path: string,
    { body, headers, user = 'devops:foobar' }: Sent = {},
  ): Promise<Received> {
    const response = await fetch(this.url + path, {
      method,
      headers: { ...(user === null ? {} : { authorization: basic(user) }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: parsed(text) };
  }

  get = (path: string, sent?: Sent): Promise<Received> => this.request('GET', path, sent);
  post = (path: string, body?: string | object, sent?: Sent): Promise<Received> =>
    this.request('POST', path, { ...sent, ...(body === undefined ? {} : { body }) });
  put = (path: string, body: string | object, sent?: Sent): Promise<Received> =>
    this.request('PUT', path, { ...sent, body });

  /** A socket that nobody waits for. */
  socket(): Socket {
    const { hostname, port } = new URL(this.url);
    return connect(Number(port), hostname).on('error', () => undefined);
  }

  /** Sends bytes as they are; resolves to all that comes back until the server ends the connection. */
  raw(bytes: string | Buffer, end = false): Promise<string> {
    return new Promise((resolve) => {
      const socket = this.socket();
      const chunks: Buffer[] = [];
      socket.on('data', (chunk: Buffer) => chunks.push(chunk));
      socket.once('close', () => resolve(Buffer.concat(chunks).toString('latin1')));
      socket.write(bytes);
      if (end) socket.end();
    });
  }
}

class FakeService {
  readonly serviceName = 'connectivity';
  readonly instance = '1';
  level = 'info';
  isUp = true;
  staticStatus = () => ({ version: '0' });
  health = async () =>
    compositeStatusInfo([
      statusInfo('UP', [{ level: this.isUp ? 'INFO' : 'ERROR', message: 'store' }], 'persistence'),
    ]);
  isReady = async () => this.isUp;
  logLevel = () => this.level;
  setLogLevel = (logger: string | undefined, level: string) => {
    if (logger !== undefined && logger !== 'ROOT') return false;
    this.level = level;
    return true;
  };
  configAt = (path: string | undefined) => (path === 'nowhere' ? undefined : { path: path ?? null });
}

export const realm = (
  ...users: readonly HttpAppOptions['devops']['users'][number][]
): HttpAppOptions['devops'] => ({
  secured: true,
  method: 'basic',
  users,
  verifyToken: undefined,
});

export const basic = (user: string): string => `Basic ${Buffer.from(user).toString('base64')}`;

export const piggyback = (
  piggybackCommand: unknown,
  headers: object = { aggregate: false },
  more: object = {},
): object => ({
  targetActorSelection: '/system/sharding/connection',
  headers,
  piggybackCommand,
  ...more,
});

export const retrieve = (connectionId = 'c1') => ({
  type: 'connectivity.commands:retrieveConnection',
  connectionId,
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
