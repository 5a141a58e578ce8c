import type { SnapshotSummary } from '@hawser/core';

/** One deletion; costs one credit. */
export type CleanupStep =
  | { readonly remove: 'entries'; readonly pid: string; readonly toSn: number }
  | { readonly remove: 'snapshots'; readonly pid: string; readonly belowSn: number };

export interface CleanupLimits {
  /** Most records that one step removes (`cleanup.writes-per-credit`). */
  readonly writesPerCredit: number;
  /** `cleanup.delete-final-deleted-snapshot`. */
  readonly deleteFinalDeletedSnapshot: boolean;
}

/** What is stored of one pid. */
export interface StoredHistory {
  /** The newest snapshot that is old enough to be the begin of the history. */
  readonly base: SnapshotSummary;
  readonly lowestEntrySn: number | undefined;
  readonly lowestSnapshotSn: number | undefined;
}

/**
 * Steps that remove what lies before the base (internal/utils/persistence/.../cleanup/CleanUp.java): entries first, so that at
 * any point the newest snapshot and the entries after it give the state. The entry of the base itself stays for its tags, unless
 * nothing is to stay: then only the highest sequence number does.
 */
export function planCleanup(
  { base, lowestEntrySn, lowestSnapshotSn }: StoredHistory,
  { writesPerCredit, deleteFinalDeletedSnapshot }: CleanupLimits,
): readonly CleanupStep[] {
  const { pid, sn, lifecycle } = base;
  const isFinal = lifecycle === 'DELETED' && deleteFinalDeletedSnapshot;
  const last = isFinal ? sn : sn - 1;
  const entries = bounds(lowestEntrySn, last, writesPerCredit);
  const snapshots = bounds(lowestSnapshotSn, last, writesPerCredit);
  return [
    ...entries.map((toSn): CleanupStep => ({ remove: 'entries', pid, toSn })),
    ...snapshots.map((toSn): CleanupStep => ({ remove: 'snapshots', pid, belowSn: toSn + 1 })),
  ];
}

/** Upper bounds of steps from the lowest number to the last, each over at most `size` numbers. */
function bounds(lowest: number | undefined, last: number, size: number): readonly number[] {
  if (lowest === undefined || lowest > last) return [];
  const steps = Math.ceil((last - lowest + 1) / size);
  return Array.from({ length: steps }, (_, index) => Math.min(last, lowest + (index + 1) * size - 1));
}
