import { type Clock, type Log, StoreError } from '@hawser/core';
import type { ActorRef } from './actorRef.ts';
import { type Backoff, type BackoffConfig, nextBackoff, startBackoff } from './backoff.ts';
import * as nact from './bareNact.ts';
import type { EventSourced, EventSourcedContext, JournalCodec } from './behavior.ts';
import type { Cell, Envelope } from './cell.ts';
import { JournalSession, type NewEntry, type WriterLease } from './journalSession.ts';
import { type Recovering, recoveryEngine } from './recovery.ts';

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

/** The message that does nothing but bring an actor to run `onRecovered`. */
const wake = (): Envelope => ({ message: undefined, ask: undefined, isCancelled: false });

/** What nact runs for an event-sourced actor: its handler, its engine and its only supervision decision. */
export class EventSourcedCell<S, M, E> implements Recovering<S> {
  readonly engine: nact.NactEngine;
  readonly #cell: Cell;
  readonly #behavior: EventSourced<S, M, E>;
  readonly #parts: EventSourcedParts<S, E>;
  readonly #around: Surroundings;
  readonly #context: EventSourcedContext<M, E>;
  #session: JournalSession;
  #backoff: Backoff;
  #nact: nact.NactContext | undefined;
  #isFresh = false;
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
    this.#session = new JournalSession(parts.store, parts.pid, parts.lease);
    this.#backoff = startBackoff(parts.backoff, around.clock.monotonic());
    this.#context = this.#makeContext();
    this.engine = recoveryEngine(parts, this);
    cell.status = 'recovering';
    cell.closeJournal = () => this.#session.close();
  }

  /** Makes the actor run `onRecovered` after recovery although no message waits. */
  wake(): void {
    if (this.#cell.nactRef !== undefined) nact.dispatch(this.#cell.nactRef, wake());
  }

  readonly initialState = (): S => this.#behavior.initial(0);

  readonly handle = (state: unknown, message: unknown, context: nact.NactContext): unknown => {
    if (context.recovering) return this.#fold(state as S, message as E);
    const envelope = message as Envelope;
    if (!this.#cell.begin(envelope)) return state;
    this.#nact = context;
    this.#session.beginMessage();
    if (this.#isFresh) this.#runRecoveredHook(state as S);
    if (envelope.message === undefined) return this.#done(state);
    let next: S | Promise<S>;
    try {
      next = this.#behavior.onMessage(state as S, envelope.message as M, this.#context);
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
    this.#session.close();
    if (!cell.isStopping) {
      this.#guarded('onReset', () => this.#behavior.onReset?.(error));
      cell.abandonDelivered('crashed', 'failed before it answered', error);
      await this.#waitBeforeRestart(error);
    }
    if (cell.isStopping) return supervision.stop;
    cell.status = 'recovering';
    this.wake();
    return supervision.reset;
  };

  #makeContext(): EventSourcedContext<M, E> {
    const cell = this;
    return {
      self: this.#cell as ActorRef<M>,
      get sequenceNumber() {
        return cell.#session.lastSn;
      },
      persist: (event, tags) => this.#persist(event, tags),
    };
  }

  #persist(event: E, tags: readonly string[]): Promise<void> {
    if (this.#nact === undefined) throw new Error(`${this.#cell.path} may only persist in a message handler`);
    const timestamp = this.#around.clock.now();
    return this.#nact.persist({ ...this.#parts.codec.encode(event), tags, timestamp });
  }

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
    if (this.#session.failure !== undefined) throw this.#session.failure;
    return next;
  }

  #failed(state: unknown, envelope: Envelope, error: unknown): unknown {
    this.#nact = undefined;
    this.#cell.end();
    if (this.#session.hasAppended) {
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

  append(event: unknown, sn: number): Promise<void> {
    return this.#session.append({ ...(event as Omit<NewEntry, 'sn'>), sn });
  }

  /** What an event handler threw while folding; it never should. */
  get foldFailure(): unknown {
    return this.#foldFailure;
  }

  openSession(): JournalSession {
    const { store, pid, lease } = this.#parts;
    this.#foldFailure = undefined;
    this.#session = new JournalSession(store, pid, lease);
    if (this.#cell.isStopping) this.#session.close();
    return this.#session;
  }

  recovered(): void {
    if (this.#cell.isStopping) return;
    this.#isFresh = true;
    this.#cell.status = 'active';
  }

  #runRecoveredHook(state: S): void {
    this.#isFresh = false;
    this.#guarded('onRecovered', () => this.#behavior.onRecovered?.(state, this.#context));
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
