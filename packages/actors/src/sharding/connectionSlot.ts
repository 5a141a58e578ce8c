import { type AskedCommand, type CommandAnswer, connectionUnavailable, isDesiredOpen } from '@hawser/core';
import {
  ConnectionActor,
  type ConnectionSurroundings,
  type ConnectionWatcher,
} from '../connection/connectionActor.ts';
import type { ConnectionMessage } from '../connection/messages.ts';
import type { ActorRef } from '../nact/actorRef.ts';
import type { CellStatus } from '../nact/cell.ts';
import type { WriterLease } from '../nact/journalSession.ts';
import type { Kernel } from '../nact/kernel.ts';
import { answerForFailure } from './askFailures.ts';
import { CommandQueue } from './commandQueue.ts';
import { Moment } from './moment.ts';
import { PID_PREFIX } from './reopening.ts';

/** What all slots of a region share. */
export interface SlotSurroundings extends ConnectionSurroundings {
  readonly kernel: Kernel;
  /** The slot is empty and may be forgotten. */
  emptied(slot: ConnectionSlot): void;
}

export interface SlotParts {
  readonly connectionId: string;
  readonly lease: WriterLease;
  readonly shard: ActorRef<never>;
  readonly around: SlotSurroundings;
}

/** Ditto waits this long before it stops a connection that was only tested; here also one that nobody created: ids are free to invent. */
const PASSIVATE_AFTER_MS = 200;

/**
 * What Ditto's supervisor is to a connection: it starts the actor on demand, lets commands in one at a time, answers
 * for an actor that cannot, and ends it when nobody has needed it for long (connectivity/service/.../persistence/ConnectionSupervisorActor.java).
 */
export class ConnectionSlot implements ConnectionWatcher {
  readonly connectionId: string;
  readonly #parts: SlotParts;
  readonly #around: SlotSurroundings;
  readonly #queue: CommandQueue;
  #actor: ConnectionActor | undefined;
  #ref: ActorRef<ConnectionMessage> | undefined;
  #stopping: Promise<void> | undefined;
  #isClosed = false;
  #pending = 0;
  #accesses = 0;
  #checkedAccesses = -1;
  #cancelCheck: (() => void) | undefined;
  readonly #started = new Moment();
  readonly #reopened = new Moment();

  constructor(parts: SlotParts) {
    this.#parts = parts;
    this.#around = parts.around;
    this.connectionId = parts.connectionId;
    this.#queue = new CommandQueue(parts.around.config.mailboxLimit);
  }

  get status(): CellStatus | 'absent' {
    return this.#ref === undefined ? 'absent' : this.#around.kernel.statusOf(this.#ref);
  }

  get actor(): ConnectionActor | undefined {
    return this.#actor;
  }

