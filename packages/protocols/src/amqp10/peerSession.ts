import type { Clock } from '@hawser/core';
import type { Container, Receiver, Sender, Session } from 'rhea';
import { AmqpConditionError, AmqpTimeoutError, type Condition } from './conditions.ts';
import { PeerLink } from './peerLink.ts';
import { SessionGuard } from './sessionGuard.ts';

export interface PeerSessionOptions {
  readonly raw: Session;
  readonly container: Container;
  readonly clock: Clock;
  readonly requestTimeoutMs: number;
  readonly maxMessageBytes: number;
  readonly maxDeliveries: number;
  /** A session with one link: they end together. */
  readonly isPrivate: boolean;
  /** The peer has ended it. */
  readonly onEnded: (reason: Error) => void;
}

/** One session with the peer and the links in it. */
export class PeerSession {
  readonly guard: SessionGuard;
  /** Settles once: the peer has begun it too, or has not. */
  readonly begun: Promise<void>;
  #settleBegun: { readonly resolve: () => void; readonly reject: (reason: Error) => void } | undefined;
  readonly #options: PeerSessionOptions;
  readonly #links = new Set<PeerLink>();
  #isEnded = false;

  constructor(options: PeerSessionOptions) {
    this.#options = options;
    const { raw, container, maxMessageBytes, maxDeliveries } = options;
    this.guard = new SessionGuard({
      session: raw,
      message: container.message,
      maxMessageBytes,
      maxDeliveries,
    });
    this.begun = new Promise((resolve, reject) => {
      this.#settleBegun = { resolve, reject };
    });
    // whoever begins it looks at the promise a moment later, or not at all
    this.begun.catch(() => {});
    const cancel = options.clock.after(options.requestTimeoutMs, () =>
      this.#settleBegun?.reject(new AmqpTimeoutError('Beginning a session timed out.')),
    );
    this.begun.then(cancel, cancel);
    raw.on('session_open', () => this.#settleBegun?.resolve());
    raw.on('session_error', () => {});
    raw.on('session_close', () =>
      this.#ended(new AmqpConditionError(raw.error as Condition | undefined, 'The peer ended the session.')),
    );
    raw.begin();
  }

  get isEnded(): boolean {
    return this.#isEnded;
  }

  attachReceiver(address: string, maxMessageBytes: number): PeerLink<Receiver> {
    return this.#link(
      this.#options.raw.attach_receiver({
        source: { address, durable: 0, expiry_policy: 'link-detach', capabilities: ['queue'] },
        target: {},
        autoaccept: false,
        credit_window: 0,
        rcv_settle_mode: 0,
        max_message_size: maxMessageBytes,
      }),
      address,
    );
  }

  attachSender(address: string, kind: 'queue' | 'topic'): PeerLink<Sender> {
    return this.#link(
      this.#options.raw.attach_sender({
        target: { address, durable: 0, expiry_policy: 'link-detach', capabilities: [kind] },
        snd_settle_mode: 0,
        rcv_settle_mode: 0,
        treat_modified_as_released: false,
      }),
      address,
    );
  }

  /** The connection is gone: everything that is waited for is over, and nobody is told about links. */
  drop(reason: Error): void {
    this.#isEnded = true;
    this.#settleBegun?.reject(reason);
    for (const link of [...this.#links]) {
      link.unwatch();
      link.end(reason);
    }
  }

  #link<L extends Receiver | Sender>(raw: L, address: string): PeerLink<L> {
    const { clock, requestTimeoutMs, isPrivate } = this.#options;
    const link: PeerLink<L> = new PeerLink<L>(raw, {
      clock,
      timeoutMs: requestTimeoutMs,
      address,
      released: () => {
        this.#links.delete(link as unknown as PeerLink);
        if (isPrivate) this.#endSoon();
      },
    });
    this.#links.add(link as unknown as PeerLink);
    return link;
  }

  /** After the detach of its only link, which the library writes in this turn. */
  #endSoon(): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    setImmediate(() => this.#options.raw.close());
  }

  #ended(reason: Error): void {
    const wasEnded = this.#isEnded;
    this.#isEnded = true;
    this.#settleBegun?.reject(reason);
    for (const link of [...this.#links]) link.end(reason);
    if (!wasEnded) this.#options.onEnded(reason);
  }
}
