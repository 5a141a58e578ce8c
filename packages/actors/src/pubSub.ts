import type { JsonObject } from '@hawser/core';

export type Subscriber = (message: JsonObject) => void;

/** `/system/distributedPubSubMediator` within one process: topics, and whoever listens. */
export class PubSub {
  readonly #topics = new Map<string, Set<Subscriber>>();

  /** @returns how to unsubscribe */
  subscribe(topic: string, subscriber: Subscriber): () => void {
    const subscribers = this.#topics.get(topic) ?? new Set();
    this.#topics.set(topic, subscribers.add(subscriber));
    return () => {
      subscribers.delete(subscriber);
      if (subscribers.size === 0) this.#topics.delete(topic);
    };
  }

  hasSubscribers(topic: string): boolean {
    return this.#topics.has(topic);
  }

  /** To every subscriber, or to one of them for a group topic. Returns how many were reached. */
  publish(topic: string, message: JsonObject, isGroupTopic = false): number {
    const all = [...(this.#topics.get(topic) ?? [])];
    const reached = isGroupTopic ? all.slice(0, 1) : all;
    for (const subscriber of reached) subscriber(message);
    return reached.length;
  }
}