  /** @throws DittoError */
  ask(asked: AskedCommand): Promise<CommandAnswer> {
    if (isUnqueued(asked)) return this.#send(asked);
    if (this.#queue.isFull) return Promise.reject(connectionUnavailable(this.connectionId));
    return this.#queue.run(() => this.#send(asked));
  }

  /** Starts the actor; resolves when it has read its journal, or has failed to. */
  async wake(): Promise<void> {
    this.#pending++;
    try {
      if (this.#stopping !== undefined) await this.#stopping;
      if (this.#isClosed) return;
      this.#ensure();
      await this.#started.reached;
    } finally {
      this.#leave();
    }
  }

  /** Resolves when the connection that was woken takes signals for its targets, if it is to be open, or has failed to. */
  get whenReopened(): Promise<void> {
    return this.#reopened.reached;
  }

  /** @param isTagged the newest event carries the tag of open connections */
  async ping(isTagged: boolean): Promise<void> {
    await this.wake();
    if (this.#ref !== undefined) this.#around.kernel.tell(this.#ref, { do: 'ping', isTagged });
  }

  /** Stops the actor gracefully; a command that comes meanwhile starts it again afterwards. */
  stop(): Promise<void> {
    const ref = this.#ref;
    if (ref === undefined) return Promise.resolve();
    this.#cancelCheck?.();
    const { kernel, config } = this.#around;
    const actor = this.#actor;
    // Clients that do not close in time are cut.
    const stopped = kernel.stop(ref, config.stopTimeoutMs).then(() => actor?.abort());
    // A write that does not end belongs to the old actor: its successor may not read before it.
    this.#stopping ??= kernel.whenEnded(ref).then(() => {
      this.#ref = undefined;
      this.#actor = undefined;
      this.#stopping = undefined;
      this.#started.pass();
      this.#reopened.pass();
      this.#forgetIfEmpty();
    });
    return stopped;
  }

  /** Stops the actor for good: the shard has been given up. */
  close(): Promise<void> {
    this.#isClosed = true;
    return this.stop();
  }

  /** Ends the clients at once. */
  abort(): void {
    this.#actor?.abort();
  }

  async #send(asked: AskedCommand): Promise<CommandAnswer> {
    this.#accesses++;
    this.#pending++;
    try {
      if (this.#stopping !== undefined) await this.#inTime(this.#stopping);
      if (this.#isClosed) throw connectionUnavailable(this.connectionId);
      const { kernel, config } = this.#around;
      return await kernel.ask<ConnectionMessage, CommandAnswer>(
        this.#ensure(),
        (replyTo) => ({ do: 'command', asked, replyTo }),
        config.localAskTimeoutMs,
      );
    } catch (error) {
      throw answerForFailure(this.connectionId, error);
    } finally {
      this.#accesses++;
      this.#leave();
      if (this.#actor?.state.lifecycle === 'absent') this.#stopUnknownSoon();
    }
  }

  /** Who waited through a stop and starts no actor leaves an empty slot behind. */
  #leave(): void {
    this.#pending--;
    this.#forgetIfEmpty();
  }

  /** Not while commands wait in the queue: they would start an actor beside that of the next slot. */
  #forgetIfEmpty(): void {
    const isNeeded = this.#ref !== undefined || this.#pending > 0 || this.#queue.length > 0;
    if (!isNeeded) this.#around.emptied(this);
  }

  async #inTime(done: Promise<void>): Promise<void> {
    const { clock, config } = this.#around;
    let cancel: () => void = () => undefined;
    const late = new Promise<never>((_resolve, reject) => {
      const refuse = () => reject(connectionUnavailable(this.connectionId));
      cancel = clock.after(config.localAskTimeoutMs, refuse);
    });
    await Promise.race([done, late]).finally(cancel);
  }

  #ensure(): ActorRef<ConnectionMessage> {
    if (this.#ref !== undefined) return this.#ref;
    const { kernel, store, config } = this.#around;
    const { lease, shard } = this.#parts;
    this.#started.begin();
    this.#reopened.begin();
    const pid = `${PID_PREFIX}${this.connectionId}`;
    const { connectionId } = this;
    const actor = new ConnectionActor({ connectionId, pid, around: this.#around, watcher: this });
    const ref = kernel.spawnEventSourced(shard, connectionId, actor, {
      store,
      pid,
      codec: actor.codec,
      lease,
      backoff: config.backoff,
      corruptRetryMs: config.corruptedReceiveTimeoutMs,
      mailboxLimit: config.mailboxLimit,
    });
    actor.tellSelf = (message) => void kernel.tell(ref, message);
    this.#actor = actor;
    this.#ref = ref;
    return ref;
  }

  recovered(): void {
    this.#started.pass();
    this.lifecycleChanged();
  }

  lifecycleChanged(): void {
    this.#scheduleCheck(this.#intervalMs);
  }

  get #intervalMs(): number {
    const { inactiveIntervalMs, deletedIntervalMs } = this.#around.config;
    return this.#actor?.state.lifecycle === 'active' ? inactiveIntervalMs : deletedIntervalMs;
  }

  reopened(): void {
    this.#reopened.pass();
  }

  failed(): void {
    this.#started.pass();
    this.#reopened.pass();
  }

  passivate(): void {
    this.#stopUnknownSoon();
  }

  #scheduleCheck(intervalMs: number): void {
    this.#cancelCheck?.();
    this.#cancelCheck =
      intervalMs > 0 ? this.#around.clock.after(intervalMs, () => this.#checkActivity()) : undefined;
  }

  /** Access is counted, not timed: what happened between two checks keeps the actor for one more interval. */
  #checkActivity(): void {
    const state = this.#actor?.state;
    const isUsed = this.#accesses !== this.#checkedAccesses || this.#pending > 0;
    this.#checkedAccesses = this.#accesses;
    if (isUsed || this.status !== 'active' || state === undefined || isDesiredOpen(state))
      this.#scheduleCheck(this.#intervalMs);
    else void this.stop();
  }

  #stopUnknownSoon(): void {
    this.#around.clock.after(PASSIVATE_AFTER_MS, () => {
      if (this.#pending === 0 && this.#actor?.state.lifecycle === 'absent') void this.stop();
    });
  }
}

/** Commands of operators, and what a client reports, do not wait for the command before. */
const isUnqueued = ({ command, headers }: AskedCommand): boolean =>
  headers['ditto-sudo'] === 'true' ||
  command.type.startsWith('connectivity.sudo.') ||
  command.type === 'connectivity.commands:loggingExpired';
