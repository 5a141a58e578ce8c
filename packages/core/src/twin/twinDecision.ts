import type { Signal } from '../protocol/signal.ts';

/** What becomes of a command. */
export interface TwinDecision {
  /** Undefined: nothing changes. */
  readonly event: Signal | undefined;
  readonly response: Signal;
}
