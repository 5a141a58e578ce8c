/** Texts in order of arrival, waited for one by one. */
export class Inbox {
  readonly #arrived: string[] = [];
  readonly #waiting: ((text: string) => void)[] = [];

  get isEmpty(): boolean {
    return this.#arrived.length === 0;
  }

  put(text: string): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#arrived.push(text);
    else next(text);
  }

  take(): Promise<string> {
    const text = this.#arrived.shift();
    return text === undefined ? new Promise((resolve) => this.#waiting.push(resolve)) : Promise.resolve(text);
  }
}

let names = 0;

/** A name that no other test and no earlier run has used. */
export const uniqueName = (): string => `hawser-test-${process.pid}-${Date.now()}-${++names}`;
