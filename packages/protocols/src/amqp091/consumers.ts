import {
  type ClientContext,
  type ClientEvents,
  type Connection,
  formatInstant,
  MisconfiguredError,
  makeError,
  type ResourceStatus,
  type Settlement,
  type Source,
  type SourceOrigin,
} from '@hawser/core';
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import { guardContent } from './contentGuard.ts';
import { inboundMessage } from './headers.ts';

interface Consumer {
  readonly source: Source;
  readonly queue: string;
  /** As Ditto names it: `{queue}-{index}`. */
  readonly name: string;
  tag: string | undefined;
  status: ResourceStatus;
}

/** A message that was already redelivered once waits this long before it goes back: a poison message must not spin. */
const redeliveryPauseMs = 1_000;
/** How long after its cancellation a consumer is tried again. */
const reconsumeAfterMs = 5_000;

/** All consumers of a client on one channel, with manual acknowledgement. */
export class Consumers {
  readonly #model: ChannelModel;
  readonly #events: ClientEvents;
  readonly #context: ClientContext;
  readonly #consumers: readonly Consumer[];
  readonly #lost: (reason: Error) => void;
  readonly #timers = new Set<() => void>();
  #channel: Channel | undefined;
  #isConsuming = true;

  /** @param lost the channel has died, and with it all consumers */
  constructor(
    connection: Connection,
    model: ChannelModel,
    events: ClientEvents,
    context: ClientContext,
    lost: (reason: Error) => void,
  ) {
    this.#lost = lost;
    this.#model = model;
    this.#events = events;
    this.#context = context;
    this.#consumers = consumersOf(connection, context.clock.now());
  }

  /** @throws MisconfiguredError when queues are missing */
  async open(connectionId: string): Promise<void> {
    if (this.#consumers.length === 0) return;
    await this.#requireQueues(connectionId);
    const channel = await this.#model.createChannel();
    this.#channel = channel;
    guardContent(channel, this.#context.maxInboundBytes);
    channel.on('error', (error) => this.#channelFailed(error));
    channel.on('handler-error', (error) =>
      this.#context.log.error('AMQP consumer failed', { error: error.message }),
    );
    // Per consumer: quorum queues refuse a limit for the whole channel.
    await channel.prefetch(Math.max(1, Math.ceil(this.#context.maxInFlight / this.#consumers.length)));
    for (const consumer of this.#consumers) await this.#consume(channel, consumer);
  }

  async stop(): Promise<void> {
    this.#isConsuming = false;
    for (const cancel of this.#timers) cancel();
    this.#timers.clear();
    const channel = this.#channel;
    const tags = this.#consumers.flatMap(({ tag }) => (tag === undefined ? [] : [tag]));
    await Promise.allSettled(tags.map((tag) => channel?.cancel(tag)));
  }

  statuses(): readonly ResourceStatus[] {
    return this.#consumers.map(({ status }) => status);
  }

  async #requireQueues(connectionId: string): Promise<void> {
    const missing: string[] = [];
    for (const queue of new Set(this.#consumers.map((consumer) => consumer.queue))) {
      if (!(await this.#exists(queue))) missing.push(queue);
    }
    if (missing.length === 0) return;
    const list = `[${missing.join(', ')}]`;
    this.#events.note?.('failure', `Can not connect to RabbitMQ as queues are missing: ${list}`);
    const cause = makeError(
      'connectivity:connection.failed',
      `The Connection with ID '${connectionId}' failed to connect.`,
      { description: `The queues ${list} to connect to are missing.` },
    );
    throw new MisconfiguredError(`The queues ${list} to connect to are missing.`, { cause });
  }

  /** A passive declare; the broker closes the channel when the queue is missing, so each gets a channel of its own. */
  async #exists(queue: string): Promise<boolean> {
    const channel = await this.#model.createChannel();
    let failure: Error | undefined;
    channel.on('error', (error) => {
      failure = error;
    });
    try {
      await channel.checkQueue(queue);
    } catch (error) {
      if (!isNotFound(failure ?? error)) throw error;
      return false;
    }
    await channel.close();
    return true;
  }

  async #consume(channel: Channel, consumer: Consumer): Promise<void> {
    try {
      const ok = await channel.consume(consumer.queue, (delivery) => {
        if (delivery === null) this.#cancelled(channel, consumer);
        else this.#received(channel, consumer, delivery);
      });
      consumer.tag = ok.consumerTag;
    } catch (error) {
      const text = `Failed to consume queue ${consumer.name}: ${(error as Error).message}`;
      this.#events.note?.('failure', text);
      throw new MisconfiguredError(text, { cause: error });
    }
    this.#change(consumer, 'open', (at) => `Consumer started at ${at}`);
    this.#events.note?.('success', `Consume OK for consumer queue ${consumer.name}`);
  }

  #received(channel: Channel, consumer: Consumer, delivery: ConsumeMessage): void {
    if (!this.#isConsuming) return;
    const { queue, source } = consumer;
    const origin: SourceOrigin = { sourceIndex: source.index, configuredAddress: queue, address: queue };
    this.#events.message(inboundMessage(delivery), origin, (outcome) =>
      this.#settle(channel, delivery, origin, outcome),
    );
  }

  #settle(channel: Channel, delivery: ConsumeMessage, origin: SourceOrigin, outcome: Settlement): void {
    if (outcome === 'redeliver' && delivery.fields.redelivered && this.#isConsuming) {
      const cancel = this.#context.clock.after(redeliveryPauseMs, () => {
        this.#timers.delete(cancel);
        this.#acknowledge(channel, delivery, origin, outcome);
      });
      this.#timers.add(cancel);
    } else {
      this.#acknowledge(channel, delivery, origin, outcome);
    }
  }

  #acknowledge(channel: Channel, delivery: ConsumeMessage, origin: SourceOrigin, outcome: Settlement): void {
    const tag = delivery.fields.deliveryTag;
    const isAccepted = outcome === 'accepted';
    try {
      if (isAccepted) channel.ack(delivery);
      else channel.nack(delivery, false, outcome === 'redeliver');
    } catch {
      return; // The channel is gone, and with it the delivery: the broker delivers it again.
    }
    this.#events.acknowledged?.(
      origin,
      isAccepted,
      isAccepted
        ? `Sending success acknowledgement: basic.ack for deliveryTag=${tag}`
        : `Sending negative acknowledgement: basic.nack for deliveryTag=${tag}, requeue=${tag}`,
    );
  }

  /** The broker ended this consumer alone, mostly because its queue was deleted. It is tried again until the client closes. */
  #cancelled(channel: Channel, consumer: Consumer): void {
    consumer.tag = undefined;
    this.#change(consumer, 'misconfigured', (at) => `Consumer for queue cancelled at ${at}`);
    this.#events.note?.(
      'failure',
      `Consumer with queue ${consumer.name} was cancelled. This can happen for example when the queue was deleted`,
    );
    this.#reconsumeLater(channel, consumer);
  }

