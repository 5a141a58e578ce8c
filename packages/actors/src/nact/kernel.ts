import type { Clock, Log, Store } from '@hawser/core';
import { type ActorRef, AskError, type AskFailure, type ReplyTo } from './actorRef.ts';
import type { BackoffConfig } from './backoff.ts';
import * as nact from './bareNact.ts';
import type { Behavior, EventSourced, JournalCodec } from './behavior.ts';
import { Cell, type CellStatus, type DeadLetters, Envelope, type StopHook } from './cell.ts';
import { EventSourcedCell, type Surroundings } from './eventSourcedCell.ts';
import type { WriterLease } from './journalSession.ts';
import { encodeName } from './nameCodec.ts';
import { PendingAsk } from './pendingAsk.ts';

export interface KernelOptions {
  /** Unique among the systems of this process. */
  readonly name: string;
  readonly clock: Clock;
  readonly log: Log;
  /** In [0, 1), for the random part of back-off. */
  readonly random?: () => number;
}

export interface SpawnOptions {
  /** Messages that may wait; more are refused. */
  readonly mailboxLimit?: number;
}

export interface EventSourcedOptions<S, E> extends SpawnOptions {
  readonly store: Store;
  readonly pid: string;
  readonly codec: JournalCodec<S, E>;
  readonly lease: WriterLease;
  readonly backoff: BackoffConfig;
  /** How long an actor whose journal cannot be read stays away before it tries again. */
  readonly corruptRetryMs: number;
}

export interface KernelStats {
  readonly actors: number;
  /** Messages entered since the start; broker messages are none of them. */
  readonly dispatches: number;
  readonly pendingAsks: number;
  /** Messages that wait: of all actors, and of the one with the most. */
  readonly mailboxes: { readonly queued: number; readonly deepest: number };
  readonly deadLetters: Readonly<DeadLetters>;
}

const DEFAULT_MAILBOX_LIMIT = 1000;
/** Longest delay that a JavaScript timer holds, about 24.8 days. */
const MAX_TIMER_MS = 2_147_483_647;

/**
 * nact with its defects contained: typed references to incarnations, a tree that stops as a whole and waits, asks that
 * always end, bounded mailboxes, journals that cannot fork, restarts with back-off.
 */
export class Kernel {
  readonly root: ActorRef<never>;
  readonly #around: Surroundings;
  readonly #root: Cell;
  readonly #pids = new Set<string>();
  readonly #deadLetters: DeadLetters = { stopped: 0, overflow: 0, dropped: 0, late: 0 };
  #system: nact.NactSystem = {};
  #lastAskId = 0;
  #actors = 0;
  #dispatches = 0;

