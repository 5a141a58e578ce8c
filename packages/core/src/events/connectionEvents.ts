import { readConnectionId, requiredObjectOrNull } from '../commands/commandReader.ts';
import { typeNotParsable } from '../errors/baseErrors.ts';
import { signalRefusal } from '../errors/errorRegistry.ts';
import { optionalLong, requiredString } from '../json/fields.ts';
import type { JsonObject } from '../json/jsonValue.ts';
import type { Connection } from '../model/connection.ts';
import { connectionToJson } from '../model/connectionToJson.ts';
import { parseConnection } from '../model/parseConnection.ts';
import { eventMetadata, eventTimestamp } from '../protocol/eventParts.ts';

interface EventFields {
  /** ISO-8601; unknown for events that did not carry it. */
  readonly timestamp: string | undefined;
  readonly metadata: JsonObject | undefined;
  /** The sequence number in the journal. */
  readonly revision: number;
  readonly connectionId: string;
}

export interface ConnectionCreated extends EventFields {
  readonly type: 'connectivity.events:connectionCreated';
  readonly connection: Connection;
}
export interface ConnectionModified extends EventFields {
  readonly type: 'connectivity.events:connectionModified';
  readonly connection: Connection;
}
export interface ConnectionOpened extends EventFields {
  readonly type: 'connectivity.events:connectionOpened';
}
export interface ConnectionClosed extends EventFields {
  readonly type: 'connectivity.events:connectionClosed';
}
export interface ConnectionDeleted extends EventFields {
  readonly type: 'connectivity.events:connectionDeleted';
}

/** What happened to a connection (connectivity/model/.../signals/events/*.java). */
export type ConnectionEvent =
  | ConnectionCreated
  | ConnectionModified
  | ConnectionOpened
  | ConnectionClosed
  | ConnectionDeleted;

export const connectionEventTypes: readonly ConnectionEvent['type'][] = [
  'connectivity.events:connectionCreated',
  'connectivity.events:connectionModified',
  'connectivity.events:connectionOpened',
  'connectivity.events:connectionClosed',
  'connectivity.events:connectionDeleted',
];

export interface ParseEventOptions {
  /** How the connection inside is read: stored ones may be of an old form. */
  readonly parseConnection?: (json: JsonObject) => Connection;
}

/** @throws DittoError `json.type.notparsable`, `json.field.missing`, `json.invalid` */
export function parseConnectionEvent(json: JsonObject, options: ParseEventOptions = {}): ConnectionEvent {
  try {
    return readEvent(json, options);
  } catch (error) {
    throw signalRefusal(error, json);
  }
}

function readEvent(json: JsonObject, options: ParseEventOptions): ConnectionEvent {
  const name = requiredString(json, 'type');
  const type = connectionEventTypes.find((known) => known === name);
  if (type === undefined) throw typeNotParsable(name, 'GlobalEventRegistry');
  const fields = {
    timestamp: eventTimestamp(json),
    metadata: eventMetadata(json),
    revision: optionalLong(json, 'revision') ?? 0,
  };
  switch (type) {
    case 'connectivity.events:connectionCreated':
    case 'connectivity.events:connectionModified': {
      const read = options.parseConnection ?? parseConnection;
      const connection = read(requiredObjectOrNull(json, 'connection'));
      // the id is that of the connection, whatever stands beside it
      return { type, ...fields, connectionId: connection.id, connection };
    }
    case 'connectivity.events:connectionOpened':
    case 'connectivity.events:connectionClosed':
    case 'connectivity.events:connectionDeleted':
      return { type, ...fields, connectionId: readConnectionId(json) };
  }
}

/** With `hidden`: the form that the journal holds. */
export function connectionEventToJson(
  event: ConnectionEvent,
  options: { readonly hidden?: boolean } = {},
): JsonObject {
  return {
    type: event.type,
    _timestamp: event.timestamp ?? null,
    _metadata: event.metadata ?? null,
    revision: event.revision,
    connectionId: event.connectionId,
    ...('connection' in event ? { connection: connectionToJson(event.connection, options) } : undefined),
  };
}
