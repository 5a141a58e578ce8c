import type {
  ClientContext,
  ClientEvents,
  ResourceStatus,
  Settlement,
  Source,
  SourceOrigin,
} from '@hawser/core';
import type { Delivery, EventContext, Receiver } from 'rhea';
import { Backoff } from './backoff.ts';
import { linkStatus } from './conditions.ts';
import type { Creditor, CreditPool } from './creditPool.ts';
import { externalMessage } from './headers.ts';
import type { PeerConnection } from './peerConnection.ts';
import type { PeerLink } from './peerLink.ts';
import type { PeerSession } from './peerSession.ts';
import { readMessage } from './sections.ts';
import type { Amqp10Settings } from './settings.ts';
import { SourceThrottle } from './sourceThrottle.ts';

export interface ConsumerOptions {
  readonly source: Source;
  readonly address: string;
  /** As Ditto names it: `{address}-{index}`. */
  readonly name: string;
  readonly peer: PeerConnection;
  readonly pool: CreditPool;
  readonly events: ClientEvents;
  readonly context: ClientContext;
  readonly settings: Amqp10Settings;
}

/** A message that was delivered before waits this long before it goes back: a poison message must not spin. */
const redeliveryPauseMs = 1_000;

/** A message that is not settled, and where it came by. */
interface HeldDelivery {
  readonly link: PeerLink<Receiver>;
  readonly session: PeerSession;
  readonly delivery: Delivery;
}

const texts = {
  accepted: 'Sending success acknowledgement: <accepted>',
  redeliver: 'Sending negative acknowledgement: <modified[delivery-failed]>',
  released: 'Sending negative acknowledgement: <released>',
  rejected: 'Sending negative acknowledgement: <rejected>',
} as const;

/** One receiver of a source address (connectivity/service/.../messaging/amqp/AmqpConsumerActor.java), attached again when the peer closes it. */
export class Consumer implements Creditor {
  readonly #options: ConsumerOptions;
  readonly #origin: SourceOrigin;
  readonly #backoff: Backoff;
  /** Absent: messages are taken as they come. */
  readonly #throttle: SourceThrottle | undefined;
  readonly #pauses = new Set<() => void>();
  #link: PeerLink<Receiver> | undefined;
  #session: PeerSession | undefined;
  #cancelRetry: (() => void) | undefined;
  #isConsuming = true;
  #status: ResourceStatus;

