/** Lets at most `size` publishes be unconfirmed at a time; the others wait in order. */
export class PublishWindow {
  readonly #size: number;
  #open = 0;
  #isAdmitting = false;
  readonly #waiting: ((() => void) | undefined)[] = [];
  #head = 0;

  constructor(size: number) {
    this.#size = Math.max(1, size);
  }

  /** Runs `send` now or when its turn has come; every run ends with one `done`. */
  enter(send: () => void): void {
    if (this.#open < this.#size && this.#head === this.#waiting.length) {
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
    while (this.#open < this.#size && this.#head < this.#waiting.length) {
      const send = this.#waiting[this.#head];
      // what has been sent must not be kept until there is room to be made
      this.#waiting[this.#head] = undefined;
      this.#head++;
      if (this.#head === this.#waiting.length) this.#reset();
      this.#open++;
      send?.();
    }
    if (this.#head > 1024) {
      this.#waiting.splice(0, this.#head);
      this.#head = 0;
    }
  }

  /** Forgets everything that waits: the session is gone. */
  clear(): void {
    this.#reset();
    this.#open = 0;
  }

  #reset(): void {
    this.#waiting.length = 0;
    this.#head = 0;
  }
}
