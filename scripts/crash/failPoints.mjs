// A store with named points at which the process ends: it wraps the ports, so the product has no hooks.
import { between } from './parts.mjs';

/** Point, and about how often a round comes by before it kills. */
export const storePoints = {
  'before append': [1, 150],
  'after append, before flush': [1, 150],
  'after flush, before reply': [1, 150],
  'during snapshot': [1, 12],
  'between snapshot and cleanup': [1, 8],
  'during cleanup': [1, 15],
  'during passivation': [1, 8],
  'during migration': [1, 250],
};

/** Killed from outside, after so many ms. */
const SERVER_KILL_MS = [1_000, 3_000];

/**
 * @param point where to kill; @param count at which visit; @param kill ends the process at once
 * @param threshold events between two snapshots: one of fewer is that of an actor that leaves memory
 */
export function withFailPoints(store, { point, count, kill, random, threshold, breakage }) {
  const saved = new Map();
  let left = count;
  const visit = (name) => {
    if (name === point && --left === 0) kill();
  };
  /** Kills while the operation is under way: some turns of the event loop, or some of its time, after it began. */
  const visitDuring = (name, operation) => {
    if (name !== point || --left > 0) return;
    const delayMs = random() < 0.5 ? 0 : random() * 3;
    if (delayMs === 0) setImmediate(kill);
    else setTimeout(kill, delayMs);
    operation.then(kill, kill);
  };
  const noteSnapshot = (snapshot) => {
    if (snapshot !== undefined) saved.set(snapshot.pid, Math.max(snapshot.sn, saved.get(snapshot.pid) ?? 0));
    return snapshot;
  };
  const append = async (entries) => {
    visit('before append');
    const written = store.journal.append(entries);
    visitDuring('after append, before flush', written);
    await written;
    visit('after flush, before reply');
  };
  const journal = {
    ...forwarding(store.journal, ['read', 'highestSn', 'lowestSn', 'newest']),
    append: breakage === 'reply-before-append' ? repliedBefore(append) : append,
    async deleteTo(pid, sn) {
      visit('between snapshot and cleanup');
      const removed = store.journal.deleteTo(pid, sn);
      visitDuring('during cleanup', removed);
      await removed;
    },
  };
  const snapshots = {
    ...forwarding(store.snapshots, ['lowestSn', 'newest']),
    latest: async (...args) => noteSnapshot(await store.snapshots.latest(...args)),
    async save(snapshot) {
      const isLeaving =
        snapshot.state.__lifecycle !== 'DELETED' && snapshot.sn - (saved.get(snapshot.pid) ?? 0) < threshold;
      const operation = store.snapshots.save(snapshot);
      visitDuring('during snapshot', operation);
      if (isLeaving) visitDuring('during passivation', operation);
      await operation;
      noteSnapshot(snapshot);
    },
    async deleteBelow(pid, sn) {
      const removed = store.snapshots.deleteBelow(pid, sn);
      visitDuring('during cleanup', removed);
      await removed;
    },
  };
  return {
    ...forwarding(store, ['open', 'close', 'health']),
    kind: store.kind,
    upkeep: store.upkeep,
    journal,
    snapshots,
  };
}

/** A codec of records that kills while the store is brought to a new version. */
export function withMigrationPoint(codec, { point, count, kill }) {
  let left = count;
  const counted = (write) => (record) => {
    if (point === 'during migration' && --left === 0) kill();
    return write(record);
  };
  return {
    ...codec,
    entryRecord: counted(codec.entryRecord),
    snapshotRecord: counted(codec.snapshotRecord),
  };
}

/** What must be found: the answer leaves first, the write comes a little later. */
function repliedBefore(append) {
  let last = Promise.resolve();
  return (entries) => {
    last = last.then(() => new Promise((resolve) => setTimeout(resolve, 10))).then(() => append(entries));
    return Promise.resolve();
  };
}

const forwarding = (target, names) =>
  Object.fromEntries(names.map((name) => [name, (...args) => target[name](...args)]));

/** The visit to the point that is the last. */
export function pickVisit(point, random) {
  const [least, most] = storePoints[point] ?? (point === 'after reply' ? [1, 300] : SERVER_KILL_MS);
  return between(random, least, most);
}
