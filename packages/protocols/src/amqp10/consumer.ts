import type {
  ClientContext,
  ClientEvents,
  ResourceStatus,
  Settlement,
  Source,
  SourceOrigin,
} from '@hawser/core';
import type { Container, Delivery, EventContext, Receiver } from 'rhea';
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

/** The states of deliveries as the library writes them, made once. */
interface Outcomes {
  readonly accepted: unknown;
  readonly redeliver: unknown;
  readonly rejected: unknown;
}

const texts = {
  accepted: 'Sending success acknowledgement: <accepted>',
  redeliver: 'Sending negative acknowledgement: <modified[delivery-failed]>',
  rejected: 'Sending negative acknowledgement: <rejected>',
} as const;

/** One receiver of a source address (connectivity/service/.../messaging/amqp/AmqpConsumerActor.java), attached again when the peer closes it. */
export class Consumer implements Creditor {
  readonly #options: ConsumerOptions;
  readonly #origin: SourceOrigin;
  readonly #backoff: Backoff;
  readonly #outcomes: Outcomes;
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
    const { source, address, settings, context, peer } = options;
    this.#origin = { sourceIndex: source.index, configuredAddress: address, address };
    this.#backoff = new Backoff(settings.backoffMinMs, settings.backoffMaxMs);
    this.#outcomes = outcomesOf(peer.container);
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
    link.onClosed = (reason) => this.#closed(reason);
    session.guard.onAborted = () => pool.giveBack();
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
      delivery.release();
      return;
    }
    if (isTooLarge) {
      this.#refuse(`AMQP message of more than ${context.maxInboundBytes} bytes refused`, () =>
        delivery.reject({
          condition: 'amqp:link:message-size-exceeded',
          description: 'The message is too large.',
        }),
      );
      return;
    }
    let sections: ReturnType<typeof readMessage>;
    try {
      sections = readMessage(message as unknown as Uint8Array);
    } catch (error) {
      // As Ditto's client: of no use here, whoever else may want it.
      this.#refuse((error as Error).message, () =>
        delivery.modified({ delivery_failed: true, undeliverable_here: true }),
      );
      return;
    }
    const read = externalMessage(sections);
    const messageId = read.headers['message-id'];
    this.#throttle?.received(messageId);
    pool.used(this);
    events.message(read, this.#origin, (outcome) => {
      pool.giveBack();
      this.#throttle?.settled(messageId, outcome);
      if (outcome === 'redeliver' && sections.isRedelivered) this.#settleLater(link, delivery, outcome);
      else this.#settle(link, delivery, outcome);
    });
  }

  #refuse(text: string, settle: () => void): void {
    settle();
    this.#options.pool.giveBack();
    this.#options.events.refused?.(this.#origin, new Error(text));
  }

  #settleLater(link: PeerLink<Receiver>, delivery: Delivery, outcome: Settlement): void {
    if (!this.#isConsuming) {
      this.#settle(link, delivery, outcome);
      return;
    }
    const cancel = this.#options.context.clock.after(redeliveryPauseMs, () => {
      this.#pauses.delete(cancel);
      this.#settle(link, delivery, outcome);
    });
    this.#pauses.add(cancel);
  }

  /** A link that is gone has taken its deliveries with it: the peer delivers them again. */
  #settle(link: PeerLink<Receiver>, delivery: Delivery, outcome: Settlement): void {
    if (!link.isOpen) {
      (delivery as { settled: boolean }).settled = true;
      return;
    }
    delivery.update(true, this.#outcomes[outcome]);
    this.#options.events.acknowledged?.(this.#origin, outcome === 'accepted', texts[outcome]);
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

function outcomesOf({ message }: Container): Outcomes {
  const states = message as unknown as Record<string, (fields?: object) => { described(): unknown }>;
  const state = (name: string, fields: object = {}): unknown => states[name]?.(fields).described();
  return {
    accepted: state('accepted'),
    redeliver: state('modified', { delivery_failed: true }),
    rejected: state('rejected'),
  };
}
