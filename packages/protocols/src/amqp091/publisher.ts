import {
  type Clock,
  type ExternalMessage,
  OpenList,
  type OpenListLinks,
  type PublishEnd,
  PublishError,
} from '@hawser/core';
import type { Channel, ChannelModel, ConfirmChannel, Message } from 'amqplib';
import { PublishWindow } from '../publishWindow.ts';
import { publishOptions } from './headers.ts';
import { PublishBatch } from './publishBatch.ts';

interface Pending extends OpenListLinks<Pending> {
  readonly exchange: string;
  readonly routingKey: string;
  /** Cleared when it has ended: arrays that the driver has outgrown refer to it until the next full collection. */
  ended: ((end: PublishEnd) => void) | undefined;
}

export interface PublisherOptions {
  readonly model: ChannelModel;
  readonly clock: Clock;
  /** Most publishes without a confirm. */
  readonly window: number;
  /** How long a publish to an exchange that was found missing is refused without asking again, ms. */
  readonly retryMissingAfterMs: number;
  /** An exchange was missing (true) or is there again (false). */
  readonly onExchange: (exchange: string, isMissing: boolean) => void;
}

const confirmed: PublishEnd = { result: { status: 200 } };
const unconfirmed: PublishEnd = {
  result: {
    status: 400,
    payload:
      'The external broker does not support RabbitMQ publisher confirms. Acknowledgement is not possible.',
  },
};

