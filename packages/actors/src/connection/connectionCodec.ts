import {
  type ConnectionState,
  payloadOf,
  type RecordedEvent,
  recordedEvent,
  stateOfSnapshot,
} from '@hawser/core';
import type { JournalCodec } from '../nact/behavior.ts';

/** How a connection's events and snapshots are written. The sequence number counts, not the `revision` inside of an event. */
export const connectionCodec: JournalCodec<ConnectionState, RecordedEvent> = {
  encode: (event) => ({ type: event.type, event: payloadOf(event) }),
  decode: (entry) => recordedEvent(entry.event, entry.sn),
  decodeSnapshot: (snapshot) => stateOfSnapshot(snapshot.state, snapshot.sn),
};
