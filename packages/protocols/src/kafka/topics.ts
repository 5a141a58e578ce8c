import type { Clock } from '@hawser/core';
import type { Kafka } from 'kafkajs';
import { isUnknownTopic } from './errors.ts';

/** What was found missing is refused for so long without asking again. */
const askAgainAfterMs = 5_000;
/** Addresses come from messages: only so many missing ones are remembered. */
const maxRemembered = 1_000;

/**
 * Topics that a producer may be told of. The driver asks for all that it was ever told of at once, so that one that does not
 * exist would fail the others: each is asked for alone before.
 */
export class Topics {
  readonly #kafka: Kafka;
  readonly #clock: Clock;
  readonly #proven = new Set<string>();
  readonly #asking = new Map<string, Promise<void>>();
  readonly #missing = new Map<string, { readonly untilMs: number; readonly error: unknown }>();

  constructor(kafka: Kafka, clock: Clock) {
    this.#kafka = kafka;
    this.#clock = clock;
  }

  isProven(topic: string): boolean {
    return this.#proven.has(topic);
  }

  /** @param lane the topic, or one partition of it. @throws the driver's error when there is none, or nobody can tell */
  async prove(lane: string, topic: string): Promise<void> {
    const missing = this.#missing.get(lane);
    if (missing !== undefined) {
      if (this.#clock.monotonic() < missing.untilMs) throw missing.error;
      this.#missing.delete(lane);
    }
    if (this.#proven.has(topic)) return;
    try {
      await this.#ask(topic);
    } catch (error) {
      if (isUnknownTopic(error)) this.miss(lane, error);
      throw error;
    }
  }

  miss(lane: string, error: unknown): void {
    if (this.#missing.size >= maxRemembered) this.#missing.clear();
    this.#missing.set(lane, { untilMs: this.#clock.monotonic() + askAgainAfterMs, error });
  }

  /** All are asked for again. */
  forget(): void {
    this.#proven.clear();
  }

  #ask(topic: string): Promise<void> {
    const known = this.#asking.get(topic);
    if (known !== undefined) return known;
    const asking = proveTopics(this.#kafka, [topic])
      .then(() => void this.#proven.add(topic))
      .finally(() => this.#asking.delete(topic));
    this.#asking.set(topic, asking);
    return asking;
  }
}

/**
 * Resolves when all topics exist, or the broker has made them. A consumer that joins no group asks as Java's clients do; an
 * administrator's question would create nothing. @throws the driver's error
 */
export async function proveTopics(kafka: Kafka, topics: readonly string[]): Promise<void> {
  const consumer = kafka.consumer({ groupId: 'none' });
  try {
    await consumer.connect();
    if (topics.length > 0) await consumer.subscribe({ topics: [...topics] });
  } finally {
    await consumer.disconnect();
  }
}
