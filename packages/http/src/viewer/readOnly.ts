import {
  type ConnectivityCommands,
  type DittoError,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  makeError,
  type PiggybackCommand,
} from '@hawser/core';
import type { RequestHandler } from 'express';
import { roleOf } from '../auth/authenticate.ts';
import { maskConnection } from './maskConnection.ts';

/** What a read-only user may send in a piggyback command: the answers hold connections, their state, and nothing of the process. */
const READABLE = new Set([
  'connectivity.commands:retrieveConnection',
  'connectivity.commands:retrieveResolvedHonoConnection',
  'connectivity.commands:retrieveConnectionStatus',
  'connectivity.commands:retrieveConnectionMetrics',
  'connectivity.commands:retrieveConnectionLogs',
  'connectivity.commands:retrieveAllConnectionIds',
  'connectivity.sudo.commands:sudoRetrieveConnectionTags',
  'connectivity.sudo.commands:sudoRetrieveConnectionIdsByTag',
]);
const READABLE_AT = new Set([
  '/system/sharding/connection',
  '/user/connectivityRoot/connectionIdsRetrieval',
  '/user/connectivityRoot/connectionIdsRetrieval/singleton',
]);

/** A read-only user may look at connections and change none. */
export const readOnlyGuard: RequestHandler = (request, response, next) => {
  if (roleOf(response) === 'full' || request.method === 'GET' || request.method === 'HEAD') return next();
  throw forbiddenForReadOnly();
};

/** Nothing behind it is for a read-only user. */
export const fullOnly: RequestHandler = (_request, response, next) => {
  if (roleOf(response) === 'full') return next();
  throw forbiddenForReadOnly();
};

/** By type and by target: the pub/sub mediator would carry a command to anyone. */
export function isReading({ targetActorSelection, piggybackCommand }: PiggybackCommand): boolean {
  const type = piggybackCommand?.['type'];
  return READABLE_AT.has(targetActorSelection) && typeof type === 'string' && READABLE.has(type);
}

/** The same commands with every secret in their answers masked. */
export const masked = (commands: ConnectivityCommands): ConnectivityCommands => ({
  async ask(selection, command, headers, timeoutMs) {
    const reply = await commands.ask(selection, command, headers, timeoutMs);
    return { ...reply, json: maskReply(reply.json) };
  },
});

function maskReply(json: JsonObject): JsonObject {
  const { connection, connections } = json;
  return {
    ...json,
    ...(isJsonObject(connection) ? { connection: maskConnection(connection) } : {}),
    ...(isJsonArray(connections)
      ? { connections: connections.map((item) => (isJsonObject(item) ? maskConnection(item) : item)) }
      : {}),
  };
}

export const forbiddenForReadOnly = (): DittoError =>
  makeError('hawser:readonly', 'This user may only read.');
