import type { OpenList, OpenListLinks } from '@hawser/core';
import { AskError, type AskFailure, type ReplyTo } from './actorRef.ts';

/** What an ask needs of its actor: where it is entered, and where a lost answer is counted. */
export interface AskHome {
  readonly path: string;
  readonly asks: OpenList<PendingAsk<never>>;
  lateAnswer(): void;
}

/** One unanswered ask. Entered at its actor, so that whatever ends the actor ends it too. */
export class PendingAsk<R> implements ReplyTo<R>, OpenListLinks<PendingAsk<never>> {
  readonly askId: number;
  /** The actor has begun to handle it. */
  isDelivered = false;
  isSettled = false;
  list: object | undefined;
  next: PendingAsk<never> | undefined;
  previous: PendingAsk<never> | undefined;
  readonly #home: AskHome;
  readonly #resolve: (answer: R) => void;
  readonly #reject: (error: unknown) => void;
  /** Cancels the timer. */
  stopTimer: (() => void) | undefined;

  constructor(askId: number, home: AskHome, resolve: (answer: R) => void, reject: (error: unknown) => void) {
    this.askId = askId;
    this.#home = home;
    this.#resolve = resolve;
    this.#reject = reject;
    home.asks.add(this);
  }

  ok(answer: R): void {
    if (this.#settle()) this.#resolve(answer);
  }

  fail(error: unknown): void {
    if (this.#settle()) this.#reject(error);
  }

  /** Ends the ask from outside; unlike `fail` it is no answer and counts nothing when it comes too late. */
  abandon(reason: AskFailure, detail: string, cause?: unknown): void {
    if (this.isSettled) return;
    this.fail(new AskError(reason, `${this.#home.path}: ${detail}`, cause));
  }

  #settle(): boolean {
    if (this.isSettled) {
      this.#home.lateAnswer();
      return false;
    }
    this.isSettled = true;
    this.#home.asks.delete(this);
    this.stopTimer?.();
    return true;
  }
}
