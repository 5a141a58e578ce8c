import type { Clock, Log } from '@hawser/core';
import { type EntryChunk, EntryChunks, type EntryEncoder, SpareBuffers } from './entryChunks.ts';
import type { ForwardSession } from './forwardSender.ts';

export interface ForwarderLimits {
  /** Most bytes of entries that wait. Beyond, new entries are dropped. */
  readonly maxBufferBytes: number;
  /** Most bytes of one batch. */
  readonly maxBatchBytes: number;
  /** Pause in which entries gather, ms. */
  readonly flushIntervalMs: number;
  /** How long a receiver may take for a batch, connecting included, ms. */
  readonly batchTimeoutMs: number;
  /** Pauses before a receiver is tried again, ms: doubled with each failure up to the longest. */
  readonly minRetryMs: number;
  readonly maxRetryMs: number;
}

export interface ForwarderOptions {
  readonly limits: ForwarderLimits;
  readonly open: () => ForwardSession;
  readonly clock: Clock;
  readonly log: Log;
}

export interface ForwarderState {
  readonly waiting: number;
  readonly waitingBytes: number;
  readonly sent: number;
  readonly dropped: number;
}

/** How often at most the log says that entries were dropped, ms. */
const saysDroppedEveryMs = 10_000;

/**
 * The buffer before a Fluentd receiver: bounded in bytes, never in the way of whoever adds. What a receiver has not taken
 * is sent again to the next session, so that an entry can arrive twice and is lost only when the buffer is full.
 */
export class FluentdForwarder {
  readonly #options: ForwarderOptions;
  readonly #spares = new SpareBuffers();
  readonly #queues = new Map<string, EntryChunks>();
  #waiting = 0;
  #waitingBytes = 0;
  #sent = 0;
  #dropped = 0;
  #unsaidDropped = 0;
  #saidAt = Number.NEGATIVE_INFINITY;
  #session: ForwardSession | undefined;
  #failures = 0;
  #isSending = false;
  /** The next flush is due at once. */
  #isUrgent = false;
  #cancelTimer: (() => void) | undefined;
  #isClosed = false;
  #emptied: (() => void) | undefined;

  constructor(options: ForwarderOptions) {
    this.#options = options;
  }

  get state(): ForwarderState {
    return {
      waiting: this.#waiting,
      waitingBytes: this.#waitingBytes,
      sent: this.#sent,
      dropped: this.#dropped,
    };
  }

  add<T>(tag: string, encode: EntryEncoder<T>, item: T): void {
    const { maxBufferBytes, maxBatchBytes } = this.#options.limits;
    const room = this.#isClosed ? 0 : maxBufferBytes - this.#waitingBytes;
    if (room <= 0) {
      this.#drop(1);
      return;
    }
    let queue = this.#queues.get(tag);
    if (queue === undefined) {
      queue = new EntryChunks(maxBatchBytes, this.#spares);
      this.#queues.set(tag, queue);
    }
    const bytes = queue.add(encode, item, room);
    if (bytes === 0) {
      this.#drop(1);
      return;
    }
    this.#waiting++;
    this.#waitingBytes += bytes;
    this.#scheduleNext();
  }

  /** Sends what waits, for so long; what remains is dropped, and said so. */
  async close(limitMs: number): Promise<void> {
    if (this.#waiting > 0) {
      const emptied = new Promise<void>((resolve) => {
        this.#emptied = resolve;
      });
      this.#schedule(0, true);
      let cancel: (() => void) | undefined;
      const late = new Promise<void>((resolve) => {
        cancel = this.#options.clock.after(limitMs, resolve);
      });
      await Promise.race([emptied, late]);
      cancel?.();
    }
    this.#isClosed = true;
    this.#cancelTimer?.();
    this.#session?.end();
    this.#drop(this.#waiting);
    this.#sayDropped();
    this.#queues.clear();
    this.#waiting = 0;
    this.#waitingBytes = 0;
  }

  /** Entries gather for a moment; a full batch goes at once, unless the receiver is to be left alone. */
  #scheduleNext(): void {
    const { flushIntervalMs, maxBatchBytes } = this.#options.limits;
    const isUrgent = this.#failures === 0 && this.#waitingBytes >= maxBatchBytes;
    // nearly every entry finds a flush that is due already
    if (isUrgent ? this.#isUrgent : this.#cancelTimer !== undefined) return;
    if (!this.#isSending) this.#schedule(isUrgent ? 0 : flushIntervalMs, isUrgent);
  }

  /** Instead of a flush that is due later. */
  #schedule(delayMs: number, isUrgent = false): void {
    if (this.#isSending || this.#isClosed) return;
    this.#cancelTimer?.();
    this.#isUrgent = isUrgent;
    this.#cancelTimer = this.#options.clock.after(delayMs, () => {
      this.#cancelTimer = undefined;
      this.#isUrgent = false;
      void this.#flush();
    });
  }

  async #flush(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    const failure = await this.#sendAll();
    this.#isSending = false;
    if (failure === undefined) {
      this.#failures = 0;
      if (this.#waiting === 0) this.#emptied?.();
      else this.#scheduleNext();
      return;
    }
    if (this.#isClosed) return;
    this.#failed(failure);
  }

  #failed(error: Error): void {
    const { limits, log } = this.#options;
    this.#session?.end();
    this.#session = undefined;
    const retryMs = Math.min(limits.maxRetryMs, limits.minRetryMs * 2 ** Math.min(this.#failures, 20));
    if (this.#failures === 0)
      log.warn('the Fluentd receiver does not take entries; they wait', { reason: error.message });
    this.#failures++;
    this.#schedule(retryMs);
  }

  /** What went wrong, if anything did. */
  async #sendAll(): Promise<Error | undefined> {
    const hadFailed = this.#failures > 0;
    // one batch of each tag in turn: a busy connection must not starve the others
    for (const [tag, queue] of [...this.#queues]) {
      const batch = queue.first();
      if (batch === undefined) {
        this.#queues.delete(tag);
        continue;
      }
      try {
        await this.#send(tag, batch.bytes);
      } catch (error) {
        return error as Error;
      }
      this.#taken(queue, batch);
      if (this.#isClosed) return undefined;
    }
    if (hadFailed) this.#options.log.info('the Fluentd receiver takes entries again', { ...this.state });
    this.#sayDropped();
    return undefined;
  }

  async #send(tag: string, batch: Buffer): Promise<void> {
    const { clock, limits, open } = this.#options;
    this.#session ??= open();
    let cancel: (() => void) | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      const error = new Error(`The receiver did not take a batch within ${limits.batchTimeoutMs} ms.`);
      cancel = clock.after(limits.batchTimeoutMs, () => reject(error));
    });
    try {
      await Promise.race([this.#session.send(tag, batch), late]);
    } finally {
      cancel?.();
    }
  }

  #taken(queue: EntryChunks, { entries, bytes }: EntryChunk): void {
    this.#sent += entries;
    this.#waiting -= entries;
    this.#waitingBytes -= bytes.length;
    queue.removeFirst();
  }

  #drop(count: number): void {
    this.#dropped += count;
    this.#unsaidDropped += count;
    if (this.#options.clock.monotonic() - this.#saidAt >= saysDroppedEveryMs) this.#sayDropped();
  }

  #sayDropped(): void {
    if (this.#unsaidDropped === 0) return;
    this.#options.log.error('entries for Fluentd were dropped', {
      dropped: this.#unsaidDropped,
      waitingBytes: this.#waitingBytes,
    });
    this.#unsaidDropped = 0;
    this.#saidAt = this.#options.clock.monotonic();
  }
}
