import { type Clock, type Log, StoreError } from '@hawser/core';
import type { ActorRef } from './actorRef.ts';
import { type Backoff, type BackoffConfig, nextBackoff, startBackoff } from './backoff.ts';
import type * as nact from './bareNact.ts';
import type { EventSourced, EventSourcedContext, JournalCodec } from './behavior.ts';
import type { Cell, Envelope, JournalHolder } from './cell.ts';
import { JournalSession, type WriterLease } from './journalSession.ts';
import { type Recovering, RecoveryEngine } from './recovery.ts';

export interface EventSourcedParts<S, E> {
  readonly store: ConstructorParameters<typeof JournalSession>[0];
  readonly pid: string;
  readonly codec: JournalCodec<S, E>;
  readonly lease: WriterLease;
  readonly backoff: BackoffConfig;
  readonly corruptRetryMs: number;
}

export interface Surroundings {
  readonly clock: Clock;
  readonly log: Log;
  readonly random: () => number;
}

/**
 * What nact runs for an event-sourced actor: its handler, its engine and its only supervision decision. To the actor's
 * behavior it is the context of a message.
 */
export class EventSourcedCell<S, M, E> implements Recovering<S>, EventSourcedContext<M, E>, JournalHolder {
  readonly engine: nact.NactEngine;
  readonly #cell: Cell;
  readonly #behavior: EventSourced<S, M, E>;
  readonly #parts: EventSourcedParts<S, E>;
  readonly #around: Surroundings;
  /** None before the first recovery begins. */
  #session: JournalSession | undefined;
  #backoff: Backoff;
  #nact: nact.NactContext | undefined;
  #foldFailure: unknown;

  constructor(
    cell: Cell,
    behavior: EventSourced<S, M, E>,
    parts: EventSourcedParts<S, E>,
    around: Surroundings,
  ) {
    this.#cell = cell;
    this.#behavior = behavior;
    this.#parts = parts;
    this.#around = around;
    this.#backoff = startBackoff(parts.backoff, around.clock.monotonic());
    this.engine = new RecoveryEngine(parts, this);
    cell.status = 'recovering';
    cell.journal = this;
  }

  get self(): ActorRef<M> {
    return this.#cell as ActorRef<M>;
  }

  get sequenceNumber(): number {
    return this.#session?.lastSn ?? 0;
  }

  persist(event: E, tags: readonly string[]): Promise<void> {
    if (this.#nact === undefined) throw new Error(`${this.#cell.path} may only persist in a message handler`);
    const timestamp = this.#around.clock.now();
    return this.#nact.persist({ ...this.#parts.codec.encode(event), tags, timestamp });
  }

  closeJournal(): void {
    this.#session?.close();
  }

  readonly handle = (state: unknown, message: unknown, context: nact.NactContext): unknown => {
    if (context.recovering) return this.#fold(state as S, message as E);
    const envelope = message as Envelope;
    if (!this.#cell.begin(envelope)) return state;
    this.#nact = context;
    this.#session?.beginMessage();
    let next: S | Promise<S>;
    try {
      next = this.#behavior.onMessage(state as S, envelope.message as M, this);
    } catch (error) {
      return this.#failed(state, envelope, error);
    }
    if (!(next instanceof Promise)) return this.#done(next);
    return next.then(
      (settled) => this.#done(settled),
      (error) => this.#failed(state, envelope, error),
    );
  };

  /** Never throws, never escalates, never resumes: it stops an actor that is stopping and recovers any other. */
  readonly onCrash = async (
    _message: unknown,
    error: unknown,
    supervision: nact.NactSupervision,
  ): Promise<symbol> => {
    const cell = this.#cell;
    this.closeJournal();
    if (!cell.isStopping) {
      this.#guarded('onReset', () => this.#behavior.onReset?.(error));
      cell.abandonDelivered('crashed', 'failed before it answered', error);
      await this.#waitBeforeRestart(error);
    }
    if (cell.isStopping) return supervision.stop;
    cell.status = 'recovering';
    return supervision.reset;
  };

  #fold(state: S, event: E): S {
    try {
      return this.#behavior.onEvent(state, event);
    } catch (error) {
      this.#foldFailure = error;
      return state;
    }
  }

  #done(next: unknown): unknown {
    this.#nact = undefined;
    this.#cell.end();
    // A handler that swallowed the failure of a write must not go on from a state that the journal lacks.
    if (this.#session?.failure !== undefined) throw this.#session.failure;
    return next;
  }

  #failed(state: unknown, envelope: Envelope, error: unknown): unknown {
    this.#nact = undefined;
    this.#cell.end();
    if (this.#session?.hasAppended) {
      envelope.ask?.abandon('crashed', 'failed after it began to write', error);
      throw this.#session.failure ?? error;
    }
    const isAnswered = envelope.ask === undefined || envelope.ask.isSettled;
    if (isAnswered) this.#around.log.warn('a message failed', { actor: this.#cell.path, error });
    else envelope.ask?.fail(error);
    return state;
  }

  initial(revision: number): S {
    return this.#behavior.initial(revision);
  }

  /** What an event handler threw while folding; it never should. */
  get foldFailure(): unknown {
    return this.#foldFailure;
  }

  openSession(): JournalSession {
    const { store, pid, lease } = this.#parts;
    this.#foldFailure = undefined;
    const session = new JournalSession(store, pid, lease);
    this.#session = session;
    if (this.#cell.isStopping) session.close();
    return session;
  }

  recovered(state: S): void {
    if (this.#cell.isStopping) return;
    this.#cell.status = 'active';
    this.#guarded('onRecovered', () => this.#behavior.onRecovered?.(state, this));
  }

  #guarded(hook: string, run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#around.log.error('a hook failed', { actor: this.#cell.path, hook, error });
    }
  }

  #waitBeforeRestart(error: unknown): Promise<void> {
    const cell = this.#cell;
    const { clock, log, random } = this.#around;
    const delayMs = this.#restartDelay(error, random());
    log.warn('an actor is recovered from its journal', { actor: cell.path, delayMs, error });
    if (delayMs === 0) return Promise.resolve();
    const isCorrupt = error instanceof StoreError && error.reason === 'corrupt';
    cell.status = isCorrupt ? 'corrupt' : 'backingOff';
    cell.cancelQueue(cell.status, 'waits before its next start', error);
    return new Promise((resolve) => {
      const cancel = clock.after(delayMs, resolve);
      cell.cancelWait = () => {
        cancel();
        resolve();
      };
    });
  }

  /** 0 where the store works and the journal alone can say what is true. */
  #restartDelay(error: unknown, random: number): number {
    const reason = error instanceof StoreError ? error.reason : undefined;
    if (reason === 'corrupt') return this.#parts.corruptRetryMs;
    const hadRecovered = this.#cell.status === 'active';
    const isStoreUp =
      reason === undefined || reason === 'duplicate' || reason === 'tooLarge' || reason === 'gap';
    if (hadRecovered && isStoreUp && this.#parts.lease.valid()) return 0;
    this.#backoff = nextBackoff(this.#backoff, this.#parts.backoff, this.#around.clock.monotonic(), random);
    return this.#backoff.delayMs;
  }
}
