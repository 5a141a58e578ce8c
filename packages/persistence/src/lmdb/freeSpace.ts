import { statfsSync } from 'node:fs';
import { StoreError } from '@hawser/core';

/** Pages that one append may copy beyond its own bytes: the path from the leaf to the root of two trees, and the free list. */
const COPIED_BYTES_PER_APPEND = 16 * 4096;

/**
 * Keeps appends away from a full disk, where lmdb cannot live on. Bytes written are counted against the last look at the
 * disk, so that a look is needed only now and then.
 */
export class FreeSpace {
  readonly #folder: string;
  readonly #minFreeBytes: number;
  readonly #freeBytes: (folder: string) => number;
  #credit = 0;

  constructor(folder: string, minFreeBytes: number, freeBytes: (folder: string) => number = freeBytesOf) {
    this.#folder = folder;
    this.#minFreeBytes = minFreeBytes;
    this.#freeBytes = freeBytes;
  }

  /** @throws StoreError `unavailable` when writing `bytes` would bring the disk below the watermark */
  take(bytes: number): void {
    const cost = bytes + COPIED_BYTES_PER_APPEND;
    if (this.#credit < cost) this.#look(cost);
    this.#credit -= cost;
  }

  /** Others use the disk too: a credit is good for a sixteenth of the room that was seen. */
  #look(cost: number): void {
    const room = this.#freeBytes(this.#folder) - this.#minFreeBytes;
    if (room < cost)
      throw new StoreError(
        'unavailable',
        `the disk of ${this.#folder} has less than ${this.#minFreeBytes} bytes free: nothing is stored until there is room`,
      );
    this.#credit = Math.max(cost, Math.floor(room / 16));
  }
}

function freeBytesOf(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
