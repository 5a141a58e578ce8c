import {
  type NewestSnapshotOptions,
  type Snapshot,
  type SnapshotStore,
  type SnapshotSummary,
  StoreError,
  stringifyJson,
} from '@hawser/core';
import { checkSize } from '../appendRules.ts';
import { DAMAGED, lifecycleOf } from '../records.ts';
import { toFrame } from './frame.ts';
import type { CurrentSession } from './lmdbSession.ts';
import type { RecordTable } from './recordTable.ts';

export class LmdbSnapshots implements SnapshotStore {
  readonly #session: CurrentSession;

  constructor(session: CurrentSession) {
    this.#session = session;
  }

  async latest(pid: string, maxSn?: number): Promise<Snapshot | undefined> {
    return this.#session().tables.snapshots.last(pid, maxSn);
  }

  async save(snapshot: Snapshot): Promise<void> {
    const { tables, codec, space, writer } = this.#session();
    const frame = toFrame(stringifyJson(codec.snapshotRecord(snapshot)));
    checkSize(snapshot.pid, snapshot.sn, frame.length);
    space.take(frame.length);
    await writer.durable(tables.snapshots.put(snapshot.pid, snapshot.sn, frame));
  }

  async deleteBelow(pid: string, sn: number): Promise<void> {
    const { tables, writer } = this.#session();
    let committed: Promise<unknown> | undefined;
    for (const each of tables.snapshots.sns(pid, 0, sn - 1, Number.MAX_SAFE_INTEGER))
      committed = tables.snapshots.remove(pid, each);
    if (committed !== undefined) await writer.durable(committed);
  }

  async lowestSn(pid: string): Promise<number | undefined> {
    return this.#session().tables.snapshots.firstSn(pid);
  }

  async *newest(pidPrefix: string, options: NewestSnapshotOptions = {}): AsyncIterable<SnapshotSummary> {
    let pid = options.afterPid;
    for (;;) {
      const { snapshots } = this.#session().tables;
      pid = snapshots.nextPid(pidPrefix, pid);
      if (pid === undefined) return;
      const summary = newestOf(snapshots, pid, options.takenUntil);
      if (summary !== undefined) yield summary;
    }
  }
}

/** A damaged snapshot is listed, so that its owner finds out, but never as one that was taken until some time. */
function newestOf(
  snapshots: RecordTable<Snapshot>,
  pid: string,
  takenUntil: number | undefined,
): SnapshotSummary | undefined {
  let sn = snapshots.lastSn(pid);
  try {
    for (; sn !== undefined; sn = snapshots.lastSn(pid, sn - 1)) {
      const found = snapshots.get(pid, sn);
      if (found !== undefined && found.timestamp <= (takenUntil ?? Number.MAX_SAFE_INTEGER))
        return { pid, sn, lifecycle: lifecycleOf(found.state) };
    }
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    if (takenUntil === undefined && sn !== undefined) return { pid, sn, lifecycle: DAMAGED };
  }
  return undefined;
}
