import { type Delivered, OffsetWindow } from './offsetWindow.ts';

export interface PartitionOffset {
  readonly partition: number;
  readonly offset: number;
}

/**
 * The partitions that a consumer reads between two changes: a rebalance of its group, or a restart. What was delivered under
 * one that has ended is never committed: somebody else may read those partitions by then, or we ourselves from an earlier
 * offset on.
 */
export class Assignment {
  readonly partitions: readonly number[];
  readonly #windows = new Map<number, OffsetWindow>();
  #isReady = false;
  #isEnded = false;
  #span = 0;
  #uncommitted = 0;

  constructor(partitions: readonly number[]) {
    this.partitions = partitions;
  }

  /** It is known where every partition begins. */
  get isReady(): boolean {
    return this.#isReady;
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  /** Records that are unsettled or wait for one before them. */
  get span(): number {
    return this.#span;
  }

  /** Records that could be committed. */
  get uncommitted(): number {
    return this.#uncommitted;
  }

  begin(positions: readonly PartitionOffset[]): void {
    for (const { partition, offset } of positions) this.#windows.set(partition, new OffsetWindow(offset));
    this.#isReady = true;
  }

  end(): void {
    this.#isEnded = true;
  }

  deliver(partition: number, offset: number): Delivered {
    let window = this.#windows.get(partition);
    if (window === undefined || offset < window.next) {
      this.#span -= window?.span ?? 0;
      window = new OffsetWindow(offset);
      this.#windows.set(partition, window);
    }
    this.#span++;
    return window.deliver(offset);
  }

  settle(partition: number, record: Delivered): void {
    const freed = this.#windows.get(partition)?.settle(record) ?? 0;
    this.#span -= freed;
    this.#uncommitted += freed;
  }

  /** First offsets to be read again when consuming began anew now. */
  positions(): readonly PartitionOffset[] {
    return [...this.#windows].map(([partition, { committable }]) => ({ partition, offset: committable }));
  }

  /** Offsets that the coordinator does not have yet. */
  toCommit(): readonly PartitionOffset[] {
    return [...this.#windows]
      .filter(([, { committed, committable }]) => committable !== committed)
      .map(([partition, { committable }]) => ({ partition, offset: committable }));
  }

  committed(offsets: readonly PartitionOffset[], records: number): void {
    this.#uncommitted -= records;
    for (const { partition, offset } of offsets) {
      const window = this.#windows.get(partition);
      if (window !== undefined) window.committed = offset;
    }
  }
}
