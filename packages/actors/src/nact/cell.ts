import type { ActorRef, AskFailure } from './actorRef.ts';
import type { NactRef } from './bareNact.ts';
import type { PendingAsk } from './pendingAsk.ts';

export type CellStatus = 'recovering' | 'active' | 'backingOff' | 'corrupt' | 'stopped';

/** A message on its way through a mailbox. */
export interface Envelope {
  readonly message: unknown;
  readonly ask: PendingAsk<never> | undefined;
  /** Its asker has been told that nobody will handle it. */
  isCancelled: boolean;
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

export interface CellOptions {
  readonly mailboxLimit: number;
  readonly deadLetters: DeadLetters;
  readonly onStop: (() => void | Promise<void>) | undefined;
}

/** One incarnation of an actor: what the kernel knows beside nact, which forgets children, handlers and mailboxes. */
export class Cell implements ActorRef<never> {
  readonly name: string;
  readonly path: string;
  readonly parent: Cell | undefined;
  readonly children = new Map<string, Cell>();
  readonly asks = new Set<PendingAsk<never>>();
  readonly onStop: CellOptions['onStop'];
  nactRef: NactRef | undefined;
  /** Persistence id of event-sourced actors. */
  pid: string | undefined;
  status: CellStatus = 'active';
  /** Set once, when stopping begins; resolves when it has ended. */
  stopped: Promise<void> | undefined;
  /** Takes the right to write away; set for event-sourced actors. */
  closeJournal: (() => void) | undefined;
  /** Ends the wait before a restart. */
  cancelWait: (() => void) | undefined;
  readonly #limit: number;
  readonly #deadLetters: DeadLetters;
  readonly #queue = new Set<Envelope>();
  #isRunning = false;
  #onIdle: (() => void)[] = [];

  constructor(name: string, parent: Cell | undefined, options: CellOptions) {
    this.name = name;
    this.parent = parent;
    this.path = parent === undefined ? '' : `${parent.path}/${name}`;
    this.onStop = options.onStop;
    this.#limit = options.mailboxLimit;
    this.#deadLetters = options.deadLetters;
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
    for (const resolve of this.#onIdle.splice(0)) resolve();
  }

  /** Resolves when no handler runs. */
  whenIdle(): Promise<void> {
    if (!this.#isRunning) return Promise.resolve();
    return new Promise((resolve) => {
      this.#onIdle.push(resolve);
    });
  }

  /** Gives up what waits in the mailbox and tells the askers. */
  cancelQueue(reason: AskFailure, detail: string, cause?: unknown): void {
    for (const envelope of this.#queue) {
      envelope.isCancelled = true;
      this.#deadLetters.dropped++;
      envelope.ask?.abandon(reason, detail, cause);
    }
    this.#queue.clear();
  }

  /** Tells those whose message was begun that no answer will come. */
  abandonDelivered(reason: AskFailure, detail: string, cause?: unknown): void {
    for (const ask of [...this.asks]) if (ask.isDelivered) ask.abandon(reason, detail, cause);
  }

  lateAnswer(): void {
    this.#deadLetters.late++;
  }
}
