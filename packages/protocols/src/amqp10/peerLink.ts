import type { Clock } from '@hawser/core';
import type { Receiver, Sender } from 'rhea';
import { AmqpConditionError, AmqpTimeoutError, type Condition } from './conditions.ts';

export interface PeerLinkOptions {
  readonly clock: Clock;
  /** Within which the peer has to answer. */
  readonly timeoutMs: number;
  /** For texts. */
  readonly address: string;
  /** The link is gone for good; called when it is not (or no longer) attached, whoever wanted it so. */
  readonly released: () => void;
}

/** A receiver or sender from its attach to its end. Whoever wants it again, attaches another. */
export class PeerLink<L extends Receiver | Sender = Receiver | Sender> {
  readonly raw: L;
  /** Settles once: the peer has attached it, or has not. */
  readonly attached: Promise<void>;
  readonly #options: PeerLinkOptions;
  #onClosed: (reason: Error) => void = () => {};
  #endedBy: Error | undefined;
  #state: 'attaching' | 'open' | 'closed' = 'attaching';
  #settle: { readonly resolve: () => void; readonly reject: (reason: Error) => void } | undefined;
  readonly #cancelTimeout: () => void;

  constructor(raw: L, options: PeerLinkOptions) {
    this.raw = raw;
    this.#options = options;
    this.attached = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    // whoever attaches it looks at the promise a moment later
    this.attached.catch(() => {});
    this.#cancelTimeout = options.clock.after(options.timeoutMs, () => this.#timedOut());
    const kind = raw.is_receiver() ? 'receiver' : 'sender';
    raw.on(`${kind}_open`, () => this.#opened());
    raw.on(`${kind}_error`, () => {});
    raw.on(`${kind}_close`, () =>
      this.end(
        new AmqpConditionError(
          raw.error as Condition | undefined,
          `Link to '${options.address}' was closed.`,
        ),
      ),
    );
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  /**
   * Takes an attached link over.
   *
   * @param onClosed the peer has closed it, or its session; never after `close`
   * @throws Error when that has happened by now: both may come in one piece
   */
  watch(onClosed: (reason: Error) => void): void {
    if (this.#endedBy !== undefined) throw this.#endedBy;
    this.#onClosed = onClosed;
  }

  /** Nobody is told of its end. */
  unwatch(): void {
    this.#onClosed = () => {};
  }

  /** Detaches it without a word to who watches it. */
  close(): void {
    if (this.#state === 'closed') return;
    this.#leave(new Error('The link was closed.'));
    this.raw.close();
  }

  /** The peer, or what happened to the session, has ended it. */
  end(reason: Error): void {
    const wasOpen = this.#state === 'open';
    if (this.#state === 'closed') return;
    this.#leave(reason);
    this.#endedBy = reason;
    if (wasOpen) this.#onClosed(reason);
  }

  #opened(): void {
    if (this.#state !== 'attaching') return;
    const terminus: unknown = this.raw.is_receiver() ? this.raw.source : this.raw.target;
    // A refused link is attached without a terminus, and then detached with the reason (AMQP 1.0 §2.6.3).
    if (typeof terminus !== 'object' || terminus === null || !('address' in terminus)) return;
    this.#state = 'open';
    this.#cancelTimeout();
    this.#settle?.resolve();
  }

  #timedOut(): void {
    const wasAttaching = this.#state === 'attaching';
    if (!wasAttaching) return;
    this.#leave(new AmqpTimeoutError(`Attaching to '${this.#options.address}' timed out.`));
    this.raw.close();
  }

  #leave(reason: Error): void {
    this.#state = 'closed';
    this.#cancelTimeout();
    this.#settle?.reject(reason);
    this.#options.released();
  }
}
