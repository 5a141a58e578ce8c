import {
  type ClientContext,
  type ClientEvents,
  formatInstant,
  type ResourceStatus,
  type Source,
} from '@hawser/core';
import type { Admin, Consumer, EachBatchPayload, Kafka, PartitionAssigner } from 'kafkajs';
import { Assignment, type PartitionOffset } from './assignment.ts';
import { Committer } from './committer.ts';
import { Delivery } from './delivery.ts';
import { maxFetchBytes } from './driver.ts';
import { meansRejoining } from './errors.ts';
import { RestartBackoff } from './restartBackoff.ts';
import type { KafkaSettings } from './settings.ts';

/** Kafka's `auto.commit.interval.ms`. */
const autoCommitIntervalMs = 5_000;
/** How often a waiting consumer looks whether it owes its group a heartbeat. */
const heartbeatCheckMs = 500;
/** The driver's own tries before it reports a crash: a broker that restarts is found again. */
const driverRetry = {
  retries: 4,
  initialRetryTime: 200,
  maxRetryTime: 2_000,
  restartOnFailure: async () => false,
};

export interface ConsumerOptions {
  readonly kafka: Kafka;
  /** Of the same cluster, to ask where partitions begin. */
  readonly admin: Admin;
  readonly assigner: PartitionAssigner;
  readonly source: Source;
  readonly topic: string;
  readonly settings: KafkaSettings;
  readonly events: ClientEvents;
  readonly context: ClientContext;
  /** Ends the fetches of all consumers; those that go on fetch again. */
  readonly endFetches: () => void;
  readonly onFailure: (reason: Error) => void;
}

/**
 * One member of a consumer group (connectivity/service/.../messaging/kafka/{AtMostOnce,AtLeastOnce}KafkaConsumerStream.java).
 * The driver fetches, beats and rebalances; what is handed on, when, and which offsets are committed is decided here.
 */
export class KafkaConsumer {
  readonly #options: ConsumerOptions;
  readonly #consumer: Consumer;
  readonly #committer: Committer;
  readonly #backoff: RestartBackoff;
  readonly #delivery: Delivery;
  #assignment = new Assignment([]);
  #isConsuming = true;
  #isEnded = false;
  #failure: Error | undefined;
  #wake: () => void = () => {};
  /** The driver takes commits and seeks. */
  readonly #running: Promise<void>;
  #setRunning: () => void = () => {};
  /** Has begun to consume, failed or ended. */
  readonly #begun: Promise<void>;
  #setBegun: () => void = () => {};
  #status: ResourceStatus;

