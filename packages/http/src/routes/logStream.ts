import { type ConnectivityCommands, type JsonObject, makeError, stringifyJson } from '@hawser/core';
import type { Request, RequestHandler, Response } from 'express';
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
/** A longer entry is cut: with it, a client that does not read costs at most this and a socket's buffer. */
const MAX_ENTRY_CHARS = 65_536;

/**
 * `GET /api/2/connections/{id}/logs/stream`: the entries of a connection's log as they are made, as server-sent events.
 * Beyond Ditto. Nothing waits for a client: what it does not read in time is left out, and it is told how many.
 *
 * @throws DittoError `connectivity:connection.notfound` 404, `hawser:overloaded` 503
 */
export function logStream({ commands, tails, newId, maxStreams }: LogStreamOptions): RequestHandler {
  let streams = 0;
  return async (request, response) => {
    const id = String(request.params['connectionId']);
    const filter = filterOf(request);
    await requireConnection(commands, id, newId());
    if (response.destroyed) return;
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

/** An id that no connection has is refused like any other command about it. */
async function requireConnection(
  commands: ConnectivityCommands,
  connectionId: string,
  correlationId: string,
): Promise<void> {
  const reply = await commands.ask(
    CONNECTION,
    { type: 'connectivity.commands:retrieveConnection', connectionId, selectedFields: 'id' },
    { 'correlation-id': correlationId, 'ditto-sudo': 'true' },
    LOOKUP_TIMEOUT_MS,
  );
  if (!reply.isError) return;
  throw makeError(
    'connectivity:connection.notfound',
    `The Connection with ID '${connectionId}' could not be found.`,
  );
}

function stream(
  response: Response,
  begin: (send: (entry: () => JsonObject) => void, ended: () => void) => () => void,
): void {
  let missed = 0;
  response
    .status(200)
    .set({ 'content-type': 'text/event-stream', 'cache-control': 'no-store', 'x-accel-buffering': 'no' })
    .flushHeaders();
  response.write(': the log from now on\n\n');
  const end = begin(
    (entry) => {
      if (response.writableNeedDrain) missed++;
      else response.write(eventOf('entry', entry()));
    },
    () => response.end(),
  );
  response.on('drain', () => {
    if (missed > 0) response.write(eventOf('missed', { entries: missed }));
    missed = 0;
  });
  const heartbeat = setInterval(() => {
    if (!response.writableNeedDrain) response.write(': still here\n\n');
  }, HEARTBEAT_MS).unref();
  response.once('close', () => {
    clearInterval(heartbeat);
    end();
  });
}

function eventOf(name: string, json: JsonObject): string {
  const text = stringifyJson(json);
  if (text.length <= MAX_ENTRY_CHARS) return `event: ${name}\ndata: ${text}\n\n`;
  const message = `${String(json['message']).slice(0, MAX_ENTRY_CHARS / 2)}…`;
  return `event: ${name}\ndata: ${stringifyJson({ ...json, message })}\n\n`;
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
