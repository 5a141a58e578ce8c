import {
  absentAt,
  type ConnectionState,
  connectionHistoryNotAccessible,
  type DittoHeaders,
  type HistoricalPoint,
  historicalHeadersOf,
  isUpTo,
  type JsonObject,
  type PastEvent,
  type Snapshot,
  type Store,
  stateAt,
  stateOfSnapshot,
  stringifyJson,
} from '@hawser/core';
import { connectionCodec } from './connectionCodec.ts';

export interface PastOf {
  readonly pid: string;
  readonly connectionId: string;
  readonly state: ConnectionState;
  /** Wall time, ms. */
  readonly now: number;
}

export interface Past {
  readonly state: ConnectionState;
  /** `historical-headers`: those that were kept with the last event. */
  readonly headers: DittoHeaders;
}

/**
 * The connection as it was, rebuilt from the newest snapshot before the point and the events after it.
 * @throws DittoError `connectivity:connection.history.notfound`, StoreError
 */
export async function readPast(
  store: Store,
  { pid, connectionId, state, now }: PastOf,
  point: HistoricalPoint,
): Promise<Past> {
  if ('revision' in point && point.revision === state.revision && state.lifecycle === 'active')
    return { state, headers: {} };
  const isAhead =
    'revision' in point
      ? point.revision > state.revision || point.revision < 1
      : !(Date.parse(point.timestamp) <= now);
  if (isAhead) throw connectionHistoryNotAccessible(connectionId, point);
  const snapshot = await snapshotBefore(store, pid, point);
  const base = snapshot === undefined ? absentAt(0) : stateOfSnapshot(snapshot.state, snapshot.sn);
  const lastSn = 'revision' in point ? point.revision : state.revision;
  const events: PastEvent[] = [];
  let headers: DittoHeaders = {};
  for await (const entry of store.journal.read(pid, base.revision, lastSn)) {
    const past = { event: connectionCodec.decode(entry), timestamp: entry.timestamp };
    if (!isUpTo(point, past)) break;
    events.push(past);
    headers = keptHeaders(entry.event);
  }
  return { state: stateAt(connectionId, point, base, events), headers };
}

function keptHeaders(payload: JsonObject): DittoHeaders {
  const kept = historicalHeadersOf(payload);
  return Object.keys(kept).length === 0 ? {} : { 'historical-headers': stringifyJson(kept) };
}

async function snapshotBefore(
  store: Store,
  pid: string,
  point: HistoricalPoint,
): Promise<Snapshot | undefined> {
  if ('revision' in point) return store.snapshots.latest(pid, point.revision);
  const latestAt = Date.parse(point.timestamp);
  let snapshot = await store.snapshots.latest(pid);
  while (snapshot !== undefined && snapshot.timestamp > latestAt)
    snapshot = await store.snapshots.latest(pid, snapshot.sn - 1);
  return snapshot;
}
