import { Fifo } from '@hawser/core';

/** Lets at most `size` publishes be unconfirmed at a time; the others wait in order. */
export class PublishWindow {
  readonly #size: number;
  #open = 0;
  #isAdmitting = false;
  readonly #waiting = new Fifo<() => void>();

  constructor(size: number) {
    this.#size = Math.max(1, size);
  }

  /** Runs `send` now or when its turn has come; every run ends with one `done`. */
  enter(send: () => void): void {
    if (this.#open < this.#size && this.#waiting.length === 0) {
      this.#open++;
      send();
    } else {
      this.#waiting.push(send);
    }
  }

  /** Not nested, however many sends end at once: they may be more than the stack holds. */
  done(): void {
    this.#open--;
    if (this.#isAdmitting) return;
    this.#isAdmitting = true;
    try {
      this.#admit();
    } finally {
      this.#isAdmitting = false;
    }
  }

  #admit(): void {
    while (this.#open < this.#size) {
      const send = this.#waiting.shift();
      if (send === undefined) return;
      this.#open++;
      send();
    }
  }

  /** Forgets everything that waits: the session is gone. */
  clear(): void {
    this.#waiting.clear();
    this.#open = 0;
  }
}
