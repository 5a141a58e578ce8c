import { connectionHistoryNotAccessible } from '../errors/connectivityErrors.ts';
import { makeError } from '../errors/makeError.ts';
import type { DittoHeaders } from '../ports/connectivityCommands.ts';
import { evolve } from './evolve.ts';
import type { RecordedEvent } from './recordedEvent.ts';
import type { ConnectionState } from './state.ts';

/** Which past a retrieve asks for. */
export type HistoricalPoint = { readonly revision: number } | { readonly timestamp: string };

/**
 * The past that the headers ask for; the revision wins.
 * @throws DittoError `header.invalid`
 */
export function historicalPoint(headers: DittoHeaders): HistoricalPoint | undefined {
  const revision = headers['at-historical-revision'];
  if (revision !== undefined) {
    if (/^[+-]?\d{1,15}$/.test(revision)) return { revision: Number(revision) };
    throw makeError(
      'header.invalid',
      `The value '${revision}' of the header 'at-historical-revision' is not a valid long.`,
      {
        description: `Verify that the value of the header 'at-historical-revision' is a valid 'long' and try again.`,
        details: { invalidHeaderKey: 'at-historical-revision' },
      },
    );
  }
  const timestamp = headers['at-historical-timestamp'];
  return timestamp === undefined ? undefined : { timestamp };
}

/** An event with the wall time of its write, ms. */
export interface PastEvent {
  readonly event: RecordedEvent;
  readonly timestamp: number;
}

/** Whether the events up to and including this one belong to the point asked for. */
export function isUpTo(point: HistoricalPoint, { event, timestamp }: PastEvent): boolean {
  return 'revision' in point ? event.revision <= point.revision : timestamp <= Date.parse(point.timestamp);
}

/**
 * The connection as it was (internal/utils/persistent-actors/.../AbstractPersistenceActor.java, `handleHistoricalRetrieve`).
 *
 * @param base the newest snapshot that is not after the point, or the state before the first event
 * @param events those after `base`, ascending, up to the point
 * @throws DittoError `connectivity:connection.history.notfound`
 */
export function stateAt(
  connectionId: string,
  point: HistoricalPoint,
  base: ConnectionState,
  events: readonly PastEvent[],
): ConnectionState {
  let state = base;
  for (const { event } of events) {
    if (event.revision !== state.revision + 1) throw connectionHistoryNotAccessible(connectionId, point);
    state = evolve(state, event);
  }
  const isReached = 'timestamp' in point || state.revision === point.revision;
  if (state.lifecycle !== 'active' || !isReached) throw connectionHistoryNotAccessible(connectionId, point);
  return state;
}
