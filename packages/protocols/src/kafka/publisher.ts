import {
  type Clock,
  type ExternalMessage,
  Fifo,
  type KafkaAddress,
  type PublishEnd,
  PublishError,
} from '@hawser/core';
import type { ICustomPartitioner, Kafka, Message, Producer, RecordMetadata } from 'kafkajs';
import { PublishWindow } from '../publishWindow.ts';
import { innermost, isUnknownTopic, refusal } from './errors.ts';
import { outboundHeaders, outboundValue } from './headers.ts';
import type { KafkaSettings } from './settings.ts';
import { Topics } from './topics.ts';

export interface PublisherOptions {
  readonly kafka: Kafka;
  readonly partitioner: ICustomPartitioner;
  readonly connectionId: string;
  readonly settings: KafkaSettings;
  readonly clock: Clock;
  /** No broker has answered. */
  readonly onFailure: (reason: Error) => void;
}

interface Pending extends Message {
  readonly key: string | null;
  readonly value: Buffer;
  /** Set by the partitioner where the address names none. */
  partition?: number;
  readonly ended: (end: PublishEnd) => void;
}

interface Session {
  readonly producer: Producer;
  readonly connected: Promise<void>;
}

/** Records for one topic, and for one partition where the address says so: what is refused together goes together. */
interface Lane {
  /** Topic and, where it matters, partition. */
  readonly id: string;
  readonly topic: string;
  readonly waiting: Fifo<Pending>;
}

const maxBatchRecords = 500;
/** A record that is larger goes alone: a broker refuses a batch that is too large with all that is in it. */
const maxBatchBytes = 256 * 1_024;
const acknowledged: PublishEnd = { result: { status: 204 } };

