import type { Container, Delivery, Receiver, Session } from 'rhea';
import { MalformedAmqpError } from './amqpValues.ts';
import { DeliveryTable } from './deliveryTable.ts';

interface Transfer {
  readonly handle: number;
  readonly settled: unknown;
  readonly more: unknown;
  readonly aborted: unknown;
  message_format: unknown;
}

interface Frame<P> {
  readonly performative: P;
  payload?: Buffer | undefined;
}

interface Disposition {
  readonly first: number;
  readonly last: number | undefined;
  readonly state: unknown;
}

interface PartialDelivery {
  readonly id: number;
  settled: boolean;
}

interface Flow {
  readonly handle: number | null | undefined;
  drain: unknown;
}

interface GuardedReceiver {
  readonly connection: { _register(): void };
  credit: number;
  issue_flow: boolean;
  delivery_count: number;
  _incomplete: PartialDelivery | undefined;
  is_receiver(): boolean;
}

/**
 * The parts of rhea 3.0.5 that are used beyond its published interface, so that a peer cannot make it hold or do more than
 * was agreed. The version is pinned; the integration tests fail when an update changes these.
 */
interface Internals {
  readonly remote: { readonly handles: Readonly<Record<number, GuardedReceiver | undefined>> };
  readonly links: Readonly<Record<string, unknown>>;
  readonly incoming: { deliveries: unknown; process(session: unknown): void };
  readonly outgoing: { deliveries: unknown };
  on_attach(frame: Frame<{ readonly name: string }>): void;
  on_flow(frame: Frame<Flow>): void;
  on_transfer(frame: Frame<Transfer>): void;
  on_disposition(frame: Frame<Disposition>): void;
}

export interface SessionGuardOptions {
  readonly session: Session;
  readonly message: Container['message'];
  readonly maxMessageBytes: number;
  /** Most deliveries under way in each direction. */
  readonly maxDeliveries: number;
}

/** How a received message may be settled. */
export type Outcome = 'accepted' | 'redeliver' | 'rejected' | 'released' | 'unusable' | 'tooLarge';

/** A format that the library does not know, so that it hands messages over as they came. */
const rawFormat = 1;
const nothing = Buffer.alloc(0);

/** Ids in one disposition: more than a session ever has open. */
const maxDispositionRange = 1_000_000;

/**
 * Puts itself between the library and the frames of one session. What must not be, throws, which the library reports as an
 * `error` of the connection.
 */
export class SessionGuard {
  readonly #internals: Internals;
  readonly #options: SessionGuardOptions;
  /** As the library writes them, made once. */
  readonly #states: Readonly<Record<Outcome, unknown>>;
  #lastOutcome: Outcome | undefined;
  /** Bytes of the message that a receiver is getting. */
  readonly #received = new Map<GuardedReceiver, number>();
  readonly #tooLarge = new Set<GuardedReceiver>();
  /** A message has come without credit; whether that is let pass. */
  onOverrun: () => boolean = () => false;
  /** A message that the peer began and took back: it used a credit. */
  onAborted: (receiver: Receiver) => void = () => {};

