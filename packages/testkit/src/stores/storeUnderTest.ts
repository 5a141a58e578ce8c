import type { Store } from '@hawser/core';

/** A store as the contract suite needs it: opened, empty, alone. */
export interface StoreUnderTest {
  readonly store: Store;
  /** Another writer on the same data, where the store allows several: an opened store of its own. */
  readonly second?: () => Promise<Store>;
  /** Closes the store and opens the same data again; absent for stores that keep nothing. */
  readonly reopen?: () => Promise<Store>;
  /** The data lies in this process too, so that its memory says nothing about the store. */
  readonly heapIsShared?: boolean;
  /** Closes and removes everything. */
  dispose(): Promise<void>;
}

export type StoreFactory = () => Promise<StoreUnderTest>;

/** What a store may offer beyond the plain contract; cases that need it are registered only where it is offered. */
export type StoreOffer = 'second' | 'reopen';

/** One rule of the contract. Rejects when the store breaks it. */
export interface StoreCase {
  readonly name: string;
  readonly needs?: StoreOffer;
  /** Where it takes longer than others on a slow machine. */
  readonly timeoutMs?: number;
  run(subject: StoreUnderTest): Promise<void>;
}
