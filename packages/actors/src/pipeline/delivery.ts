import type { Settlement, Voyage } from '@hawser/core';

/** When a source message is settled: with its decision (Ditto), or not before all that it caused has finished as well. */
export type SettleMode = 'finished' | 'ditto';

/**
 * One source message from receipt to settlement. What becomes of it is decided once; when, by `SettleMode`
 * (docs/decisions/0005-settlement.md).
 */
export class Delivery implements Voyage {
  readonly #settle: (outcome: Settlement) => void;
  readonly #mode: SettleMode;
  #holds = 0;
  #decision: Settlement | undefined;
  #isSettled = false;

  constructor(settle: (outcome: Settlement) => void, mode: SettleMode) {
    this.#settle = settle;
    this.#mode = mode;
  }

  hold(): void {
    this.#holds++;
  }

  release(): void {
    this.#holds--;
    this.#conclude();
  }

  /** The first decision counts. */
  decide(decision: Settlement): void {
    this.#decision ??= decision;
    this.#conclude();
  }

  #conclude(): void {
    if (this.#decision === undefined || this.#isSettled) return;
    if (this.#holds > 0 && this.#mode === 'finished') return;
    this.#isSettled = true;
    this.#settle(this.#decision);
  }
}
