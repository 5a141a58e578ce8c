declare const accepts: unique symbol;

/**
 * One incarnation of an actor that takes messages of type `M`. Unlike a nact reference it is not resolved by name:
 * a reference to a stopped actor never reaches a successor of the same name.
 */
export interface ActorRef<M> {
  readonly name: string;
  readonly path: string;
  readonly [accepts]?: (message: M) => void;
}

/** Where the answer to an ask goes. The first call wins; later ones count as dead letters. */
export interface ReplyTo<R> {
  /** Counted up per kernel; for logs. */
  readonly askId: number;
  readonly isSettled: boolean;
  ok(answer: R): void;
  fail(error: unknown): void;
}

/**
 * `timeout`: no answer in time. `stopped`: the actor ended before it answered. `overflow`: its mailbox is full.
 * `crashed`: it failed on this message or while it owed the answer; what it had to store may or may not be stored.
 * `backingOff`: it waits before its next restart. `corrupt`: its journal cannot be read.
 */
export type AskFailure = 'timeout' | 'stopped' | 'overflow' | 'crashed' | 'backingOff' | 'corrupt';

/** Why an ask has no answer. */
export class AskError extends Error {
  override readonly name = 'AskError';
  readonly reason: AskFailure;

  constructor(reason: AskFailure, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.reason = reason;
  }
}
