import { setTimeout } from 'node:timers/promises';

/** What is used of a Kafka client's `Admin`. */
export interface TopicAdmin<T extends { readonly topic: string }> {
  createTopics(options: { topics: T[]; waitForLeaders: boolean }): Promise<unknown>;
  fetchTopicMetadata(options: { topics: string[] }): Promise<{
    readonly topics: readonly { readonly partitions: readonly { readonly leader: number }[] }[];
  }>;
}

const PATIENCE_MS = 30_000;

/** Makes topics and waits for their leaders: a broker that has just made a topic may still say that it has none such. */
export async function makeTopics<T extends { readonly topic: string }>(
  admin: TopicAdmin<T>,
  ...topics: T[]
): Promise<void> {
  await admin.createTopics({ topics, waitForLeaders: false });
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      const known = await admin.fetchTopicMetadata({ topics: topics.map(({ topic }) => topic) });
      if (known.topics.every(({ partitions }) => partitions.every(({ leader }) => leader >= 0))) return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
    if (Date.now() > deadline) throw new Error(`no leaders after ${PATIENCE_MS} ms`);
    await setTimeout(50);
  }
}
