import {
  type Clock,
  type ExternalMessage,
  Fifo,
  OpenList,
  type OpenListLinks,
  type PublishEnd,
  PublishError,
} from '@hawser/core';
import type { Delivery, EventContext, Sender } from 'rhea';
import { AmqpConditionError, type Condition } from './conditions.ts';
import type { Destination } from './destination.ts';
import { encodeMessage } from './outbound.ts';
import type { PeerLink } from './peerLink.ts';
import type { PeerSession } from './peerSession.ts';

/** A publish that has not ended. */
export interface Pending extends OpenListLinks<Pending> {
  /** Dropped when it is sent: the library has its bytes then. */
  message: ExternalMessage | undefined;
  /** Monotonic time from which on it is not waited for; infinite without a limit. */
  readonly deadline: number;
  delivery: SentDelivery | undefined;
  /** Dropped when it has ended. */
  ended: ((end: PublishEnd) => void) | undefined;
}

interface SentDelivery extends Delivery {
  pending?: Pending | undefined;
}

/** Parts of rhea 3.0.5 without a public name. */
interface Internals {
  /** Id of the first delivery that is not written. */
  readonly outgoing: { readonly next_pending_delivery: number };
}

export interface ProducerOptions {
  readonly destination: Destination;
  readonly clock: Clock;
  /** May one more be sent that is not settled? */
  readonly hasRoom: () => boolean;
  readonly createMessageId: () => string;
  /** A message was sent (true), or has ended after it was sent (false). */
  readonly onUnsettled: (isMore: boolean) => void;
  /** A message waits to be sent (true), or no longer (false). */
  readonly onWaiting: (isMore: boolean) => void;
}

const accepted: PublishEnd = { result: { status: 200 } };

/** The link to one destination and what is under way to it. */
export class Producer {
  readonly #options: ProducerOptions;
  readonly #waiting = new Fifo<Pending>();
  readonly #unsettled = new OpenList<Pending>();
  #link: PeerLink<Sender> | undefined;
  /** Messages given to the library for this link. */
  #sent = 0;
  /** The peer, or its session, has closed the link; what was sent on it ended as unknown, what waits is still there. */
  onClosed: (reason: Error) => void = () => {};

  constructor(options: ProducerOptions) {
    this.#options = options;
  }

  get destination(): Destination {
    return this.#options.destination;
  }

  get isAttached(): boolean {
    return this.#link?.isOpen === true;
  }

  get isIdle(): boolean {
    return this.#waiting.length === 0 && this.#unsettled.size === 0;
  }

