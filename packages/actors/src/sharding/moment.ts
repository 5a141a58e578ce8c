/** Something that begins and is over some time later, again and again. Costs next to nothing as long as nobody waits for it. */
export class Moment {
  #isPast = true;
  #waiting: Promise<void> | undefined;
  #resolve: (() => void) | undefined;

  /** Resolves when it is over; at once when it has not begun. */
  get reached(): Promise<void> {
    if (this.#isPast) return Promise.resolve();
    this.#waiting ??= new Promise((resolve) => {
      this.#resolve = resolve;
    });
    return this.#waiting;
  }

  begin(): void {
    this.#isPast = false;
  }

  pass(): void {
    this.#isPast = true;
    this.#resolve?.();
    this.#waiting = undefined;
    this.#resolve = undefined;
  }
}
