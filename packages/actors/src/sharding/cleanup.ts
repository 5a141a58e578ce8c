import {
  type Command,
  type CommandAnswer,
  cleanupResponse,
  type DittoHeaders,
  type Store,
} from '@hawser/core';
import { PID_PREFIX } from './reopening.ts';

type CleanupCommand = Extract<Command, { type: 'cleanup.sudo.commands:cleanupPersistence' }>;

/**
 * Removes what one connection needs no more: snapshots before the newest one, and events that it covers save the last
 * (internal/utils/persistent-actors/.../AbstractPersistenceActor.java, `cleanupPersistence`).
 */
export class ConnectionCleanup {
  readonly #store: Store;
  /** Told that their run was taken over by a later command. */
  readonly #running = new Map<string, (isDone: boolean) => void>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** A second command for the same connection takes over; the first sender is told that its run failed. */
  async cleanUp(command: CleanupCommand, headers: DittoHeaders): Promise<CommandAnswer> {
    const { entityType, entityId } = command;
    this.#running.get(entityId)?.(false);
    const isDone = await new Promise<boolean>((resolve) => {
      this.#running.set(entityId, resolve);
      this.#remove(`${PID_PREFIX}${entityId}`).then(
        () => resolve(true),
        () => resolve(false),
      );
    });
    this.#running.delete(entityId);
    return { json: cleanupResponse(isDone, entityType, entityId), headers };
  }

  async #remove(pid: string): Promise<void> {
    const snapshot = await this.#store.snapshots.latest(pid);
    if (snapshot === undefined) return;
    const lastSn = await this.#store.journal.highestSn(pid);
    await this.#store.snapshots.deleteBelow(pid, snapshot.sn);
    await this.#store.journal.deleteTo(pid, Math.min(snapshot.sn, lastSn - 1));
  }
}
