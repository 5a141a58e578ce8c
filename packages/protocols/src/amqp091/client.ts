import type { Duplex } from 'node:stream';
import {
  type ClientContext,
  type ClientEvents,
  type Connection,
  type ConnectionClient,
  type ExternalMessage,
  formatInstant,
  MisconfiguredError,
  type PublishEnd,
  type PublishResult,
  type PublishTarget,
  type ResourceStatus,
} from '@hawser/core';
import type { ChannelModel } from 'amqplib';
import { batchWrites } from '../batchWrites.ts';
import { endpointOf } from '../endpoint.ts';
import { promisedPublish, targetStatus } from '../publishing.ts';
import { tlsOptions } from '../tlsOptions.ts';
import { Consumers, isNotFound } from './consumers.ts';
import { parseAddress } from './headers.ts';
import { Publisher } from './publisher.ts';
import { type Amqp091Settings, amqp091Settings } from './settings.ts';

/** Most publishes without a confirm per client. */
const publishWindow = 500;

/** AMQP 0.9.1 (connectivity/service/.../messaging/rabbitmq/RabbitMQClientActor.java): one connection, one channel to publish, one to consume. */
export class Amqp091Client implements ConnectionClient {
  readonly #connection: Connection;
  readonly #events: ClientEvents;
  readonly #context: ClientContext;
  readonly #settings: Amqp091Settings;
  /** Exchange to the instant since when it is missing. */
  readonly #missingExchanges = new Map<string, number>();
  #model: ChannelModel | undefined;
  #publisher: Publisher | undefined;
  #consumers: Consumers | undefined;
  #isEnded = false;
  #failure: Error | undefined;
  #openSinceMs = 0;
  #blocked: { readonly reason: string; readonly sinceMs: number } | undefined;

  constructor(connection: Connection, events: ClientEvents, context: ClientContext) {
    this.#connection = connection;
    this.#context = context;
    this.#settings = amqp091Settings(connection);
    this.#events = events;
  }

  async open(options: { readonly consume: boolean } = { consume: true }): Promise<void> {
    const model = await this.#connect();
    if (this.#isEnded) {
      await model.close().catch(() => {});
      throw new Error('AMQP client was closed.');
    }
    this.#model = model;
    batchWrites(socketOf(model));
    this.#watch(model);
    const publisher = new Publisher({
      model,
      clock: this.#context.clock,
      window: publishWindow,
      retryMissingAfterMs: this.#settings.recoveryIntervalMs,
      onExchange: (exchange, isMissing) => this.#exchangeChanged(exchange, isMissing),
    });
    await publisher.open();
    this.#publisher = publisher;
    await this.#checkExchanges(model);
    if (options.consume) {
      this.#consumers = new Consumers(this.#connection, model, this.#events, this.#context, (reason) =>
        this.#lost(reason),
      );
      await this.#consumers.open(this.#connection.id);
    }
    if (this.#failure !== undefined) throw this.#failure;
    this.#openSinceMs = this.#context.clock.now();
  }

  publish(target: PublishTarget, message: ExternalMessage): Promise<PublishResult> {
    return promisedPublish(this, target, message);
  }

  publishWith(target: PublishTarget, message: ExternalMessage, ended: (end: PublishEnd) => void): void {
    if (this.#publisher === undefined || this.#isEnded) {
      ended({ error: new Error('AMQP client is not open.') });
      return;
    }
    let address: ReturnType<typeof parseAddress>;
    try {
      address = parseAddress(target.address);
    } catch (error) {
      ended({ error });
      return;
    }
    this.#publisher.publish(address.exchange, address.routingKey, message, ended);
  }

