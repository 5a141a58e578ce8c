import {
  type ClientContext,
  type ClientEvents,
  type Connection,
  type ConnectionClient,
  ConnectionFailure,
  type ExternalMessage,
  type KafkaAddress,
  MisconfiguredError,
  type PublishEnd,
  type PublishResult,
  type PublishTarget,
  parseConnectionUri,
  parseKafkaAddress,
  type ResourceStatus,
} from '@hawser/core';
import type { Admin } from 'kafkajs';
import { promisedPublish, targetStatus } from '../publishing.ts';
import { KafkaConsumer } from './consumer.ts';
import { createDriver, type Driver } from './driver.ts';
import { openFailure } from './errors.ts';
import { Publisher, rememberingPartitioner } from './publisher.ts';
import { rangeAssigner } from './rangeAssigner.ts';
import { type KafkaSettings, kafkaSettings } from './settings.ts';
import { proveTopics } from './topics.ts';

/** What a closing client gives the driver to leave its group; then its sockets are ended. */
const closeTimeoutMs = 4_000;

/** Kafka (connectivity/service/.../messaging/kafka/KafkaClientActor.java): one producer, and one consumer for each address and `consumerCount`. */
export class KafkaClient implements ConnectionClient {
  readonly #connection: Connection;
  readonly #events: ClientEvents;
  readonly #context: ClientContext;
  readonly #settings: KafkaSettings;
  #driver: Driver | undefined;
  #admin: Admin | undefined;
  #publisher: Publisher | undefined;
  #consumers: readonly KafkaConsumer[] = [];
  #openSinceMs: number | undefined;
  #failure: Error | undefined;
  /** Closed, or lost: nothing is emitted any more. */
  #isEnded = false;
  #closing: Promise<void> | undefined;

  constructor(connection: Connection, events: ClientEvents, context: ClientContext) {
    this.#connection = connection;
    this.#context = context;
    this.#settings = kafkaSettings(connection, context);
    this.#events = events;
  }

  async open(): Promise<void> {
    try {
      const driver = await this.#connect();
      const admin = driver.consumers.admin();
      this.#admin = admin;
      const sources = this.#connection.sources;
      if (sources.length > 0) await admin.connect();
      this.#consumers = sources.flatMap((source) =>
        source.addresses.flatMap((topic) =>
          Array.from({ length: Math.max(1, source.consumerCount) }, () =>
            this.#createConsumer(driver, admin, { source, topic }),
          ),
        ),
      );
      await Promise.all(this.#consumers.map((consumer) => consumer.open()));
    } catch (error) {
      throw openFailure(this.#failure ?? error);
    }
    if (this.#isEnded) throw new Error('Kafka client was closed.');
    if (this.#failure !== undefined) throw openFailure(this.#failure);
    this.#openSinceMs = this.#context.clock.now();
  }

  /** Proves brokers, credentials and topics; no group is joined, as that would take partitions from its members. */
  async test(): Promise<void> {
    try {
      const { consumers } = await this.#connect();
      await proveTopics(
        consumers,
        this.#connection.sources.flatMap(({ addresses }) => addresses),
      );
    } catch (error) {
      throw openFailure(error);
    }
    const uri = parseConnectionUri(this.#connection.uri).masked;
    this.#context.log.info(`Kafka connection to ${uri} established successfully`);
  }

  publish(target: PublishTarget, message: ExternalMessage): Promise<PublishResult> {
    return promisedPublish(this, target, message);
  }

  publishWith(target: PublishTarget, message: ExternalMessage, ended: (end: PublishEnd) => void): void {
    if (this.#publisher === undefined || this.#isEnded) {
      ended({ error: new Error('Kafka client is not open.') });
      return;
    }
    let address: KafkaAddress;
    try {
      address = parseKafkaAddress(target.address);
    } catch (error) {
      ended({ error });
      return;
    }
    this.#publisher.publish(address, message, ended);
  }

  resources(): readonly ResourceStatus[] {
    const sinceMs = this.#openSinceMs ?? this.#context.clock.now();
    const targets = this.#connection.targets.map(({ address }) => targetStatus(address, sinceMs));
    return [...this.#consumers.map(({ status }) => status), ...targets];
  }

  async stopConsuming(): Promise<void> {
    for (const consumer of this.#consumers) consumer.stop();
  }

  close(): Promise<void> {
    this.#isEnded = true;
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    const driver = this.#driver;
    if (driver === undefined) return;
    const farewells = Promise.allSettled([
      ...this.#consumers.map((consumer) => consumer.close()),
      this.#publisher?.close(),
      this.#admin?.disconnect(),
    ]);
    let cancel: () => void = () => {};
    const giveUp = new Promise<void>((resolve) => {
      cancel = this.#context.clock.after(closeTimeoutMs, resolve);
    });
    await Promise.race([farewells, giveUp]);
    cancel();
    driver.sockets.destroy();
  }

  async #connect(): Promise<Driver> {
    // The cluster names hosts of its own, to which no tunnel leads. Validation refuses it for `kafka`, not for `hono`.
    if (this.#context.tunnel !== undefined)
      throw new MisconfiguredError('SSH tunneling is not supported for Kafka.');
    const driver = await createDriver(this.#connection, this.#settings, this.#context);
    this.#driver = driver;
    if (this.#isEnded) {
      driver.sockets.destroy();
      throw new Error('Kafka client was closed.');
    }
    const publisher = new Publisher({
      kafka: driver.producers,
      partitioner: rememberingPartitioner(driver.partitioner),
      connectionId: this.#connection.id,
      settings: this.#settings,
      clock: this.#context.clock,
      onFailure: (reason) => this.#lost(new ConnectionFailure('Broker may not be available.', reason)),
    });
    this.#publisher = publisher;
    await publisher.open();
    return driver;
  }

  #createConsumer(
    { consumers: kafka, assignerProtocol, sockets }: Driver,
    admin: Admin,
    address: Pick<ConstructorParameters<typeof KafkaConsumer>[0], 'source' | 'topic'>,
  ): KafkaConsumer {
    return new KafkaConsumer({
      ...address,
      kafka,
      admin,
      assigner: rangeAssigner(assignerProtocol, admin),
      settings: this.#settings,
      events: this.#events,
      context: this.#context,
      endFetches: () => sockets.endFetches(),
      onFailure: (reason) =>
        this.#lost(new ConnectionFailure('Unexpected consumer failure.', openFailure(reason))),
    });
  }

  #lost(reason: Error): void {
    if (this.#isEnded) return;
    this.#failure ??= reason;
    if (this.#openSinceMs === undefined) return; // `open` rejects with it
    this.#isEnded = true;
    this.#events.lost(reason);
  }
}