/** Publishes on a channel of its own with publisher confirms, and opens a new channel when the broker closed it. */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #window: PublishWindow;
  readonly #pending = new OpenList<Pending>();
  /** Exchange to the time until when it is taken as missing. */
  readonly #missing = new Map<string, number>();
  #channel: Channel | undefined;
  /** Of the channel, where it confirms. */
  #batch: PublishBatch | undefined;
  #opening: Promise<void> | undefined;
  #isClosed = false;
  readonly #confirms: boolean;

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#window = new PublishWindow(options.window);
    this.#confirms = supportsConfirms(options.model);
  }

  open(): Promise<void> {
    this.#opening ??= this.#openChannel().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  /** @param ended gets a PublishError when the broker nacked or returned the message or knows no such exchange */
  publish(
    exchange: string,
    routingKey: string,
    message: ExternalMessage,
    ended: (end: PublishEnd) => void,
  ): void {
    const missing = this.#missingExchange(exchange);
    if (missing !== undefined) {
      ended({ error: missing });
      return;
    }
    const pending: Pending = {
      exchange,
      routingKey,
      ended,
      list: undefined,
      next: undefined,
      previous: undefined,
    };
    if (this.#channel !== undefined) this.#publishWindowed(pending, message);
    else
      this.open().then(
        () => this.#publishWindowed(pending, message),
        (error: unknown) => ended({ error }),
      );
  }

  #publishWindowed(pending: Pending, message: ExternalMessage): void {
    this.#window.enter(() => {
      this.#pending.add(pending);
      this.#send(pending, message);
    });
  }

  #finish(pending: Pending, error?: Error): void {
    if (!this.#pending.delete(pending)) return;
    const { ended } = pending;
    pending.ended = undefined;
    this.#window.done();
    if (error !== undefined) ended?.({ error });
    else ended?.(this.#confirms ? confirmed : unconfirmed);
  }

  close(): void {
    this.#isClosed = true;
    this.#fail(new Error('AMQP session was closed.'));
    this.#window.clear();
  }

  #send(pending: Pending, message: ExternalMessage): void {
    const channel = this.#channel;
    if (channel === undefined) {
      this.#finish(pending, new Error('No channel available.'));
      return;
    }
    const { exchange, routingKey } = pending;
    const answered = (error: Error | null): void =>
      this.#finish(
        pending,
        error === null ? undefined : refused('Received negative confirm from the external broker.', error),
      );
    try {
      if (this.#batch?.add({ exchange, routingKey, message }, answered) === true) return;
      const body = message.text === undefined ? Buffer.from(message.bytes ?? []) : Buffer.from(message.text);
      const options = publishOptions(message.headers);
      if (this.#confirms) {
        (channel as ConfirmChannel).publish(exchange, routingKey, body, options, answered);
      } else {
        channel.publish(exchange, routingKey, body, options);
        this.#finish(pending);
      }
    } catch (error) {
      // The driver refuses what does not fit into a frame; a closed channel is noticed by its own event.
      const text = `Failed to publish message to RabbitMQ: ${(error as Error).message}`;
      this.#finish(pending, isClosedChannel(error) ? (error as Error) : refused(text, error));
    }
  }

  async #openChannel(): Promise<void> {
    const { model } = this.#options;
    const channel = await (this.#confirms ? model.createConfirmChannel() : model.createChannel());
    let failure: Error | undefined;
    channel.on('error', (error) => {
      failure = error;
    });
    channel.on('return', (returned) => this.#returned(returned));
    channel.on('handler-error', (error) => {
      failure = error;
    });
    // Runs before the driver's own listener, which would report every open publish as `channel closed`, and so as nacked.
    channel.prependListener('close', () => this.#channelClosed(channel, failure));
    this.#channel = channel;
    this.#batch = this.#confirms ? new PublishBatch(channel as ConfirmChannel) : undefined;
  }

  /**
   * The broker closed the channel because of one publish (no such exchange, no permission): those to the exchange that it
   * names are refused, all others are open again. Without a name nobody can tell, so all are refused.
   */
  #channelClosed(channel: Channel, failure: Error | undefined): void {
    if (this.#channel !== channel) return;
    this.#channel = undefined;
    if (failure === undefined || this.#isClosed) {
      this.#fail(failure ?? new Error('Channel closed.'));
      return;
    }
    const exchange = /exchange '([^']*)'/.exec(failure.message)?.[1];
    const error = refused(`Failed to publish message to RabbitMQ: ${failure.message}`, failure);
    for (const pending of this.#pending.members()) {
      if (exchange === undefined || pending.exchange === exchange) this.#finish(pending, error);
    }
    if (exchange !== undefined) {
      this.#missing.set(exchange, this.#options.clock.monotonic() + this.#options.retryMissingAfterMs);
      this.#options.onExchange(exchange, true);
    }
    this.#fail(new Error('Channel closed.'));
  }

  #missingExchange(exchange: string): PublishError | undefined {
    if (this.#missing.size === 0) return undefined;
    const until = this.#missing.get(exchange);
    if (until === undefined) return undefined;
    if (this.#options.clock.monotonic() < until) {
      return new PublishError(503, `Failed to publish message to RabbitMQ: no exchange '${exchange}'`);
    }
    this.#missing.delete(exchange);
    this.#options.onExchange(exchange, false);
    return undefined;
  }

  /** Ditto's rule: a return concerns every open publish to the same exchange and routing key. */
  #returned(returned: Message): void {
    const { exchange, routingKey } = returned.fields;
    const { replyCode, replyText } = returned.fields as { replyCode?: number; replyText?: string };
    const text = `Received basic.return from the external broker: ${replyCode} ${replyText}`;
    for (const pending of this.#pending.members()) {
      if (pending.exchange === exchange && pending.routingKey === routingKey) {
        this.#finish(pending, new PublishError(503, text));
      }
    }
  }

  #fail(reason: Error): void {
    for (const pending of this.#pending.members()) this.#finish(pending, reason);
  }
}

function refused(text: string, cause: unknown): PublishError {
  return new PublishError(503, text, { cause });
}

function isClosedChannel(error: unknown): boolean {
  return (error as Error).name === 'IllegalOperationError';
}

function supportsConfirms(model: ChannelModel): boolean {
  const { capabilities } = model.connection.serverProperties as {
    capabilities?: { publisher_confirms?: boolean };
  };
  return capabilities?.publisher_confirms === true;
}