  /** @throws AmqpConditionError when the peer refuses */
  async attach(session: PeerSession): Promise<void> {
    const { name, kind } = this.#options.destination;
    const link = session.attachSender(name, kind);
    link.raw.on('sendable', () => this.pump());
    link.raw.on('accepted', (event: EventContext) => this.#settled(event, accepted));
    for (const outcome of ['rejected', 'released', 'modified'] as const) {
      link.raw.on(outcome, (event: EventContext) =>
        this.#settled(event, { error: refusalOf(outcome, event) }),
      );
    }
    link.raw.on('settled', (event: EventContext) => this.#settled(event, noOutcome));
    await link.attached;
    link.watch((reason) => {
      this.#link = undefined;
      this.failSent(reason);
      this.onClosed(reason);
    });
    this.#sent = 0;
    this.#link = link;
    this.pump();
  }

  add(pending: Pending): void {
    this.#waiting.push(pending);
    this.#options.onWaiting(true);
    this.pump();
  }

  /** Sends what there is credit and room for. */
  pump(): void {
    const link = this.#link;
    if (link === undefined) return;
    while (this.#hasCredit(link.raw) && this.#options.hasRoom()) {
      const pending = this.#waiting.shift();
      if (pending === undefined) return;
      this.#options.onWaiting(false);
      this.#send(link.raw, pending);
    }
  }

  /** What was sent is not known to have arrived. */
  failSent(reason: Error): void {
    for (const pending of this.#unsettled.members()) this.#finish(pending, { error: reason });
  }

  failWaiting(error: Error): void {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      this.#options.onWaiting(false);
      end(next, { error });
    }
  }

  /** Ends what is late. */
  expire(now: number, error: Error): void {
    for (const pending of this.#unsettled.members()) {
      if (pending.deadline > now) break;
      this.#finish(pending, { error });
    }
    for (;;) {
      const first = this.#waiting.first();
      if (first === undefined || first.deadline > now) return;
      this.#waiting.shift();
      this.#options.onWaiting(false);
      end(first, { error });
    }
  }

  /** The earliest deadline of what is under way. */
  get deadline(): number {
    return Math.min(
      this.#unsettled.first?.deadline ?? Number.POSITIVE_INFINITY,
      this.#waiting.first()?.deadline ?? Number.POSITIVE_INFINITY,
    );
  }

  close(): void {
    this.#link?.close();
    this.#link = undefined;
  }

  /** The library takes a credit off when it writes, at the end of the turn. */
  #hasCredit(sender: Sender): boolean {
    const { credit, delivery_count: written } = sender as unknown as {
      credit: number;
      delivery_count: number;
    };
    return credit - (this.#sent - written) > 0;
  }

  #send(sender: Sender, pending: Pending): void {
    const { destination, clock, createMessageId, onUnsettled } = this.#options;
    let payload: Buffer;
    try {
      const stamp = { to: destination.name, messageId: createMessageId(), creationTime: clock.now() };
      payload = encodeMessage(pending.message ?? { headers: {} }, stamp);
    } catch (error) {
      end(pending, { error: sendFailure((error as Error).message, error) });
      return;
    }
    pending.message = undefined;
    const tag = Buffer.allocUnsafe(4);
    tag.writeUInt32BE(this.#sent >>> 0);
    this.#sent++;
    const delivery = sender.send(payload, tag, 0) as SentDelivery;
    delivery.pending = pending;
    pending.delivery = delivery;
    this.#unsettled.add(pending);
    onUnsettled(true);
  }

  #settled({ delivery }: EventContext, how: PublishEnd): void {
    const pending = (delivery as SentDelivery | undefined)?.pending;
    if (pending !== undefined) this.#finish(pending, how);
  }

  #finish(pending: Pending, how: PublishEnd): void {
    if (!this.#unsettled.delete(pending)) return;
    if (pending.delivery !== undefined) this.#forget(pending.delivery);
    pending.delivery = undefined;
    this.#options.onUnsettled(false);
    end(pending, how);
  }

  /**
   * Settles what the peer has not: it may give an outcome and leave that to us (AMQP 1.0 §2.6.12), or be late. What is not
   * written yet must stay with the library, which would wait for it for ever.
   */
  #forget(delivery: SentDelivery): void {
    delivery.pending = undefined;
    const { outgoing } = delivery.link.session as unknown as Internals;
    if (delivery.remote_settled || delivery.id >= outgoing.next_pending_delivery) return;
    if (this.#link !== undefined) delivery.update(true);
    Object.assign(delivery, { settled: true, remote_settled: true });
  }
}

function end(pending: Pending, how: PublishEnd): void {
  const { ended } = pending;
  pending.ended = undefined;
  pending.message = undefined;
  ended?.(how);
}

/** In the words of Qpid JMS (AmqpFixedProducer). */
function refusalOf(outcome: 'rejected' | 'released' | 'modified', { delivery }: EventContext): PublishError {
  if (outcome === 'released') return sendFailure('Delivery failed: released by receiver');
  if (outcome === 'modified') return sendFailure('Delivery failed: failure at remote');
  const state = delivery?.remote_state as unknown as { readonly error?: Condition } | undefined;
  const reason = new AmqpConditionError(state?.error, 'Delivery failed: rejected by remote');
  return sendFailure(reason.message, reason);
}

export const sendFailure = (text: string, cause?: unknown): PublishError =>
  new PublishError(503, `Failed to send message: ${text}`, { cause });

const noOutcome: PublishEnd = { error: sendFailure('Delivery failed: settled without an outcome') };
