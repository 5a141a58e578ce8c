import { type JournalEntry, type Store, StoreError } from '@hawser/core';

/** Who writes, and whether it still may. */
export interface WriterLease {
  /** Node and incarnation. */
  readonly writer: string;
  readonly epoch: number;
  /** False once the shard has or may have another owner. */
  valid(): boolean;
}

export type NewEntry = Omit<JournalEntry, 'pid' | 'writer' | 'epoch'>;

/**
 * The right of one incarnation of an actor to append, from one recovery to the next. The first refusal ends it:
 * nact has then burned a sequence number, and memory may differ from the journal.
 */
export class JournalSession {
  /** Set by the first failed append. */
  failure: unknown;
  /** An append was tried since the last `beginMessage`. */
  hasAppended = false;
  readonly #store: Store;
  readonly #pid: string;
  readonly #lease: WriterLease;
  #lastSn = 0;
  #isClosed = false;

  constructor(store: Store, pid: string, lease: WriterLease) {
    this.#store = store;
    this.#pid = pid;
    this.#lease = lease;
  }

  get lastSn(): number {
    return this.#lastSn;
  }

  /** Called while recovering: the next append must be `sn + 1`. */
  recoveredTo(sn: number): void {
    this.#lastSn = sn;
  }

  beginMessage(): void {
    this.hasAppended = false;
  }

  /** The incarnation has ended; nothing more reaches the store. */
  close(): void {
    this.#isClosed = true;
  }

  /** @throws StoreError; every later call throws the same */
  async append(entry: NewEntry): Promise<void> {
    this.hasAppended = true;
    if (this.#isClosed) throw this.#fail('closed', entry.sn, 'the writer has been stopped');
    if (this.failure !== undefined) throw this.failure;
    if (entry.sn !== this.#lastSn + 1)
      throw this.#fail('gap', entry.sn, `the journal is at ${this.#lastSn}, not before ${entry.sn}`);
    if (!this.#lease.valid()) throw this.#fail('closed', entry.sn, 'the shard belongs to another writer');
    const { writer, epoch } = this.#lease;
    try {
      await this.#store.journal.append([{ ...entry, pid: this.#pid, writer, epoch }]);
    } catch (error) {
      this.failure = error;
      throw error;
    }
    this.#lastSn = entry.sn;
    // The event is there, but what would follow from it is for the next owner to do.
    if (!this.#isOwner()) throw this.#fail('closed', entry.sn, 'the writer ended while it wrote');
  }

  #isOwner(): boolean {
    return !this.#isClosed && this.#lease.valid();
  }

  #fail(reason: 'closed' | 'gap', sn: number, message: string): StoreError {
    const error = new StoreError(reason, `${this.#pid}: ${message}`, { pid: this.#pid, sn });
    this.failure ??= error;
    return error;
  }
}