  constructor(options: KernelOptions) {
    const { clock, log, random = Math.random } = options;
    this.#around = { clock, log, random };
    this.#root = new Cell(options.name, undefined, {}, 0, this.#deadLetters);
    this.#root.nactRef = nact.start(options.name, (system) => {
      this.#system = system;
    });
    this.root = this.#root;
  }

  spawn<M>(
    parent: ActorRef<never>,
    name: string,
    behavior: Behavior<M>,
    options: SpawnOptions = {},
  ): ActorRef<M> {
    const cell = this.#newCell(parent, name, options, behavior);
    const handle = (_state: unknown, envelope: unknown) =>
      runPlain(cell, behavior, envelope as Envelope, this.#around.log);
    // Unreachable as long as `runPlain` throws nothing.
    const onCrash = (_message: unknown, _error: unknown, supervision: nact.NactSupervision) =>
      supervision.stop;
    cell.nactRef = nact.spawn(nactRefOf(cell.parent), handle, encodeName(name), { onCrash });
    return cell as ActorRef<M>;
  }

  spawnEventSourced<S, M, E>(
    parent: ActorRef<never>,
    name: string,
    behavior: EventSourced<S, M, E>,
    options: EventSourcedOptions<S, E>,
  ): ActorRef<M> {
    if (this.#pids.has(options.pid)) throw new Error(`${options.pid} has an actor already`);
    const cell = this.#newCell(parent, name, options, behavior);
    this.#pids.add(options.pid);
    cell.pid = options.pid;
    const persistent = new EventSourcedCell(cell, behavior, options, this.#around);
    nact.configurePersistence(persistent.engine)(this.#system);
    cell.nactRef = nact.spawnPersistent(
      nactRefOf(cell.parent),
      persistent.handle,
      options.pid,
      encodeName(name),
      { onCrash: persistent.onCrash },
    );
    return cell as ActorRef<M>;
  }

  /** False when the actor has stopped or its mailbox is full; the message is then a dead letter. */
  tell<M>(actor: ActorRef<M>, message: M): boolean {
    return this.#enter(cellOf(actor), new Envelope(message, undefined)) === undefined;
  }

  /**
   * Sends the message made for a fresh reply address and waits for the answer.
   *
   * @throws AskError, or what the actor failed the ask with
   */
  ask<M, R>(actor: ActorRef<M>, message: (replyTo: ReplyTo<R>) => M, timeoutMs: number): Promise<R> {
    const cell = cellOf(actor);
    return new Promise<R>((resolve, reject) => {
      const refused = refusalOf(cell);
      if (refused !== undefined) return reject(new AskError(refused, `${cell.path}: ${refused}`));
      const ask = new PendingAsk<R>(++this.#lastAskId, cell as never, resolve, reject);
      ask.stopTimer = this.#around.clock.after(Math.min(timeoutMs, MAX_TIMER_MS), () =>
        ask.abandon('timeout', `no answer within ${timeoutMs} ms`),
      );
      const failure = this.#enter(cell, new Envelope(message(ask), ask as never));
      if (failure !== undefined) ask.abandon(failure, failure);
    });
  }

  statusOf(actor: ActorRef<never>): CellStatus {
    return cellOf(actor).status;
  }

  /**
   * Stops an actor: children first, then the running message, then `onStop`, then whoever still waits is told.
   * Resolves when all that is done, or when `deadlineMs` have passed for a handler that does not end.
   */
  stop(actor: ActorRef<never>, deadlineMs: number): Promise<void> {
    const cell = cellOf(actor);
    cell.stopped ??= this.#stop(cell, deadlineMs);
    return cell.stopped;
  }

  /** Resolves when a stopped actor's last handler has ended too: only then may its persistence id be used again. */
  async whenEnded(actor: ActorRef<never>): Promise<void> {
    const cell = cellOf(actor);
    await cell.stopped;
    await cell.whenIdle();
  }

  async shutdown(deadlineMs: number): Promise<void> {
    await this.stop(this.#root, deadlineMs);
  }

  stats(): KernelStats {
    return {
      actors: this.#actors,
      dispatches: this.#dispatches,
      pendingAsks: this.#pendingAsks(this.#root),
      mailboxes: this.#mailboxes(this.#root),
      deadLetters: { ...this.#deadLetters },
    };
  }

  #newCell(parent: ActorRef<never>, name: string, options: SpawnOptions, hook: StopHook): Cell {
    const parentCell = cellOf(parent);
    if (parentCell.isStopping) throw new Error(`${parentCell.path} has stopped`);
    if (parentCell.hasChild(name)) throw new Error(`${parentCell.path} has a child ${name} already`);
    const { mailboxLimit = DEFAULT_MAILBOX_LIMIT } = options;
    const cell = new Cell(name, parentCell, hook, mailboxLimit, this.#deadLetters);
    parentCell.addChild(cell);
    this.#actors++;
    return cell;
  }

  #enter(cell: Cell, envelope: Envelope): AskFailure | undefined {
    const failure = cell.enter(envelope);
    if (failure !== undefined || cell.nactRef === undefined) return failure ?? 'stopped';
    this.#dispatches++;
    nact.dispatch(cell.nactRef, envelope);
    return undefined;
  }

  async #stop(cell: Cell, deadlineMs: number): Promise<void> {
    await Promise.all(cell.children.map((child) => this.stop(child, deadlineMs)));
    cell.cancelWait?.();
    await this.#within(deadlineMs, cell, 'its message', cell.whenIdle());
    cell.journal?.closeJournal();
    cell.cancelQueue('stopped', 'stopped before it handled the message');
    cell.abandonAll('stopped', 'stopped before it answered');
    if (cell.nactRef !== undefined) nact.stop(cell.nactRef);
    await this.#within(deadlineMs, cell, 'onStop', runStopHook(cell, this.#around.log));
    cell.nactRef = undefined;
    cell.status = 'stopped';
    cell.parent?.removeChild(cell);
    if (cell.parent !== undefined) this.#actors--;
    const { pid } = cell;
    if (pid !== undefined) void cell.whenIdle().then(() => this.#pids.delete(pid));
  }

  #within(deadlineMs: number, cell: Cell, what: string, done: Promise<void>): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#around.clock.after(deadlineMs, () => {
        this.#around.log.warn('an actor is stopped without waiting longer', { actor: cell.path, what });
        resolve();
      });
      void done.then(() => {
        cancel();
        resolve();
      });
    });
  }

  #pendingAsks(cell: Cell): number {
    let count = cell.asks.size;
    for (const child of cell.children) count += this.#pendingAsks(child);
    return count;
  }

  #mailboxes(cell: Cell): KernelStats['mailboxes'] {
    let { queued } = cell;
    let deepest = queued;
    for (const child of cell.children) {
      const below = this.#mailboxes(child);
      queued += below.queued;
      deepest = Math.max(deepest, below.deepest);
    }
    return { queued, deepest };
  }
}

async function runStopHook(cell: Cell, log: Log): Promise<void> {
  try {
    await cell.hook.onStop?.();
  } catch (error) {
    log.error('a hook failed', { actor: cell.path, hook: 'onStop', error });
  }
}

/** Runs a message of an actor without journal; whatever it throws goes to its asker. */
function runPlain<M>(cell: Cell, behavior: Behavior<M>, envelope: Envelope, log: Log): void | Promise<void> {
  if (!cell.begin(envelope)) return;
  const end = (): void => cell.end();
  const fail = (error: unknown): void => {
    cell.end();
    if (envelope.ask?.isSettled === false) envelope.ask.fail(error);
    else log.warn('a message failed', { actor: cell.path, error });
  };
  try {
    const running = behavior.onMessage(envelope.message as M);
    return running instanceof Promise ? running.then(end, fail) : end();
  } catch (error) {
    return fail(error);
  }
}

function nactRefOf(cell: Cell | undefined): nact.NactRef {
  if (cell?.nactRef === undefined) throw new Error(`${cell?.path ?? 'the system'} has stopped`);
  return cell.nactRef;
}

function cellOf(actor: ActorRef<never>): Cell {
  if (!(actor instanceof Cell)) throw new Error('no reference of this kernel');
  return actor;
}

function refusalOf(cell: Cell): AskFailure | undefined {
  return cell.status === 'backingOff' || cell.status === 'corrupt' ? cell.status : undefined;
}