  constructor(options: ConsumerOptions) {
    this.#options = options;
    const { kafka, topic, source, settings, context } = options;
    this.#backoff = new RestartBackoff(settings.restart, context.clock);
    this.#consumer = kafka.consumer({
      groupId: settings.groupId,
      partitionAssigners: [options.assigner],
      sessionTimeout: settings.sessionTimeoutMs,
      heartbeatInterval: settings.heartbeatIntervalMs,
      maxWaitTimeInMs: settings.fetchMaxWaitMs,
      metadataMaxAge: settings.consumerMetadataMaxAgeMs,
      maxBytes: maxFetchBytes,
      retry: driverRetry,
    });
    this.#committer = new Committer({
      consumer: this.#consumer,
      topic,
      clock: context.clock,
      log: context.log,
      ...settings.commit,
      ...(source.qos === 1
        ? { isEnabled: true }
        : { isEnabled: settings.isAutoCommit, maxIntervalMs: autoCommitIntervalMs }),
    });
    this.#delivery = new Delivery({
      ...options,
      onSettled: () => this.#committer.progressed(),
      onRoom: () => this.#wake(),
      onRedeliver: (assignment) => void this.#restart(assignment),
    });
    this.#running = new Promise((resolve) => {
      this.#setRunning = resolve;
    });
    this.#begun = new Promise((resolve) => {
      this.#setBegun = resolve;
    });
    this.#status = {
      type: 'source',
      address: topic,
      status: 'unknown',
      detail: 'Consumer initialized.',
      sinceMs: context.clock.now(),
    };
  }

  get status(): ResourceStatus {
    return this.#status;
  }

  /** Resolves when it has joined its group and knows where to begin. */
  async open(): Promise<void> {
    const consumer = this.#consumer;
    const { topic, settings } = this.#options;
    const { GROUP_JOIN, REBALANCING, CRASH } = consumer.events;
    consumer.on(GROUP_JOIN, ({ payload }) => this.#joined(payload.memberAssignment[topic] ?? []));
    consumer.on(REBALANCING, () => this.#revoked());
    consumer.on(CRASH, ({ payload }) => this.#failed(payload.error));
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: settings.offsetReset === 'earliest' });
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      eachBatch: (payload) => this.#batch(payload),
    });
    this.#setRunning();
    // the driver finishes to join what was closed meanwhile
    if (this.#isEnded) await consumer.disconnect();
    await this.#begun;
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#isEnded) throw new Error('Kafka client was closed.');
    this.#change('open', 'Consumer started.');
  }

  stop(): void {
    this.#isConsuming = false;
  }

  /** Commits what is settled, and leaves the group. */
  async close(): Promise<void> {
    this.#isConsuming = false;
    if (this.#failure === undefined) await this.#committer.commit();
    this.#isEnded = true;
    this.#delivery.end();
    this.#assignment.end();
    this.#committer.close();
    this.#backoff.cancel();
    this.#setRunning();
    this.#setBegun();
    this.#wake();
    const left = this.#consumer.disconnect();
    this.#options.endFetches();
    await left;
  }

  #failed(reason: Error): void {
    if (this.#isEnded || this.#failure !== undefined) return;
    this.#failure = reason;
    const failedAt = formatInstant(this.#options.context.clock.now());
    this.#change(
      'failed',
      `Kafka consumer failed. - cause <${reason.name}>: ${reason.message} At ${failedAt}`,
    );
    this.#assignment.end();
    this.#setBegun();
    this.#wake();
    this.#options.onFailure(reason);
  }

  #joined(partitions: readonly number[]): void {
    if (this.#isEnded) return;
    const assignment = this.#succeed(partitions);
    this.#running
      .then(() => this.#findPositions(assignment))
      .then(
        (positions) => {
          if (!assignment.isEnded) this.#begin(assignment, positions);
        },
        (error: Error) => {
          if (!assignment.isEnded) this.#failed(error);
        },
      );
  }

  /** The driver is about to join anew; a commit that is sent now is still of the old generation. */
  #revoked(): void {
    const assignment = this.#assignment;
    void this.#committer.commit(assignment, () => assignment === this.#assignment);
    assignment.end();
    this.#wake();
  }

  /** What was delivered before is no longer ours to commit. */
  #succeed(partitions: readonly number[]): Assignment {
    this.#assignment.end();
    const assignment = new Assignment(partitions);
    this.#assignment = assignment;
    this.#committer.follow(assignment);
    this.#wake();
    return assignment;
  }

  #begin(assignment: Assignment, positions: readonly PartitionOffset[]): void {
    assignment.begin(positions);
    this.#setBegun();
    this.#wake();
  }

  /**
   * A partition without a committed offset begins where the reset policy says, and that is committed before anything is
   * handed on: after a crash `latest` would begin behind what was under way.
   */
  async #findPositions({ partitions }: Assignment): Promise<readonly PartitionOffset[]> {
    if (partitions.length === 0) return [];
    const { admin, topic, settings } = this.#options;
    const { groupId, offsetReset } = settings;
    const [committed] = await admin.fetchOffsets({ groupId, topics: [topic] });
    const known = (committed?.partitions ?? [])
      .map(({ partition, offset }) => ({ partition, offset: Number(offset) }))
      .filter(({ partition, offset }) => offset >= 0 && partitions.includes(partition));
    if (known.length === partitions.length) return known;
    const ends = await admin.fetchTopicOffsets(topic);
    const fresh = ends
      .map(({ partition, low, high }) => ({
        partition,
        offset: Number(offsetReset === 'earliest' ? low : high),
      }))
      .filter(
        ({ partition }) =>
          partitions.includes(partition) && !known.some((found) => found.partition === partition),
      );
    await this.#committer.writeFirst(fresh);
    this.#seek(fresh);
    return [...known, ...fresh];
  }

  #seek(positions: readonly PartitionOffset[]): void {
    const { topic } = this.#options;
    for (const { partition, offset } of positions) {
      this.#consumer.seek({ topic, partition, offset: String(offset) });
    }
  }

  async #batch(payload: EachBatchPayload): Promise<void> {
    const { batch, resolveOffset, heartbeat, isRunning, isStale } = payload;
    const assignment = this.#assignment;
    this.#committer.commitWith(payload.commitOffsetsIfNecessary);
    const isOver = (): boolean => this.#isEnded || assignment.isEnded || !isRunning() || isStale();
    for (const record of batch.messages) {
      while (!isOver() && !this.#mayDeliver(assignment)) await this.#pause(heartbeat);
      // what was not taken is fetched again
      if (isOver()) return;
      resolveOffset(record.offset);
      this.#delivery.deliver(assignment, batch.partition, record);
    }
    resolveOffset(batch.lastOffset());
  }

  #mayDeliver(assignment: Assignment): boolean {
    return this.#isConsuming && assignment.isReady && this.#delivery.hasRoom(assignment);
  }

  /** Until something has changed, or it is time to look for a heartbeat. @throws the driver's error when the group rebalances */
  async #pause(heartbeat: () => Promise<void>): Promise<void> {
    let cancel: () => void = () => {};
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      cancel = this.#options.context.clock.after(this.#delivery.waitMs(heartbeatCheckMs), resolve);
    });
    cancel();
    if (this.#isEnded) return;
    try {
      await heartbeat();
    } catch (error) {
      if (meansRejoining(error)) this.#revoked();
      throw error;
    }
  }

  /** From the first unsettled record of each partition on, without leaving the group: nobody else is disturbed. */
  async #restart(assignment: Assignment): Promise<void> {
    const positions = assignment.positions();
    const successor = this.#succeed(assignment.partitions);
    const committed = this.#committer.commit(assignment, () => !successor.isEnded);
    this.#change('closed', 'Restarting because of rejected message.');
    await Promise.all([committed, this.#backoff.wait()]);
    if (this.#isEnded || this.#failure !== undefined) return;
    this.#change('open', 'Consumer started.');
    this.#backoff.restarted();
    if (successor.isEnded) return;
    this.#seek(positions);
    this.#begin(successor, positions);
  }

  #change(status: ResourceStatus['status'], detail: string): void {
    this.#status = { ...this.#status, status, detail, sinceMs: this.#options.context.clock.now() };
  }
}
