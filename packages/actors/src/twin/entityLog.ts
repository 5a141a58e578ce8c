import {
  type JournalEntry,
  noHeaders,
  type Signal,
  type Store,
  StoreError,
  signalFromJson,
  signalJson,
} from '@hawser/core';
import type { EntityRules } from './entityTask.ts';

/** Who writes the entries of entities. */
export interface EntityWriter {
  readonly store: Store;
  /** Node and incarnation. */
  readonly writer: string;
  /** Wall time, ms. */
  now(): number;
}

/** Entries that a recovery may have to read: a snapshot is taken after as many. */
const SNAPSHOT_EVERY = 25;
/** Another one took a snapshot while the state was read: how often it is read again. */
const READINGS = 3;

/**
 * Events and snapshots of one kind of entity. Only the newest state can be read again: what a snapshot covers is removed
 * when it is durable, so that an entity takes a bounded place whatever happens to it.
 */
export class EntityLog<S> {
  readonly #rules: EntityRules<S>;
  readonly #by: EntityWriter;

  constructor(rules: EntityRules<S>, by: EntityWriter) {
    this.#rules = rules;
    this.#by = by;
  }

  /** @throws StoreError; DittoError for an event that cannot be read */
  async load(id: string): Promise<S> {
    const pid = this.#pid(id);
    for (let reading = 1; reading <= READINGS; reading++) {
      const state = await this.#read(pid);
      if (state !== undefined) return state;
    }
    throw new StoreError('unavailable', `entries of <${pid}> were removed while they were read`, { pid });
  }

  /** Undefined when events are gone that the snapshot does not cover: a newer one does. */
  async #read(pid: string): Promise<S | undefined> {
    const { journal, snapshots } = this.#by.store;
    const snapshot = await snapshots.latest(pid);
    let state = snapshot === undefined ? this.#rules.initial : this.#rules.stateFromJson(snapshot.state);
    let last = snapshot?.sn ?? 0;
    for await (const { sn, event } of journal.read(pid, last)) {
      if (sn !== last + 1) return undefined;
      state = this.#rules.evolve(state, signalFromJson(event, noHeaders, 'event'));
      last = sn;
    }
    return state;
  }

  /** All of them or none. @param revision before the first of them @throws StoreError */
  async append(id: string, revision: number, events: readonly Signal[]): Promise<void> {
    const { store, writer, now } = this.#by;
    const pid = this.#pid(id);
    const timestamp = now();
    const entries = events.map((event, index): JournalEntry => {
      const sn = revision + index + 1;
      return { pid, sn, type: event.type, tags: [], timestamp, event: signalJson(event), writer, epoch: 1 };
    });
    await store.journal.append(entries);
  }

  /** Takes a snapshot when enough has been written since the last one. @throws StoreError */
  async tidyUp(id: string, before: number, state: S): Promise<void> {
    const sn = this.#rules.revisionOf(state);
    if (Math.floor(before / SNAPSHOT_EVERY) === Math.floor(sn / SNAPSHOT_EVERY)) return;
    const { store, now } = this.#by;
    const pid = this.#pid(id);
    await store.snapshots.save({ pid, sn, timestamp: now(), state: this.#rules.stateToJson(state) });
    await store.journal.deleteTo(pid, sn);
    await store.snapshots.deleteBelow(pid, sn);
  }

  #pid(id: string): string {
    return `${this.#rules.pidPrefix}${id}`;
  }
}
