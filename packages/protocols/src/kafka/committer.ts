import type { Clock, Log } from '@hawser/core';
import type { Consumer, EachBatchPayload } from 'kafkajs';
import type { Assignment, PartitionOffset } from './assignment.ts';

/** Tries once. The consumer's own `commitOffsets` tries again, and that under a later generation of the group. */
export type CommitOnce = EachBatchPayload['commitOffsetsIfNecessary'];

export interface CommitterOptions {
  readonly consumer: Pick<Consumer, 'commitOffsets'>;
  readonly topic: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly isEnabled: boolean;
  /** So many settled records are committed at once. */
  readonly maxBatch: number;
  /** What is settled is committed after this time at the latest. */
  readonly maxIntervalMs: number;
}

/** Commits offsets of an assignment in batches, one request at a time (pekko-connectors' Committer). */
export class Committer {
  readonly #options: CommitterOptions;
  #assignment: Assignment | undefined;
  #commitOnce: CommitOnce | undefined;
  #underWay: Promise<void> | undefined;
  #cancelTimer: (() => void) | undefined;
  #isClosed = false;

  constructor(options: CommitterOptions) {
    this.#options = options;
  }

  follow(assignment: Assignment): void {
    this.#assignment = assignment;
  }

  /** Records were settled. */
  progressed(): void {
    const { isEnabled, maxBatch } = this.#options;
    const uncommitted = this.#assignment?.uncommitted ?? 0;
    if (!isEnabled || uncommitted === 0) return;
    if (uncommitted < maxBatch) this.#commitLater();
    else if (this.#underWay === undefined) void this.commit();
  }

  #commitLater(): void {
    const { clock, maxIntervalMs } = this.#options;
    this.#cancelTimer ??= clock.after(maxIntervalMs, () => {
      this.#cancelTimer = undefined;
      void this.commit();
    });
  }

  /** The driver tells it with every batch. */
  commitWith(commitOnce: CommitOnce): void {
    this.#commitOnce = commitOnce;
  }

  /**
   * What is settled of the present assignment, or of the given one. Never rejects.
   * @param isOurs whether nobody else can have got its partitions
   */
  async commit(assignment = this.#assignment, isOurs = () => assignment?.isEnded === false): Promise<void> {
    while (this.#underWay !== undefined) await this.#underWay;
    if (assignment === undefined || !this.#options.isEnabled || !isOurs()) return;
    const committing = this.#commit(assignment);
    this.#underWay = committing.then(() => {
      this.#underWay = undefined;
    });
    if ((await committing) && !this.#isClosed) this.progressed(); // what was settled meanwhile
  }

  /** Where a group begins that has committed nothing yet. @throws the driver's error */
  async writeFirst(offsets: readonly PartitionOffset[]): Promise<void> {
    const { consumer, topic, isEnabled } = this.#options;
    if (!isEnabled || offsets.length === 0) return;
    await consumer.commitOffsets(
      offsets.map(({ partition, offset }) => ({ topic, partition, offset: String(offset) })),
    );
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
  }

  /** Whether it was done. */
  async #commit(assignment: Assignment): Promise<boolean> {
    const { topic, log } = this.#options;
    const offsets = assignment.toCommit();
    if (offsets.length === 0 || this.#commitOnce === undefined) return false;
    const records = assignment.uncommitted;
    const partitions = offsets.map(({ partition, offset }) => ({ partition, offset: String(offset) }));
    try {
      await this.#commitOnce({ topics: [{ topic, partitions }] });
      assignment.committed(offsets, records);
      return true;
    } catch (error) {
      log.debug('offsets not committed', { reason: (error as Error).message });
      if (assignment === this.#assignment && !this.#isClosed) this.#commitLater();
      return false;
    }
  }
}