  resources(): readonly ResourceStatus[] {
    const targets = this.#connection.targets.map(({ address }) => this.#targetStatus(address));
    return [...(this.#consumers?.statuses() ?? []), ...targets];
  }

  async stopConsuming(): Promise<void> {
    await this.#consumers?.stop();
  }

  async close(): Promise<void> {
    if (this.#isEnded) return;
    this.#isEnded = true;
    await this.#consumers?.stop();
    this.#publisher?.close();
    const model = this.#model;
    if (model === undefined) return;
    const giveUp = new Promise<void>((resolve) => this.#context.clock.after(1_000, resolve));
    await Promise.race([model.close().catch(() => {}), giveUp]);
    // The driver ends its writing side only; a broker that hangs would keep the socket for good.
    socketOf(model).destroy();
  }

  async #connect(): Promise<ChannelModel> {
    const { tunnel } = this.#context;
    const { scheme, host, port, serverName, credentials, path } = endpointOf(this.#connection, tunnel);
    const isTls = scheme === 'amqps';
    const { handshakeTimeoutMs, heartbeatSeconds, channelMax, frameMax } = this.#settings;
    // loaded with the first connection: a service without AMQP 0.9.1 connections starts without it
    const { connect } = await import('amqplib');
    try {
      return await connect(
        {
          protocol: isTls ? 'amqps' : 'amqp',
          hostname: host,
          port,
          ...credentials,
          ...(path === '' ? {} : { vhost: encodeURIComponent(path) }),
          heartbeat: heartbeatSeconds,
          channelMax,
          frameMax,
          maxFrameSize: frameMax,
        },
        {
          ...(isTls ? tlsOptions(this.#connection, serverName, false) : {}),
          noDelay: true,
          timeout: handshakeTimeoutMs,
        },
      );
    } catch (error) {
      throw handshakeFailure(error as Error);
    }
  }

  #watch(model: ChannelModel): void {
    model.on('error', (error) => {
      this.#failure ??= error;
    });
    model.on('close', (error) => this.#lost(this.#failure ?? error ?? new Error('Connection closed.')));
    model.on('handler-error', (error) =>
      this.#context.log.error('AMQP handler failed', { error: error.message }),
    );
    model.on('blocked', (reason) => {
      this.#blocked = { reason, sinceMs: this.#context.clock.now() };
      this.#events.note?.('failure', `Publishing is blocked by the broker: ${reason}`);
    });
    model.on('unblocked', () => {
      this.#blocked = undefined;
      this.#events.note?.('success', 'Publishing is no longer blocked by the broker.');
    });
  }

  /** A missing exchange spoils its target, not the client. */
  async #checkExchanges(model: ChannelModel): Promise<void> {
    const addresses = this.#connection.targets.map(({ address }) => address.slice(0, address.indexOf('/')));
    for (const exchange of new Set(addresses)) {
      if (exchange === '' || exchange.includes('{{')) continue;
      const channel = await model.createChannel();
      channel.on('error', () => {});
      try {
        await channel.checkExchange(exchange);
        await channel.close();
      } catch (error) {
        if (!isNotFound(error)) throw error;
        this.#exchangeChanged(exchange, true);
      }
    }
  }

  #exchangeChanged(exchange: string, isMissing: boolean): void {
    if (isMissing) this.#missingExchanges.set(exchange, this.#context.clock.now());
    else this.#missingExchanges.delete(exchange);
  }

  #targetStatus(address: string): ResourceStatus {
    const base = { type: 'target', address } as const;
    const exchange = address.slice(0, address.indexOf('/'));
    const missingSince = this.#missingExchanges.get(exchange);
    if (missingSince !== undefined) {
      const detail = `Exchange '${exchange}' was missing at ${formatInstant(missingSince)}`;
      return { ...base, status: 'misconfigured', detail, sinceMs: missingSince };
    }
    if (this.#blocked !== undefined) {
      const { reason, sinceMs } = this.#blocked;
      return { ...base, status: 'failed', detail: `Publishing is blocked by the broker: ${reason}`, sinceMs };
    }
    return targetStatus(address, this.#openSinceMs);
  }

  #lost(reason: Error): void {
    if (this.#isEnded) return;
    this.#failure ??= reason;
    if (this.#openSinceMs === 0) return; // `open` rejects with it
    this.#isEnded = true;
    this.#publisher?.close();
    if (this.#model !== undefined) socketOf(this.#model).destroy();
    this.#events.lost(reason);
  }
}

/** The driver's network connection, which it does not publish. */
function socketOf(model: ChannelModel): Duplex {
  return (model.connection as unknown as { stream: Duplex }).stream;
}

/** What the broker said no to needs the user: wrong password, unknown virtual host, another protocol. */
function handshakeFailure(error: Error): Error {
  const isNetwork = 'code' in error || /ETIMEDOUT|Socket closed abruptly/.test(error.message);
  return isNetwork ? error : new MisconfiguredError(error.message, { cause: error });
}