  #reconsumeLater(channel: Channel, consumer: Consumer): void {
    if (!this.#isConsuming) return;
    const cancel = this.#context.clock.after(reconsumeAfterMs, () => {
      this.#timers.delete(cancel);
      this.#reconsume(channel, consumer).catch(() => this.#reconsumeLater(channel, consumer));
    });
    this.#timers.add(cancel);
  }

  async #reconsume(channel: Channel, consumer: Consumer): Promise<void> {
    if (!(await this.#exists(consumer.queue))) throw new Error('Queue is still missing.');
    await this.#consume(channel, consumer);
  }

  #channelFailed(error: Error): void {
    for (const consumer of this.#consumers) {
      this.#events.note?.(
        'failure',
        `Consumer with queue <${consumer.name}> shutdown as the channel or the underlying connection has been shut down`,
      );
      this.#change(
        consumer,
        'failed',
        (at) => `Channel or the underlying connection has been shut down at ${at}`,
      );
    }
    this.#lost(error);
  }

  #change(consumer: Consumer, status: ResourceStatus['status'], text: (at: string) => string): void {
    const sinceMs = this.#context.clock.now();
    consumer.status = { ...consumer.status, status, detail: text(formatInstant(sinceMs)), sinceMs };
  }
}

function consumersOf(connection: Connection, nowMs: number): readonly Consumer[] {
  return connection.sources.flatMap((source) =>
    source.addresses.flatMap((queue) =>
      Array.from({ length: Math.max(1, source.consumerCount) }, (_, index) => ({
        source,
        queue,
        name: `${queue}-${index}`,
        tag: undefined,
        status: {
          type: 'source' as const,
          address: queue,
          status: 'unknown' as const,
          detail: `Consumer initialized at ${formatInstant(nowMs)}`,
          sinceMs: nowMs,
        },
      })),
    ),
  );
}

export function isNotFound(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 404;
}
