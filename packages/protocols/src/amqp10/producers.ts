import type { Clock, Connection, ExternalMessage, PublishEnd, ResourceStatus } from '@hawser/core';
import { isOnDemand } from '../publishing.ts';
import { linkStatus } from './conditions.ts';
import { type Destination, destinationOf } from './destination.ts';
import type { PeerConnection } from './peerConnection.ts';
import type { PeerSession } from './peerSession.ts';
import { Producer, sendFailure } from './producer.ts';
import { backoffError, noProducer, queueFull } from './publishErrors.ts';
import { RestingAddresses } from './restingAddresses.ts';
import type { Amqp10Settings } from './settings.ts';

export interface ProducersOptions {
  readonly connection: Connection;
  readonly peer: PeerConnection;
  readonly clock: Clock;
  readonly settings: Amqp10Settings;
  readonly createMessageId: () => string;
  readonly note: (level: 'success' | 'failure', text: string) => void;
}

/** Most messages that the peer has not settled, per client. */
export const publishWindow = 500;

const cooldown =
  'Targets were closed due to an error in the target. Will try to re-establish the static targets after some cool-down period';

/** The producers of a client (AmqpPublisherActor.java): one for each target without placeholders, and a few for what else is published to. */
export class Producers {
  readonly #options: ProducersOptions;
  readonly #statics = new Map<string, Producer>();
  /** Least recently made first. */
  readonly #dynamics = new Map<string, Producer>();
  /** No longer in the cache, but with messages under way. */
  readonly #retired = new Set<Producer>();
  /** Destinations that are not to be asked again for a while. */
  readonly #resting: RestingAddresses;
  readonly #statuses = new Map<string, ResourceStatus>();
  readonly #timers = new Set<() => void>();
  #unsettled = 0;
  #waiting = 0;
  #isClosed = false;
  #isPumping = false;
  #cancelExpiry: (() => void) | undefined;

  constructor(options: ProducersOptions) {
    this.#options = options;
    const { clock, settings } = options;
    this.#resting = new RestingAddresses(clock, settings.backoffMinMs, settings.backoffMaxMs);
    for (const { address } of options.connection.targets) {
      if (isOnDemand(address)) continue;
      const destination = this.#destination(address);
      const key = keyOf(destination);
      if (!this.#statics.has(key)) this.#statics.set(key, this.#producer(destination));
    }
  }

  /**
   * Attaches the static producers. A refused one rests and spoils nothing else, even where its session ends with it.
   * @param session the present one; where a refused link ends it, the next
   */
  async open(session: () => PeerSession): Promise<void> {
    const failed = new Map<string, Error>();
    const left = (): [string, Producer][] =>
      [...this.#statics].filter(([key, producer]) => !producer.isAttached && !failed.has(key));
    // Each pass but the last has lost its session to one that was refused.
    for (let pass = 0; pass <= this.#statics.size; pass++) {
      for (const [key, producer] of left()) {
        await producer.attach(session()).catch((reason: Error) => failed.set(key, reason));
        if (this.#isClosed) return;
      }
    }
    for (const [key, producer] of this.#statics) {
      producer.onClosed = (reason) => this.#staticClosed(key, producer, reason);
      if (producer.isAttached) this.#change(key, 'open', 'Producer started.');
      else this.#staticRefused(key, producer, failed.get(key) ?? new Error('The peer ended the session.'));
    }
  }

  publish(address: string, message: ExternalMessage, ended: (end: PublishEnd) => void): void {
    const { settings, clock } = this.#options;
    const destination = this.#destination(address);
    const key = keyOf(destination);
    const refusal = this.#refusal(key, destination);
    if (refusal !== undefined) {
      ended({ error: refusal });
      return;
    }
    const { sendTimeoutMs } = settings;
    const deadline = sendTimeoutMs === 0 ? Number.POSITIVE_INFINITY : clock.monotonic() + sendTimeoutMs;
    const producer = this.#statics.get(key) ?? this.#dynamic(key, destination);
    producer.add({
      message,
      deadline,
      delivery: undefined,
      ended,
      list: undefined,
      next: undefined,
      previous: undefined,
    });
    if (this.#cancelExpiry === undefined && sendTimeoutMs > 0) this.#expireAfter(sendTimeoutMs);
  }

  /** Of a target without placeholders. */
  status(address: string): ResourceStatus | undefined {
    const status = this.#statuses.get(keyOf(this.#destination(address)));
    return status === undefined ? undefined : { ...status, address };
  }

  /** Nothing is known of what is under way. */
  close(reason: Error): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#cancelExpiry?.();
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    for (const producer of this.#all()) {
      producer.failSent(reason);
      producer.failWaiting(reason);
    }
  }

  #refusal(key: string, destination: Destination): Error | undefined {
    if (this.#resting.has(key)) return backoffError(destination);
    if (this.#waiting >= this.#options.settings.maxQueueSize) {
      return queueFull();
    }
    return undefined;
  }

  #dynamic(key: string, destination: Destination): Producer {
    const known = this.#dynamics.get(key);
    if (known !== undefined) return known;
    const producer = this.#producer(destination);
    this.#dynamics.set(key, producer);
    this.#trimCache();
    producer.onClosed = (reason) => this.#dynamicClosed(key, producer, reason);
    // A session of its own: where a refused link ends its session, nobody else is hit.
    producer.attach(this.#options.peer.beginSession(true)).catch((reason: Error) => {
      if (this.#isClosed) return;
      this.#dynamics.delete(key);
      this.#retired.delete(producer);
      this.#note(
        'failure',
        `Failed to create producer for destination <${destination.name}>: ${codeAndText(reason)}`,
      );
      this.#resting.begin(key);
      producer.failWaiting(noProducer(destination));
    });
    return producer;
  }

  #dynamicClosed(key: string, producer: Producer, reason: Error): void {
    if (this.#dynamics.get(key) === producer) this.#dynamics.delete(key);
    this.#retired.delete(producer);
    this.#note('failure', `Producer ${producer.destination.name} was closed: ${reason.message}`);
    this.#resting.begin(key);
    producer.failWaiting(backoffError(producer.destination));
  }

  #trimCache(): void {
    for (const [key, producer] of this.#dynamics) {
      if (this.#dynamics.size <= this.#options.settings.producerCacheSize) return;
      this.#dynamics.delete(key);
      if (producer.isIdle) producer.close();
      else this.#retired.add(producer);
    }
  }

  #attachStatic(key: string, producer: Producer): void {
    producer.attach(this.#options.peer.beginSession(true)).then(
      () => this.#change(key, 'open', 'Producer started.'),
      (reason: Error) => this.#staticRefused(key, producer, reason),
    );
  }