  constructor(options: ConsumerOptions) {
    this.#options = options;
    const { source, address, settings, context } = options;
    this.#origin = { sourceIndex: source.index, configuredAddress: address, address };
    this.#backoff = new Backoff(settings.backoffMinMs, settings.backoffMaxMs);
    this.#throttle = this.#throttleOf(settings);
    this.#status = {
      type: 'source',
      address,
      status: 'unknown',
      detail: 'Consumer is being initialized.',
      sinceMs: context.clock.now(),
    };
  }

  get name(): string {
    return this.#options.name;
  }

  get status(): ResourceStatus {
    return this.#status;
  }

  get credit(): number {
    return this.#link === undefined ? 0 : (this.#link.raw as unknown as { credit: number }).credit;
  }

  get isHeld(): boolean {
    return this.#throttle?.isStopped === true;
  }

  grant(credit: number): void {
    this.#link?.raw.add_credit(credit);
  }

  /** @throws AmqpConditionError when the peer refuses */
  async attach(session: PeerSession): Promise<void> {
    const { address, context, pool } = this.#options;
    const link = session.attachReceiver(address, context.maxInboundBytes);
    link.raw.on('message', (event: EventContext) => this.#received(link, session, event));
    await link.attached;
    if (!this.#isConsuming) {
      link.close();
      return;
    }
    link.watch((reason) => this.#closed(reason));
    session.guard.onAborted = () => pool.giveBack();
    session.guard.onOverrun = () => pool.overrun();
    this.#link = link;
    this.#session = session;
    this.#change('open', 'Consumer started.');
    pool.join(this);
  }

  /** What the peer has sent by now and is not taken goes back to it. */
  stop(): void {
    this.#isConsuming = false;
    this.#cancelRetry?.();
    for (const cancel of this.#pauses) cancel();
    this.#pauses.clear();
    this.#throttle?.stop();
    this.#options.pool.leave(this);
    if (this.#link !== undefined) this.#session?.guard.revokeCredit(this.#link.raw);
  }

  #received(link: PeerLink<Receiver>, session: PeerSession, { message, delivery }: EventContext): void {
    if (delivery === undefined) return;
    const { pool, events, context } = this.#options;
    const isTooLarge = session.guard.isTooLarge(link.raw);
    if (!this.#isConsuming) {
      session.guard.settle(delivery, 'released');
      return;
    }
    if (isTooLarge) {
      session.guard.settle(delivery, 'tooLarge');
      this.#refused(`AMQP message of more than ${context.maxInboundBytes} bytes refused`);
      return;
    }
    let sections: ReturnType<typeof readMessage>;
    try {
      sections = readMessage(message as unknown as Uint8Array);
    } catch (error) {
      // As Ditto's client: of no use here, whoever else may want it.
      session.guard.settle(delivery, takesModified(link.raw) ? 'unusable' : 'rejected');
      this.#refused((error as Error).message);
      return;
    }
    const read = externalMessage(sections);
    const messageId = read.headers['message-id'];
    const held: HeldDelivery = { link, session, delivery };
    // the payload is not to be kept by whoever settles
    const { isRedelivered } = sections;
    this.#throttle?.received(messageId);
    pool.used(this);
    events.message(read, this.#origin, (outcome) => {
      pool.giveBack();
      this.#throttle?.settled(messageId, outcome);
      if (outcome === 'redeliver' && isRedelivered) this.#settleLater(held, outcome);
      else this.#settle(held, outcome);
    });
  }

  #refused(text: string): void {
    this.#options.pool.giveBack();
    this.#options.events.refused?.(this.#origin, new Error(text));
  }

  #settleLater(held: HeldDelivery, outcome: Settlement): void {
    if (!this.#isConsuming) {
      this.#settle(held, outcome);
      return;
    }
    const cancel = this.#options.context.clock.after(redeliveryPauseMs, () => {
      this.#pauses.delete(cancel);
      this.#settle(held, outcome);
    });
    this.#pauses.add(cancel);
  }

  /** A link that is gone has taken its deliveries with it: the peer delivers them again. */
  #settle({ link, session, delivery }: HeldDelivery, outcome: Settlement): void {
    if (!link.isOpen) {
      (delivery as { settled: boolean }).settled = true;
      return;
    }
    const written = outcome === 'redeliver' && !takesModified(link.raw) ? 'released' : outcome;
    session.guard.settle(delivery, written);
    this.#options.events.acknowledged?.(this.#origin, outcome === 'accepted', texts[written]);
  }

  #closed(reason: Error): void {
    const { events, name } = this.#options;
    this.#detached();
    events.note?.('failure', `Consumer ${name} was closed: ${reason.message}`);
    this.#change(linkStatus(reason), `Consumer closed. Cause: [${reason.name}] ${reason.message}`);
    this.#attachLater();
  }

  #detached(): void {
    this.#options.pool.leave(this);
    this.#link = undefined;
    this.#session = undefined;
  }

  #attachLater(): void {
    if (!this.#isConsuming) return;
    const { clock } = this.#options.context;
    this.#cancelRetry = clock.after(this.#backoff.next(clock.monotonic()), () => {
      this.#cancelRetry = undefined;
      // A session of its own: where a refused link ends its session, nobody else is hit.
      this.attach(this.#options.peer.beginSession(true)).catch((reason: Error) => {
        if (!this.#isConsuming) return;
        this.#change(linkStatus(reason), 'Failed to recreate closed message consumer.');
        this.#attachLater();
      });
    });
  }

  #change(status: ResourceStatus['status'], detail: string): void {
    this.#status = { ...this.#status, status, detail, sinceMs: this.#options.context.clock.now() };
  }

  #throttleOf({ throttling }: Amqp10Settings): SourceThrottle | undefined {
    if (throttling === undefined) return undefined;
    const { address, context, events, pool } = this.#options;
    return new SourceThrottle(throttling, context.clock, {
      stopped: (reason) =>
        events.refused?.(this.#origin, new Error(`Source <${address}> is rate-limited due to ${reason}`)),
      lifted: () => {
        events.note?.('success', `Rate limit on source <${address}> is lifted`);
        pool.share();
      },
    });
  }
}

/** RabbitMQ before 4 ends the session of whoever settles with an outcome that it has not offered (AMQP 1.0 §3.5.3). */
function takesModified(receiver: Receiver): boolean {
  const outcomes: unknown = receiver.source.outcomes;
  return !Array.isArray(outcomes) || outcomes.length === 0 || outcomes.includes('amqp:modified:list');
}
