import type { ConnectionEvent } from '../events/connectionEvents.ts';
import { connectionOfSnapshot, snapshotOf as snapshotOfConnection } from '../events/connectionSnapshot.ts';
import { type EmptyEvent, eventOfJournal, isEmptyEvent, journalPayload } from '../events/journal.ts';
import type { JsonObject } from '../json/jsonValue.ts';
import { absentAt, type ConnectionState } from './state.ts';

/** An event with its number in the journal; empty ones have it too. */
export type RecordedEvent = ConnectionEvent | (EmptyEvent & { readonly revision: number });

/** What the journal holds of an event. */
export function payloadOf(event: RecordedEvent, historicalHeaders?: JsonObject): JsonObject {
  if (!isEmptyEvent(event)) return journalPayload(event, historicalHeaders);
  const { type, effect } = event;
  return journalPayload({ type, effect }, historicalHeaders);
}

/** @throws DittoError for a payload that holds no event */
export function recordedEvent(payload: JsonObject, revision: number): RecordedEvent {
  const event = eventOfJournal(payload, revision);
  return isEmptyEvent(event) ? { ...event, revision } : event;
}

/** What a snapshot holds: nothing of a deleted connection. */
export const snapshotOfState = (state: ConnectionState): JsonObject =>
  state.lifecycle === 'active' ? snapshotOfConnection(state.connection) : { __lifecycle: 'DELETED' };

/** @throws DittoError for a snapshot that holds no connection */
export function stateOfSnapshot(json: JsonObject, revision: number): ConnectionState {
  const connection = connectionOfSnapshot(json);
  return connection === undefined ? absentAt(revision) : { lifecycle: 'active', revision, connection };
}
