import {
  type ClientContext,
  type ClientEvents,
  type Connection,
  connectionFailed,
  isDittoError,
  type ProtocolAdapter,
} from '@hawser/core';
import { LazyClient } from '../lazyClient.ts';
import { failoverDelayMs } from './settings.ts';

/** Serves `amqp-10`. */
export const amqp10Adapter: ProtocolAdapter = {
  connectionTypes: ['amqp-10'],

  createClient: (connection, events, context) =>
    new LazyClient('AMQP', async () => {
      const { Amqp10Client } = await import('./client.ts');
      return new Amqp10Client(connection, events, context);
    }),

  reconnectDelayMs: (connection, attempt) => failoverDelayMs(connection, attempt),

  /** As Ditto: connects and creates all consumers, which get no credit; producers are not tried. */
  async test(connection: Connection, context: ClientContext) {
    const ignore: ClientEvents = { message: () => {}, lost: () => {} };
    const { Amqp10Client } = await import('./client.ts');
    const client = new Amqp10Client(connection, ignore, context);
    try {
      await client.open({ produce: false });
    } catch (error) {
      throw testFailure(connection.id, error as Error);
    } finally {
      await client.close();
    }
  },
};

/** A Ditto error as it is, anything else with its name. */
function testFailure(connectionId: string, error: Error): Error {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (isDittoError(cause)) return cause;
  }
  const description = `The requested Connection could not be connected due to '${error.name}: ${error.message}'`;
  return connectionFailed(connectionId, description, error);
}
