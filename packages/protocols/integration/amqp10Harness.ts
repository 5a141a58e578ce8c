import type {
  ClientContext,
  Connection,
  ConnectionClient,
  ExternalMessage,
  Settlement,
  SourceOrigin,
} from '@hawser/core';
import { realClock, silentLog } from '@hawser/testkit';
import { amqp10Adapter } from '../src/amqp10/adapter.ts';
import { Inbox } from './inbox.ts';

interface Received {
  readonly message: ExternalMessage;
  readonly origin: SourceOrigin;
  readonly settle: (outcome: Settlement) => void;
}

export const context = (clientId: string): ClientContext => ({
  clock: realClock,
  log: silentLog,
  clientId,
  maxInboundBytes: 65_536,
  maxInFlight: 100,
  config: { backoffMinTimeoutMs: 200, requestTimeoutMs: 1_000, producerCacheSize: 2, maxQueueSize: 20 },
  carry: new Map(),
});

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(10);
}

/** A client under test and everything that it tells. */
export function harness() {
  const received: Received[] = [];
  const hooks: { onMessage: (received: Received) => void } = { onMessage: () => {} };
  const notes: string[] = [];
  const acknowledged: string[] = [];
  const refused: string[] = [];
  const lost = new Inbox();
  const open: ConnectionClient[] = [];
  return Object.assign(hooks, {
    received,
    notes,
    acknowledged,
    refused,
    lost,
    clientFor(connection: Connection, overrides: Partial<ClientContext> = {}): ConnectionClient {
      const client = amqp10Adapter.createClient(
        connection,
        {
          message: (message, origin, settle) => {
            const each = { message, origin, settle };
            received.push(each);
            hooks.onMessage(each);
          },
          lost: (reason) => lost.put(reason.message),
          note: (level, text) => notes.push(`${level}: ${text}`),
          acknowledged: (_origin, ok, text) => acknowledged.push(`${ok}: ${text}`),
          refused: (_origin, reason) => refused.push(reason.message),
        },
        { ...context(connection.id), ...overrides },
      );
      open.push(client);
      return client;
    },
    close: () => Promise.all(open.splice(0).map((client) => client.close())),
  });
}

export const publish = (client: ConnectionClient, address: string, text = 'x', headers = {}) =>
  client.publish({ address, qos: undefined, targetIndex: 0 }, { headers, text });

export const failureOf = (
  work: Promise<unknown>,
): Promise<Error & { description?: string; status?: number }> =>
  work.then(
    () => Promise.reject(new Error('It did not fail.')),
    (error) => error,
  );