  constructor(options: SessionGuardOptions) {
    this.#options = options;
    const internals = options.session as unknown as Internals;
    this.#internals = internals;
    this.#states = statesOf(options.message);
    internals.incoming.deliveries = new DeliveryTable(options.maxDeliveries);
    internals.outgoing.deliveries = new DeliveryTable(options.maxDeliveries);
    const attach = internals.on_attach.bind(internals);
    const flow = internals.on_flow.bind(internals);
    const transfer = internals.on_transfer.bind(internals);
    const disposition = internals.on_disposition.bind(internals);
    internals.on_attach = (frame) => {
      if (!Object.hasOwn(internals.links, frame.performative.name))
        throw new MalformedAmqpError('The peer attaches a link of its own.');
      attach(frame);
    };
    internals.on_flow = (frame) => {
      // We never drain; what a peer says of it, the library prints.
      if (this.#receiverAt(frame.performative.handle) !== undefined) frame.performative.drain = false;
      flow(frame);
    };
    internals.on_transfer = (frame) => this.#transfer(frame, transfer);
    internals.on_disposition = (frame) => {
      this.#checkDisposition(frame.performative);
      disposition(frame);
    };
  }

  /** Whether the message that has just come was larger than allowed; its bytes were not kept. */
  isTooLarge(receiver: Receiver): boolean {
    return this.#tooLarge.delete(receiver as unknown as GuardedReceiver);
  }

  /**
   * Settles a message. The library would put two in a row into one disposition, with the outcome of the first, whatever that
   * of the second is: what is to be written is therefore written before another outcome comes.
   */
  settle(delivery: Delivery, outcome: Outcome): void {
    if (this.#lastOutcome !== outcome) this.#internals.incoming.process(this.#internals);
    this.#lastOutcome = outcome;
    delivery.update(true, this.#states[outcome]);
  }

  /** Takes back all credit that a receiver has given. */
  revokeCredit(receiver: Receiver): void {
    const guarded = receiver as unknown as GuardedReceiver;
    guarded.credit = 0;
    guarded.issue_flow = true;
    guarded.connection._register();
  }

  #receiverAt(handle: number | null | undefined): GuardedReceiver | undefined {
    const link = this.#internals.remote.handles[handle ?? -1];
    return link?.is_receiver() === true ? link : undefined;
  }

  #transfer(frame: Frame<Transfer>, pass: (frame: Frame<Transfer>) => void): void {
    const { performative } = frame;
    const receiver = this.#receiverAt(performative.handle);
    if (receiver === undefined) throw new MalformedAmqpError('A message came on a link that is not there.');
    if (performative.aborted === true && receiver._incomplete !== undefined) {
      this.#abort(receiver);
      return;
    }
    if (receiver._incomplete === undefined) this.#requireCredit(receiver);
    const bytes = (this.#received.get(receiver) ?? 0) + (frame.payload?.length ?? 0);
    if (bytes > this.#options.maxMessageBytes) this.#tooLarge.add(receiver);
    if (frame.payload === undefined || this.#tooLarge.has(receiver)) frame.payload = nothing;
    if (performative.more === true) this.#received.set(receiver, bytes);
    else this.#received.delete(receiver);
    performative.message_format = rawFormat;
    pass(frame);
  }

  /** RabbitMQ before 4 counts credit anew while messages are on their way, and so sends a few more than it may. */
  #requireCredit(receiver: GuardedReceiver): void {
    if (receiver.credit > 0) return;
    if (!this.onOverrun()) throw new MalformedAmqpError('A message came that there was no credit for.');
    receiver.credit++;
  }

  #abort(receiver: GuardedReceiver): void {
    if (receiver._incomplete !== undefined) receiver._incomplete.settled = true;
    receiver._incomplete = undefined;
    receiver.credit--;
    receiver.delivery_count++;
    this.#received.delete(receiver);
    this.#tooLarge.delete(receiver);
    this.onAborted(receiver as unknown as Receiver);
  }

  #checkDisposition({ first, last, state }: Disposition): void {
    if ((last ?? first) - first > maxDispositionRange)
      throw new MalformedAmqpError('A disposition is for more messages than were sent.');
    if (state !== undefined && state !== null && !this.#isOutcome(state))
      throw new MalformedAmqpError('A disposition has an unknown outcome.');
  }

  #isOutcome(state: unknown): boolean {
    const { is_accepted, is_rejected, is_released, is_modified, is_received } = this.#options.message;
    return [is_accepted, is_rejected, is_released, is_modified, is_received].some((is) => is(state as never));
  }
}

function statesOf(message: Container['message']): Readonly<Record<Outcome, unknown>> {
  const make = message as unknown as Record<string, (fields?: object) => { described(): unknown }>;
  const state = (name: string, fields: object = {}): unknown => make[name]?.(fields).described();
  const error = { condition: 'amqp:link:message-size-exceeded', description: 'The message is too large.' };
  return {
    accepted: state('accepted'),
    redeliver: state('modified', { delivery_failed: true }),
    rejected: state('rejected'),
    released: state('released'),
    unusable: state('modified', { delivery_failed: true, undeliverable_here: true }),
    tooLarge: state('rejected', { error }),
  };
}
