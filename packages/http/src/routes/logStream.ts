import { type ConnectivityCommands, makeError, parseConnectionId, type Reply } from '@hawser/core';
import type { Request, RequestHandler, Response } from 'express';
import { sendJson } from '../httpAnswer.ts';
import type { LogFilter, LogTails } from '../ports.ts';
import { queryOf } from '../requestHeaders.ts';

export interface LogStreamOptions {
  readonly commands: ConnectivityCommands;
  readonly tails: LogTails;
  readonly newId: () => string;
  /** Streams at once. */
  readonly maxStreams: number;
}

const CONNECTION = '/system/sharding/connection';
const LOOKUP_TIMEOUT_MS = 10_000;
/** Also keeps the connection from counting as idle. */
const HEARTBEAT_MS = 10_000;
/** A client that does not read costs this, one entry more, and the buffer of a socket. */
const MAX_GATHERED_CHARS = 65_536;
const GATHER_MS = 100;

/**
 * `GET /api/2/connections/{id}/logs/stream`: the entries of a connection's log as they are made, as server-sent events.
 * Beyond Ditto. Nothing waits for a client: what it does not read in time is left out, and it is told how many.
 *
 * @throws DittoError `connectivity:connection.id.invalid`, `hawser:overloaded` 503
 */
export function logStream({ commands, tails, newId, maxStreams }: LogStreamOptions): RequestHandler {
  let streams = 0;
  return async (request, response) => {
    const id = parseConnectionId(String(request.params['connectionId']));
    const filter = filterOf(request);
    const found = await lookUp(commands, id, newId());
    if (response.destroyed) return;
    if (found.isError) {
      response.status(found.status);
      sendJson(response, found.json);
      return;
    }
    if (streams >= maxStreams)
      throw makeError('hawser:overloaded', `There are ${streams} streams of logs already.`, {
        headers: { 'retry-after': '10' },
      });
    streams++;
    response.once('close', () => {
      streams--;
    });
    stream(response, (send, ended) => tails.tail(id, filter, send, ended));
  };
}

/** Asks the connection for its id: what refuses that refuses the stream. */
const lookUp = (
  commands: ConnectivityCommands,
  connectionId: string,
  correlationId: string,
): Promise<Reply> =>
  commands.ask(
    CONNECTION,
    { type: 'connectivity.commands:retrieveConnection', connectionId, selectedFields: 'id' },
    { 'correlation-id': correlationId, 'ditto-sudo': 'true' },
    LOOKUP_TIMEOUT_MS,
  );

function stream(
  response: Response,
  begin: (send: (entry: () => string) => void, ended: () => void) => () => void,
): void {
  const writer = new EventWriter(response);
  response
    .status(200)
    .set({ 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
    .flushHeaders();
  response.write(': the log from now on\n\n');
  const end = begin(
    (entry) => writer.entry(entry),
    () => response.end(),
  );
  const heartbeat = setInterval(() => {
    if (!response.writableNeedDrain) response.write(': still here\n\n');
  }, HEARTBEAT_MS).unref();
  response.once('close', () => {
    clearInterval(heartbeat);
    writer.end();
    end();
  });
}

/** Gathers what is made within a moment, so that a busy log costs few writes; what is too much is counted alone. */
class EventWriter {
  readonly #response: Response;
  #gathered = '';
  #missed = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(response: Response) {
    this.#response = response;
    response.on('drain', () => this.#schedule());
  }

  entry(entry: () => string): void {
    if (this.#response.writableNeedDrain || this.#gathered.length >= MAX_GATHERED_CHARS) {
      this.#missed++;
      return;
    }
    this.#gathered += `event: entry\ndata: ${entry()}\n\n`;
    this.#schedule();
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => this.#flush(), GATHER_MS).unref();
  }

  #flush(): void {
    this.#timer = undefined;
    const missed = this.#missed > 0 ? `event: missed\ndata: {"entries":${this.#missed}}\n\n` : '';
    const text = this.#gathered + missed;
    this.#gathered = '';
    this.#missed = 0;
    if (text !== '' && !this.#response.writableEnded) this.#response.write(text);
  }
}

/** Each of `level`, `category`, `type` and `address` may be a comma-separated list; absent: all. */
function filterOf(request: Request): LogFilter {
  const query = queryOf(request);
  const listOf = (name: string): readonly string[] | undefined =>
    query
      .get(name)
      ?.split(',')
      .map((item) => item.trim());
  return {
    level: listOf('level'),
    category: listOf('category'),
    type: listOf('type'),
    address: listOf('address'),
  };
}