  #staticRefused(key: string, producer: Producer, reason: Error): void {
    if (this.#isClosed) return;
    const { name } = producer.destination;
    this.#note('failure', `Failed to create producer for destination <${name}>: ${codeAndText(reason)}`);
    this.#staticFailed(key, producer, reason);
  }

  #staticClosed(key: string, producer: Producer, reason: Error): void {
    if (this.#isClosed) return;
    this.#note('failure', `Producer ${producer.destination.name} was closed: ${reason.message}`);
    this.#staticFailed(key, producer, reason);
  }

  #staticFailed(key: string, producer: Producer, reason: Error): void {
    this.#note('failure', cooldown);
    this.#change(
      key,
      linkStatus(reason),
      `Producer for destination '${producer.destination.name}' was closed - cause <${reason.name}>: ${reason.message}`,
    );
    producer.failWaiting(backoffError(producer.destination));
    this.#after(this.#resting.begin(key), () => this.#attachStatic(key, producer));
  }

  #producer(destination: Destination): Producer {
    const { clock, createMessageId } = this.#options;
    const producer: Producer = new Producer({
      destination,
      clock,
      createMessageId,
      hasRoom: () => this.#unsettled < publishWindow,
      onUnsettled: (isMore) => {
        this.#unsettled += isMore ? 1 : -1;
        if (!isMore) this.#pumpOthers(producer);
      },
      onWaiting: (isMore) => {
        this.#waiting += isMore ? 1 : -1;
      },
    });
    return producer;
  }

  /** There is room again. Not nested: what is sent may end at once. */
  #pumpOthers(producer: Producer): void {
    if (this.#retired.has(producer) && producer.isIdle) {
      this.#retired.delete(producer);
      producer.close();
    }
    if (this.#waiting === 0 || this.#isPumping || this.#isClosed) return;
    this.#isPumping = true;
    try {
      producer.pump();
      if (this.#waiting > 0 && this.#unsettled < publishWindow) for (const each of this.#all()) each.pump();
    } finally {
      this.#isPumping = false;
    }
  }

  #expireAfter(delayMs: number): void {
    this.#cancelExpiry = this.#options.clock.after(delayMs, () => {
      this.#cancelExpiry = undefined;
      const now = this.#options.clock.monotonic();
      let next = Number.POSITIVE_INFINITY;
      for (const producer of this.#all()) {
        producer.expire(now, sendFailure('Timed out waiting for disposition of sent Message'));
        next = Math.min(next, producer.deadline);
      }
      if (next !== Number.POSITIVE_INFINITY && !this.#isClosed) this.#expireAfter(Math.max(1, next - now));
    });
  }

  #all(): Producer[] {
    return [...this.#statics.values(), ...this.#dynamics.values(), ...this.#retired];
  }

  #after(delayMs: number, task: () => void): void {
    const cancel = this.#options.clock.after(delayMs, () => {
      this.#timers.delete(cancel);
      task();
    });
    this.#timers.add(cancel);
  }

  #destination(address: string): Destination {
    const { name, kind } = destinationOf(address);
    const { queuePrefix, topicPrefix } = this.#options.settings;
    const prefix = kind === 'topic' ? topicPrefix : queuePrefix;
    return prefix === '' ? { name, kind } : { name: prefix + name, kind };
  }

  #note(level: 'success' | 'failure', text: string): void {
    if (!this.#isClosed) this.#options.note(level, text);
  }

  #change(key: string, status: ResourceStatus['status'], detail: string): void {
    this.#statuses.set(key, { type: 'target', status, detail, sinceMs: this.#options.clock.now() });
  }
}

const keyOf = ({ name, kind }: Destination): string => `${kind}:${name}`;

const codeAndText = (reason: Error): string => {
  const condition = 'condition' in reason && typeof reason.condition === 'string' ? reason.condition : 'null';
  return `[${condition}] ${reason.message}`;
};
