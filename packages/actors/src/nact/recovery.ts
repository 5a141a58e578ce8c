import { type JournalEntry, type Store, StoreError } from '@hawser/core';
import type { NactEngine } from './bareNact.ts';
import type { JournalCodec } from './behavior.ts';
import type { JournalSession } from './journalSession.ts';

export interface RecoveryParts<S, E> {
  readonly store: Store;
  readonly pid: string;
  readonly codec: JournalCodec<S, E>;
}

/** The actor that is recovered. */
export interface Recovering<S> {
  /** What an event handler threw while folding; it never should. */
  readonly foldFailure: unknown;
  initial(revision: number): S;
  /** A new session for each recovery. */
  openSession(): JournalSession;
  /** Called once all events are folded. */
  recovered(): void;
  append(event: unknown, sn: number): Promise<void>;
}

/** What nact keeps while it folds: state, number of events, sequence number. */
type Folded = readonly [state: unknown, count: number, sn: number];

/**
 * The persistence engine of one actor over the store port. It streams, refuses journals with holes, and reports what
 * cannot be decoded as `corrupt` instead of passing it over: an actor never starts from half a history.
 */
export function recoveryEngine<S, E>(parts: RecoveryParts<S, E>, actor: Recovering<S>): NactEngine {
  const { store, pid, codec } = parts;
  let session: JournalSession | undefined;
  let hasSnapshot = false;
  return {
    async latestSnapshot() {
      session = actor.openSession();
      const snapshot = await store.snapshots.latest(pid);
      hasSnapshot = snapshot !== undefined;
      if (snapshot === undefined) return undefined;
      session.recoveredTo(snapshot.sn);
      const data = decoding(pid, snapshot.sn, () => codec.decodeSnapshot(snapshot));
      return { data, sequenceNumber: snapshot.sn };
    },
    events: (_key, offset) => ({
      async reduce(fold, initial) {
        let folded: unknown = initial;
        let sn = offset;
        let count = 0;
        for await (const entry of store.journal.read(pid, offset)) {
          const data = decoding(pid, entry.sn, () => codec.decode(entry));
          const isBeginning = count === 0 && !hasSnapshot && (codec.isBeginning?.(data) ?? false);
          if (!isBeginning) refuseHole(pid, sn, entry);
          sn = entry.sn;
          folded = await fold(folded, { data, sequenceNumber: sn }, count++);
          refuseFailedFold(pid, sn, actor.foldFailure);
        }
        if (count === 0 && !hasSnapshot) {
          sn = await store.journal.highestSn(pid);
          if (sn > 0) folded = [actor.initial(sn), 0, sn] satisfies Folded;
        }
        session?.recoveredTo(sn);
        actor.recovered();
        return folded;
      },
    }),
    persist: (event) => actor.append(event.data, event.sequenceNumber),
    takeSnapshot: () => Promise.resolve(),
  };
}

function refuseHole(pid: string, lastSn: number, entry: JournalEntry): void {
  if (entry.sn === lastSn + 1) return;
  const message = `${pid}: event ${entry.sn} follows ${lastSn}`;
  throw new StoreError('corrupt', message, { pid, sn: entry.sn });
}

function refuseFailedFold(pid: string, sn: number, cause: unknown): void {
  if (cause === undefined) return;
  throw new StoreError('corrupt', `${pid}: event ${sn} cannot be applied`, { pid, sn, cause });
}

function decoding<T>(pid: string, sn: number, decode: () => T): T {
  try {
    return decode();
  } catch (cause) {
    throw new StoreError('corrupt', `${pid}: what is stored at ${sn} cannot be read`, { pid, sn, cause });
  }
}
