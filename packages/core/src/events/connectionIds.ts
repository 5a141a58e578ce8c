const PREFIX = 'connection:';
const DELETED_EVENT = 'connectivity.events:connectionDeleted';

export interface StoredSnapshot {
  readonly pid: string;
  readonly sn: number;
  readonly lifecycle: string | undefined;
}

export interface StoredEntry {
  readonly pid: string;
  readonly sn: number;
  /** Event type; an entry without one counts as deleted. */
  readonly type: string | undefined;
  readonly tags?: readonly string[];
}

/**
 * Ids of all connections that exist: those with an active snapshot and those whose newest entry is not their deletion,
 * without those whose newest entry is (connectivity/service/.../ConnectionIdsRetrievalActor.java). Sorted.
 */
export function existingConnectionIds(
  snapshots: Iterable<StoredSnapshot>,
  entries: Iterable<StoredEntry>,
): readonly string[] {
  const isDeleted = ({ type }: StoredEntry): boolean => type === undefined || type === DELETED_EVENT;
  const isActive = ({ lifecycle }: StoredSnapshot): boolean =>
    lifecycle !== undefined && lifecycle !== 'DELETED';
  const newest = newestOf(entries);
  const deleted = new Set(newest.filter(isDeleted).map(({ pid }) => pid));
  const known = [...newestOf(snapshots).filter(isActive), ...newest].map(({ pid }) => pid);
  return idsOf(known.filter((pid) => !deleted.has(pid)));
}

/** Ids of the connections whose newest entry has the tag. Sorted. */
export const connectionIdsByTag = (entries: Iterable<StoredEntry>, tag: string): readonly string[] =>
  idsOf(
    newestOf(entries)
      .filter(({ tags }) => tags?.includes(tag))
      .map(({ pid }) => pid),
  );

/** The one with the highest sequence number of each pid. */
function newestOf<T extends { readonly pid: string; readonly sn: number }>(items: Iterable<T>): readonly T[] {
  const newest = new Map<string, T>();
  for (const item of items) {
    const known = newest.get(item.pid);
    if (known === undefined || known.sn <= item.sn) newest.set(item.pid, item);
  }
  return [...newest.values()];
}

const idsOf = (pids: readonly string[]): readonly string[] =>
  [...new Set(pids)]
    .filter((pid) => pid.startsWith(PREFIX))
    .map((pid) => pid.slice(PREFIX.length))
    .sort();
