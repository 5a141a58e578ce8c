import { typeNotParsable } from '../errors/baseErrors.ts';
import { requiredString } from '../json/fields.ts';
import type { JsonObject } from '../json/jsonValue.ts';
import type { ConnectivityStatus } from '../model/connection.ts';
import { parseStoredConnection } from '../model/storedConnection.ts';
import { type ConnectionEvent, connectionEventToJson, parseConnectionEvent } from './connectionEvents.ts';

const EMPTY_EVENT = 'persistence-actor-internal:empty-event';
const effects = ['alwaysAlive', 'priorityUpdate'] as const;

/** Takes a sequence number and tags, changes nothing (internal/utils/persistent-actors/.../EmptyEvent.java). */
export interface EmptyEvent {
  readonly type: typeof EMPTY_EVENT;
  readonly effect: (typeof effects)[number];
}

export type JournalEvent = ConnectionEvent | EmptyEvent;

export const emptyEvent = (effect: EmptyEvent['effect']): EmptyEvent => ({ type: EMPTY_EVENT, effect });

export const isEmptyEvent = (event: JournalEvent): event is EmptyEvent => event.type === EMPTY_EVENT;

/** Member of a stored event that holds the headers kept with it. */
const HISTORICAL_HEADERS = '__hh';

/** The payload of a journal entry: with the hidden fields of the connection, and the headers that are kept with it. */
export function journalPayload(event: JournalEvent, historicalHeaders?: JsonObject): JsonObject {
  const json = isEmptyEvent(event) ? { ...event } : connectionEventToJson(event, { hidden: true });
  return historicalHeaders === undefined ? json : { ...json, [HISTORICAL_HEADERS]: historicalHeaders };
}

/**
 * Reads the payload of a journal entry; old forms of connections are brought up to date. The sequence number counts as
 * revision, whatever the payload says (connectivity/service/.../ConnectivityMongoEventAdapter.java).
 *
 * @throws DittoError for a payload that cannot be read: recovery skips it
 */
export function eventOfJournal(payload: JsonObject, sequenceNumber: number): JournalEvent {
  const type = requiredString(payload, 'type');
  if (type !== EMPTY_EVENT) {
    const event = parseConnectionEvent(payload, { parseConnection: parseStoredConnection });
    return { ...event, revision: sequenceNumber };
  }
  const name = requiredString(payload, 'effect');
  const effect = effects.find((known) => known === name);
  if (effect === undefined) throw typeNotParsable(`${type} ${name}`, 'GlobalEventRegistry');
  return emptyEvent(effect);
}

/** The headers that were kept with a stored event. */
export function historicalHeadersOf(payload: JsonObject): JsonObject {
  const headers = payload[HISTORICAL_HEADERS];
  return typeof headers === 'object' && headers !== null ? (headers as JsonObject) : {};
}

export interface TagFacts {
  readonly event: JournalEvent['type'];
  /** Of the event's connection for created and modified, else the stored one. */
  readonly connectionStatus: ConnectivityStatus;
  readonly tags: readonly string[];
  /** `undefined` as long as none was computed. */
  readonly priority: number | undefined;
}

/**
 * The tags of a journal entry, sorted: those of the connection and, as long as it is to be open, the ones that let it be
 * found and ordered after a restart (connectivity/service/.../ConnectionPersistenceActor.java, `getDesiredEventTags`).
 */
export function journalTags({ event, connectionStatus, tags, priority }: TagFacts): readonly string[] {
  if (event === 'connectivity.events:connectionDeleted') return [];
  const isAlive =
    event === 'connectivity.events:connectionOpened' ||
    (event !== 'connectivity.events:connectionClosed' && connectionStatus === 'open');
  const alive = isAlive ? ['always-alive', `priority-${priority ?? 0}`] : [];
  return [...new Set([...tags, ...alive])].sort();
}
