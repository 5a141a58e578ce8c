/**
 * Runs tasks one at a time in the order of their arrival: Ditto's supervisor stashes a command until the one before
 * has been answered (internal/utils/persistent-actors/.../AbstractPersistenceSupervisor.java).
 */
export class CommandQueue {
  readonly #limit: number;
  /** Nearly always none: made when a task has to wait. */
  #waiting: (() => void)[] | undefined;
  #isBusy = false;

  /** @param limit tasks that may wait */
  constructor(limit: number) {
    this.#limit = limit;
  }

  get length(): number {
    return this.#waiting?.length ?? 0;
  }

  get isFull(): boolean {
    return this.length >= this.#limit;
  }

  run<T>(task: () => Promise<T>): Promise<T> {
    if (!this.#isBusy) return this.#start(task);
    return new Promise<T>((resolve) => {
      this.#waiting ??= [];
      this.#waiting.push(() => resolve(this.#start(task)));
    });
  }

  #start<T>(task: () => Promise<T>): Promise<T> {
    this.#isBusy = true;
    const done = task();
    done.then(this.#next, this.#next);
    return done;
  }

  readonly #next = (): void => {
    this.#isBusy = false;
    this.#waiting?.shift()?.();
  };
}
