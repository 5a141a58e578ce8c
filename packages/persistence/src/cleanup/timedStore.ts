import type { Clock, Journal, SnapshotStore, Store } from '@hawser/core';

/**
 * A store that remembers how long its slowest write took, so that background work can step back.
 *
 * @param appended is told the time of each append, ms
 */
export function timedStore(
  inner: Store,
  clock: Clock,
  appended: (ms: number) => void = () => undefined,
): { readonly store: Store; slowestMs(): number } {
  let slowest = 0;
  const timed = async (write: () => Promise<void>, took?: (ms: number) => void): Promise<void> => {
    const since = clock.monotonic();
    try {
      await write();
    } finally {
      const ms = clock.monotonic() - since;
      slowest = Math.max(slowest, ms);
      took?.(ms);
    }
  };
  const journal: Journal = {
    append: (entries) => timed(() => inner.journal.append(entries), appended),
    read: (pid, afterSn, toSn) => inner.journal.read(pid, afterSn, toSn),
    highestSn: (pid) => inner.journal.highestSn(pid),
    deleteTo: (pid, sn) => inner.journal.deleteTo(pid, sn),
    lowestSn: (pid) => inner.journal.lowestSn(pid),
    newest: (pidPrefix, tag) => inner.journal.newest(pidPrefix, tag),
  };
  const snapshots: SnapshotStore = {
    latest: (pid, maxSn) => inner.snapshots.latest(pid, maxSn),
    save: (snapshot) => timed(() => inner.snapshots.save(snapshot)),
    deleteBelow: (pid, sn) => inner.snapshots.deleteBelow(pid, sn),
    lowestSn: (pid) => inner.snapshots.lowestSn(pid),
    newest: (pidPrefix, options) => inner.snapshots.newest(pidPrefix, options),
  };
  const store: Store = {
    kind: inner.kind,
    journal,
    snapshots,
    upkeep: inner.upkeep,
    get lastFailure() {
      return inner.lastFailure;
    },
    open: () => inner.open(),
    close: () => inner.close(),
    health: () => inner.health(),
  };
  return {
    store,
    slowestMs() {
      const taken = slowest;
      slowest = 0;
      return taken;
    },
  };
}
