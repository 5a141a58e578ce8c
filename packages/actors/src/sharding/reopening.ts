import { ALWAYS_ALIVE_TAG, type NewestEntry, priorityOf, type Store } from '@hawser/core';

export const PID_PREFIX = 'connection:';

/** Takes a few milliseconds. */
const ENTRIES_PER_TURN = 500;

export interface OpenConnectionEntry {
  readonly connectionId: string;
  readonly priority: number;
  /** The newest event carries the tag. An opened event without it is from a time before tags. */
  readonly isTagged: boolean;
}

/**
 * The connections that should be open, by what their newest events say; most used first unless ordered by id.
 *
 * @param journalTag only those whose newest event carries this tag
 */
export async function openConnections(
  store: Store,
  order: 'TAGS' | 'ID',
  journalTag = '',
): Promise<readonly OpenConnectionEntry[]> {
  const found: OpenConnectionEntry[] = [];
  let seen = 0;
  const entries = store.journal.newest(PID_PREFIX, journalTag === '' ? undefined : journalTag);
  for await (const entry of entries) {
    // an embedded store has all at hand: without a pause nothing else would run before the last one
    if (++seen % ENTRIES_PER_TURN === 0) await nextTurn();
    const isTagged = entry.tags.includes(ALWAYS_ALIVE_TAG);
    if (!isTagged && journalTag === '' && !isOpened(entry)) continue;
    const connectionId = entry.pid.slice(PID_PREFIX.length);
    found.push({ connectionId, priority: priorityOf(entry.tags), isTagged });
  }
  return order === 'TAGS' ? found.sort((a, b) => b.priority - a.priority) : found;
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

const isOpened = (entry: NewestEntry): boolean => entry.type === 'connectivity.events:connectionOpened';

/** Runs a task for each item, at most `parallel` at a time, in order. Stops early when `isWanted` turns false. */
export async function eachOf<T>(
  items: readonly T[],
  parallel: number,
  isWanted: () => boolean,
  task: (item: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined && isWanted(); item = items[next++]) await task(item);
  };
  await Promise.all(Array.from({ length: Math.min(parallel, items.length) }, work));
}
