import { connectionIdsByTag, existingConnectionIds, type Store } from '@hawser/core';
import { PID_PREFIX } from '../sharding/reopening.ts';

/** Ids of all connections that exist: a query of the store, which any process can answer. */
export async function retrieveAllConnectionIds(store: Store): Promise<readonly string[]> {
  const [snapshots, entries] = await Promise.all([
    collect(store.snapshots.newest(PID_PREFIX)),
    collect(store.journal.newest(PID_PREFIX)),
  ]);
  return existingConnectionIds(snapshots, entries);
}

/** Ids of the connections whose newest event carries the tag. */
export async function retrieveConnectionIdsByTag(store: Store, tag: string): Promise<readonly string[]> {
  return connectionIdsByTag(await collect(store.journal.newest(PID_PREFIX, tag)), tag);
}

async function collect<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}
