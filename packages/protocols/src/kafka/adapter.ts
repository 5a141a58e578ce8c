import type { ClientContext, ClientEvents, Connection, ProtocolAdapter } from '@hawser/core';
import { configNumber } from '../configNumber.ts';
import { LazyClient } from '../lazyClient.ts';

/** Serves `kafka`, and `hono` with what such a connection stands for. */
export const kafkaAdapter: ProtocolAdapter = {
  connectionTypes: ['kafka', 'hono'],

  createClient: (connection, events, context) =>
    new LazyClient('Kafka', async () => {
      const { KafkaClient } = await import('./client.ts');
      return new KafkaClient(connection, events, context);
    }),

  /** Java's clients try every 0.5 s to 10 s (`reconnect.backoff.ms`, `reconnect.backoff.max.ms`). */
  reconnectDelayMs(_connection, attempt, { config }) {
    return Math.min(
      configNumber(config, 'reconnectMinMs', 500) * 2 ** Math.min(attempt - 1, 20),
      configNumber(config, 'reconnectMaxMs', 10_000),
    );
  },

  async test(connection: Connection, context: ClientContext) {
    const ignore: ClientEvents = { message: () => {}, lost: () => {} };
    const { KafkaClient } = await import('./client.ts');
    const client = new KafkaClient(connection, ignore, context);
    try {
      await client.test();
    } finally {
      await client.close();
    }
  },
};
