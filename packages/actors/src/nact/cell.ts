import { OpenList, type OpenListLinks } from '@hawser/core';
import type { ActorRef, AskFailure } from './actorRef.ts';
import type { NactRef } from './bareNact.ts';
import type { PendingAsk } from './pendingAsk.ts';

export type CellStatus = 'recovering' | 'active' | 'backingOff' | 'corrupt' | 'stopped';

/** A message on its way through a mailbox. */
export class Envelope implements OpenListLinks<Envelope> {
  readonly message: unknown;
  readonly ask: PendingAsk<never> | undefined;
  /** Its asker has been told that nobody will handle it. */
  isCancelled = false;
  list: object | undefined;
  next: Envelope | undefined;
  previous: Envelope | undefined;

  constructor(message: unknown, ask: PendingAsk<never> | undefined) {
    this.message = message;
    this.ask = ask;
  }
}

export interface DeadLetters {
  /** Told to an actor that has stopped. */
  stopped: number;
  /** Refused by a full mailbox. */
  overflow: number;
  /** In the mailbox when the actor stopped, or given up while it backed off. */
  dropped: number;
  /** Answers to asks that had ended. */
  late: number;
}

/** What ends with an actor. */
export interface StopHook {
  onStop?(): void | Promise<void>;
}

/** What holds an actor's right to write. */
export interface JournalHolder {
  /** Takes the right away. */
  closeJournal(): void;
}

/**
 * One incarnation of an actor: what the kernel knows beside nact, which forgets children, handlers and mailboxes. There
 * is one for every connection that is awake: what few of them need is made when it is needed.
 */
export class Cell implements ActorRef<never> {
  readonly name: string;
  readonly parent: Cell | undefined;
  readonly asks = new OpenList<PendingAsk<never>>();
  readonly hook: StopHook;
  nactRef: NactRef | undefined;
  /** Persistence id of event-sourced actors. */
  pid: string | undefined;
  status: CellStatus = 'active';
  /** Set once, when stopping begins; resolves when it has ended. */
  stopped: Promise<void> | undefined;
  /** Set for event-sourced actors. */
  journal: JournalHolder | undefined;
  /** Ends the wait before a restart. */
  cancelWait: (() => void) | undefined;
  readonly #limit: number;
  readonly #deadLetters: DeadLetters;
  readonly #queue = new OpenList<Envelope>();
  #children: Map<string, Cell> | undefined;
  #isRunning = false;
  #onIdle: (() => void)[] | undefined;

  constructor(
    name: string,
    parent: Cell | undefined,
    hook: StopHook,
    mailboxLimit: number,
    deadLetters: DeadLetters,
  ) {
    this.name = name;
    this.parent = parent;
    this.hook = hook;
    this.#limit = mailboxLimit;
    this.#deadLetters = deadLetters;
  }

  get path(): string {
    return this.parent === undefined ? '' : `${this.parent.path}/${this.name}`;
  }

  get children(): readonly Cell[] {
    return this.#children === undefined ? [] : [...this.#children.values()];
  }

  hasChild(name: string): boolean {
    return this.#children?.has(name) ?? false;
  }

  addChild(child: Cell): void {
    this.#children ??= new Map();
    this.#children.set(child.name, child);
  }

  removeChild(child: Cell): void {
    this.#children?.delete(child.name);
  }

  get queued(): number {
    return this.#queue.size;
  }

  get isStopping(): boolean {
    return this.stopped !== undefined;
  }

  /** Enters a message; the reason when the actor takes none. */
  enter(envelope: Envelope): AskFailure | undefined {
    if (this.isStopping) {
      this.#deadLetters.stopped++;
      return 'stopped';
    }
    if (this.#queue.size >= this.#limit) {
      this.#deadLetters.overflow++;
      return 'overflow';
    }
    this.#queue.add(envelope);
    return undefined;
  }

  /** Takes a message out of the mailbox; false when nobody waits for it any more. */
  begin(envelope: Envelope): boolean {
    this.#queue.delete(envelope);
    if (envelope.isCancelled) return false;
    if (envelope.ask !== undefined) envelope.ask.isDelivered = true;
    this.#isRunning = true;
    return true;
  }

  end(): void {
    this.#isRunning = false;
    if (this.#onIdle === undefined) return;
    const resolves = this.#onIdle;
    this.#onIdle = undefined;
    for (const resolve of resolves) resolve();
  }

  /** Resolves when no handler runs. */
  whenIdle(): Promise<void> {
    if (!this.#isRunning) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onIdle ??= [];
      this.#onIdle.push(resolve);
    });
  }

  /** Gives up what waits in the mailbox and tells the askers. */
  cancelQueue(reason: AskFailure, detail: string, cause?: unknown): void {
    for (const envelope of this.#queue.members()) {
      this.#queue.delete(envelope);
      envelope.isCancelled = true;
      this.#deadLetters.dropped++;
      envelope.ask?.abandon(reason, detail, cause);
    }
  }

  /** Tells those whose message was begun that no answer will come. */
  abandonDelivered(reason: AskFailure, detail: string, cause?: unknown): void {
    for (const ask of this.asks.members()) if (ask.isDelivered) ask.abandon(reason, detail, cause);
  }

  /** Tells all who wait that no answer will come. */
  abandonAll(reason: AskFailure, detail: string): void {
    for (const ask of this.asks.members()) ask.abandon(reason, detail);
  }

  lateAnswer(): void {
    this.#deadLetters.late++;
  }
}
