import type { ClientContext, ClientEvents, Connection, ProtocolAdapter } from '@hawser/core';
import { Amqp091Client } from './client.ts';
import { amqp091Settings } from './settings.ts';

/** Serves `amqp-091`. */
export const amqp091Adapter: ProtocolAdapter = {
  connectionTypes: ['amqp-091'],

  createClient: (connection, events, context) => new Amqp091Client(connection, events, context),

  /** The Java client tries every `networkRecoveryInterval` (5 s); the first tries come sooner, a restart is often over by then. */
  reconnectDelayMs: (connection, attempt) =>
    Math.min(1_000 * 2 ** (attempt - 1), amqp091Settings(connection).recoveryIntervalMs),

  /** As Ditto: connects and opens the publisher channel; queues are not looked at. */
  async test(connection: Connection, context: ClientContext) {
    const ignore: ClientEvents = { message: () => {}, lost: () => {} };
    const client = new Amqp091Client(connection, ignore, context);
    try {
      await client.open({ consume: false });
    } finally {
      await client.close();
    }
  },
};
