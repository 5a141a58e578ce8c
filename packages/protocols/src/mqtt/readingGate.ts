import type { Clock } from '@hawser/core';

export interface ReadingGateOptions {
  readonly clock: Clock;
  /** Reading pauses while more received messages than this are unsettled. */
  readonly maxInFlight: number;
  /** Whether an answer of the broker is awaited, e.g. to a SUBSCRIBE or a PUBLISH. */
  readonly isAwaiting: () => boolean;
}

/** Nothing was settled for so long while reading paused and an answer was awaited. */
const STALL_MS = 250;
/** What may be unsettled after all: as many messages as MQTT has packet ids, and as many bytes of payload. */
const MAX_MESSAGES = 65_535;
const MAX_BYTES = 64 * 1024 * 1024;

/**
 * Holds reading back while too much is unsettled. A broker's answers come behind its messages on one network connection,
 * and settling may need them: a source message waits for its reply, the reply for its PUBACK or for the SUBACK that ends the
 * opening. When such an answer is awaited and nothing moves, a few more messages are let in at a time, until it comes.
 */
export class ReadingGate {
  readonly #options: ReadingGateOptions;
  #messages = 0;
  #bytes = 0;
  /** Messages that may pass beyond the limit. */
  #extra = 0;
  #hasSettled = false;
  /** Continues reading; set while paused. */
  #resume: (() => void) | undefined;
  #cancelWatch: (() => void) | undefined;

  constructor(options: ReadingGateOptions) {
    this.#options = options;
  }

  get isPaused(): boolean {
    return this.#resume !== undefined;
  }

  received(bytes: number): void {
    this.#messages++;
    this.#bytes += bytes;
  }

  settled(bytes: number): void {
    this.#messages--;
    this.#bytes -= bytes;
    this.#hasSettled = true;
    if (this.#messages > this.#options.maxInFlight) return;
    this.#extra = 0;
    this.#go();
  }

  /** Calls `next`, now or when reading goes on. */
  pass(next: () => void): void {
    if (this.#messages <= this.#options.maxInFlight) next();
    else if (this.#extra > 0) {
      this.#extra--;
      next();
    } else {
      this.#resume = next;
      this.#hasSettled = false;
      this.#watch();
    }
  }

  /** Nothing is read any more. */
  close(): void {
    this.#cancelWatch?.();
    this.#cancelWatch = undefined;
    this.#resume = undefined;
  }

  #watch(): void {
    this.#cancelWatch ??= this.#options.clock.after(STALL_MS, () => {
      this.#cancelWatch = undefined;
      if (this.#resume === undefined) return;
      const isStalled = !this.#hasSettled && this.#options.isAwaiting();
      this.#hasSettled = false;
      if (isStalled && this.#messages < MAX_MESSAGES && this.#bytes < MAX_BYTES) {
        this.#extra = Math.max(1, this.#options.maxInFlight);
        this.#go();
      } else this.#watch();
    });
  }

  #go(): void {
    const resume = this.#resume;
    if (resume === undefined) return;
    this.#resume = undefined;
    setImmediate(resume);
  }
}
