import { type JournalEntry, type Store, StoreError } from '@hawser/core';
import type { NactEngine, NactEvent, NactFold } from './bareNact.ts';
import type { JournalCodec } from './behavior.ts';
import type { JournalSession, NewEntry } from './journalSession.ts';

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
  /** Called once all events are folded, before the first message. */
  recovered(state: S): void;
}

/** What nact keeps while it folds: state, number of events, sequence number. */
type Folded = readonly [state: unknown, count: number, sn: number];

/**
 * The persistence engine of one actor over the store port. It streams, refuses journals with holes, and reports what
 * cannot be decoded as `corrupt` instead of passing it over: an actor never starts from half a history.
 */
export class RecoveryEngine<S, E> implements NactEngine {
  readonly #parts: RecoveryParts<S, E>;
  readonly #actor: Recovering<S>;
  #session: JournalSession | undefined;
  #hasSnapshot = false;

  constructor(parts: RecoveryParts<S, E>, actor: Recovering<S>) {
    this.#parts = parts;
    this.#actor = actor;
  }

  async latestSnapshot(): Promise<{ data: unknown; sequenceNumber: number } | undefined> {
    const { store, pid, codec } = this.#parts;
    this.#session = this.#actor.openSession();
    const snapshot = await store.snapshots.latest(pid);
    this.#hasSnapshot = snapshot !== undefined;
    if (snapshot === undefined) return undefined;
    this.#session.recoveredTo(snapshot.sn);
    const data = decoding(pid, snapshot.sn, () => codec.decodeSnapshot(snapshot));
    return { data, sequenceNumber: snapshot.sn };
  }

  events(_key: string, offset: number): { reduce(fold: NactFold, initial: unknown): Promise<unknown> } {
    return { reduce: (fold, atSnapshot) => this.#reduce(offset, fold, atSnapshot) };
  }

  persist({ data, sequenceNumber: sn }: NactEvent): Promise<void> {
    if (this.#session === undefined) throw new Error(`${this.#parts.pid} is not recovered`);
    return this.#session.append({ ...(data as Omit<NewEntry, 'sn'>), sn });
  }

  takeSnapshot(): Promise<void> {
    return Promise.resolve();
  }

  /** @param atSnapshot a promise of what nact goes on from, if there was one */
  async #reduce(offset: number, fold: NactFold, atSnapshot: unknown): Promise<unknown> {
    const { store, pid, codec } = this.#parts;
    let folded: unknown = this.#hasSnapshot
      ? await atSnapshot
      : ([this.#actor.initial(0), 0, 0] satisfies Folded);
    let sn = offset;
    let count = 0;
    for await (const entry of store.journal.read(pid, offset)) {
      const data = decoding(pid, entry.sn, () => codec.decode(entry));
      const isBeginning = count === 0 && !this.#hasSnapshot && (codec.isBeginning?.(data) ?? false);
      if (!isBeginning) refuseHole(pid, sn, entry);
      sn = entry.sn;
      folded = await fold(folded, { data, sequenceNumber: sn }, count++);
      refuseFailedFold(pid, sn, this.#actor.foldFailure);
    }
    if (count === 0 && !this.#hasSnapshot) {
      sn = await store.journal.highestSn(pid);
      if (sn > 0) folded = [this.#actor.initial(sn), 0, sn] satisfies Folded;
    }
    this.#session?.recoveredTo(sn);
    const [state] = folded as Folded;
    this.#actor.recovered(state as S);
    return folded;
  }
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