/** Sends what has come in since the last request to a topic with the next one; within a lane one follows the other. */
export class Publisher {
  readonly #options: PublisherOptions;
  readonly #lanes = new Map<string, Lane>();
  readonly #window: PublishWindow;
  readonly #topics: Topics;
  #session: Session;
  #pending = 0;
  #isClosed = false;

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#window = new PublishWindow(options.settings.parallelism);
    this.#topics = new Topics(options.kafka, options.clock);
    this.#session = this.#connect();
  }

  async open(): Promise<void> {
    await this.#session.connected;
  }

  publish(address: KafkaAddress, message: ExternalMessage, ended: (end: PublishEnd) => void): void {
    const { settings, connectionId, clock } = this.#options;
    if (this.#pending >= settings.queueSize) {
      ended({ error: queueFull() });
      return;
    }
    this.#pending++;
    const { topic, key, partition } = address;
    const lane = this.#laneOf(topic, partition);
    lane.waiting.push({
      key: key ?? null,
      value: outboundValue(message),
      headers: outboundHeaders(message.headers, connectionId),
      timestamp: String(clock.now()),
      ...(partition === undefined ? {} : { partition }),
      ended: (end) => {
        this.#pending--;
        ended(end);
      },
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const error = new Error('Kafka client was closed.');
    for (const { waiting } of this.#lanes.values()) {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) next.ended({ error });
    }
    this.#window.clear();
    await this.#session.producer.disconnect();
  }

  #connect(): Session {
    const { kafka, partitioner, settings } = this.#options;
    const producer = kafka.producer({
      createPartitioner: partitioner,
      metadataMaxAge: settings.producerMetadataMaxAgeMs,
      retry: { retries: 0 },
    });
    const connected = producer.connect();
    connected.catch(() => {}); // for those who wait for it
    return { producer, connected };
  }

  /** A new one begins to send when everything that comes in now is in it. */
  #laneOf(topic: string, partition: number | undefined): Lane {
    const id = partition === undefined ? topic : `${topic}#${partition}`;
    const known = this.#lanes.get(id);
    if (known !== undefined) return known;
    const lane = { id, topic, waiting: new Fifo<Pending>() };
    this.#lanes.set(id, lane);
    queueMicrotask(() => this.#window.enter(() => void this.#send(lane)));
    return lane;
  }

  async #send(lane: Lane): Promise<void> {
    const messages = takeBatch(lane.waiting);
    if (messages.length > 0) await this.#sendBatch(lane, messages);
    if (this.#isClosed) return;
    this.#window.done();
    if (lane.waiting.length === 0) this.#lanes.delete(lane.id);
    else this.#window.enter(() => void this.#send(lane));
  }

  async #sendBatch(
    { id, topic }: Omit<Lane, 'waiting'>,
    messages: Pending[],
    isRetry = false,
  ): Promise<void> {
    const session = this.#session;
    try {
      await this.#topics.prove(id, topic);
      await session.connected;
      const results = await session.producer.send({
        topic,
        messages,
        acks: 1,
        timeout: this.#options.settings.requestTimeoutMs,
      });
      this.#written(topic, messages, results);
    } catch (error) {
      if (this.#isClosed || !this.#topics.isProven(topic) || !isUnknownTopic(error)) {
        this.#failed(messages, error);
        return;
      }
      // The driver asks for all topics that it knows: one that was deleted fails the others too, and they are sent again.
      if (session === this.#session) this.#renew(session);
      if (!isRetry) return this.#sendBatch({ id, topic }, messages, true);
      this.#topics.miss(id, error);
      this.#failed(messages, error);
    }
  }

  #renew(old: Session): void {
    this.#topics.forget();
    this.#session = this.#connect();
    old.producer.disconnect().catch(() => {});
  }

  #written(topic: string, messages: readonly Pending[], results: readonly RecordMetadata[]): void {
    const { isDebugEnabled } = this.#options.settings;
    const nextOffsets = new Map(results.map(({ partition, baseOffset }) => [partition, Number(baseOffset)]));
    for (const message of messages) {
      const partition = message.partition ?? -1;
      const offset = nextOffsets.get(partition);
      if (offset === undefined) {
        message.ended({ error: noSuchPartition(topic, partition) });
      } else if (!isDebugEnabled) {
        message.ended(acknowledged);
      } else {
        nextOffsets.set(partition, offset + 1);
        const appendedMs = Number(
          results.find((written) => written.partition === partition)?.logAppendTime ?? -1,
        );
        message.ended({
          result: {
            status: 200,
            payload: {
              timestamp: appendedMs >= 0 ? appendedMs : Number(message.timestamp),
              serializedKeySize: message.key === null ? -1 : Buffer.byteLength(message.key),
              serializedValueSize: message.value.length,
              topic,
              partition,
              offset,
            },
          },
        });
      }
    }
  }

  #failed(messages: readonly Pending[], error: unknown): void {
    const refused = refusal(error);
    const reason = refused ?? innermost(error);
    for (const { ended } of messages) ended({ error: reason });
    if (!this.#isClosed && refused === undefined) this.#options.onFailure(reason);
  }
}

function takeBatch(waiting: Fifo<Pending>): Pending[] {
  const batch: Pending[] = [];
  let bytes = 0;
  for (
    let next = waiting.first();
    next !== undefined && batch.length < maxBatchRecords;
    next = waiting.first()
  ) {
    bytes += next.value.length;
    if (batch.length > 0 && bytes > maxBatchBytes) break;
    batch.push(next);
    waiting.shift();
  }
  return batch;
}

/** Where the driver's own choice is written down, for the acknowledgement. */
export const rememberingPartitioner =
  (choose: ICustomPartitioner): ICustomPartitioner =>
  () => {
    const partitionOf = choose();
    return (args) => {
      const partition = partitionOf(args);
      args.message.partition = partition;
      return partition;
    };
  };

/** The driver leaves out what it knows no leader for, and says nothing. */
const noSuchPartition = (topic: string, partition: number): PublishError =>
  new PublishError(500, 'Encountered <UnknownTopicOrPartitionException>.', {
    description: `Partition ${partition} of topic ${topic} has no leader, or does not exist.`,
  });

const queueFull = (): PublishError =>
  new PublishError(503, 'Outgoing Kafka message dropped: There are too many uncommitted messages.', {
    description:
      'This can have the following reasons:\na) The Kafka consumer does not consume the messages fast enough.\nb) The client count of this connection is not configured high enough.',
  });
