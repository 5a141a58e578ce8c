import { Fifo } from '@hawser/core';

/** A record that was handed on. */
export interface Delivered {
  readonly offset: number;
  isSettled: boolean;
}

/**
 * The records of one partition that are under way. They are settled in any order; Kafka knows one number, up to which all
 * are: the offset of the first that is not.
 */
export class OffsetWindow {
  readonly #records = new Fifo<Delivered>();
  #committable: number;
  #next: number;
  /** What the group coordinator has taken. */
  committed: number;

  /** @param committed offset of the first record that is not committed: where consuming begins */
  constructor(committed: number) {
    this.committed = committed;
    this.#committable = committed;
    this.#next = committed;
  }

  /** Offset of the first unsettled record, or what comes after the last one. */
  get committable(): number {
    return this.#committable;
  }

  /** Records from the first unsettled one on, settled or not. */
  get span(): number {
    return this.#records.length;
  }

  /** Least offset that the next record can have; a smaller one means that the topic begins anew. */
  get next(): number {
    return this.#next;
  }

  deliver(offset: number): Delivered {
    const record = { offset, isSettled: false };
    this.#next = offset + 1;
    this.#records.push(record);
    return record;
  }

  /** How many records can be committed now that could not before. */
  settle(record: Delivered): number {
    record.isSettled = true;
    const before = this.#records.length;
    for (let first = this.#records.first(); first?.isSettled === true; first = this.#records.first()) {
      this.#records.shift();
      this.#committable = this.#records.first()?.offset ?? first.offset + 1;
    }
    return before - this.#records.length;
  }
}
