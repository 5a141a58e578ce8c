import type { ClientContext, Connection, ConnectionClient, ExternalMessage, Settlement } from '@hawser/core';
import { realClock, silentLog } from '@hawser/testkit';
import { kafkaAdapter } from '../src/kafka/adapter.ts';
import { Inbox } from './inbox.ts';

export interface Received {
  readonly text: string;
  readonly message: ExternalMessage;
  readonly settle: (outcome: Settlement) => void;
}

/** A client under test with everything that it has said. */
export interface TestClient {
  readonly client: ConnectionClient;
  readonly received: Received[];
  readonly notes: string[];
  readonly acknowledged: string[];
  readonly refused: string[];
  readonly lost: Inbox;
  /** Waits for so many messages in all. */
  until(count: number): Promise<readonly Received[]>;
  publish(
    address: string,
    text?: string,
    headers?: Record<string, string>,
  ): ReturnType<ConnectionClient['publish']>;
}

/** A consumer that leaves waits for its last fetch: long ones make tests long. */
export function kafkaContext(clientId: string, config: Record<string, unknown> = {}): ClientContext {
  return {
    clock: realClock,
    log: silentLog,
    clientId,
    maxInboundBytes: 65_536,
    maxInFlight: 1_000,
    config: { fetchMaxWaitMs: 100, ...config },
    carry: new Map(),
  };
}

export function testClient(connection: Connection, config: Record<string, unknown> = {}): TestClient {
  const received: Received[] = [];
  const notes: string[] = [];
  const acknowledged: string[] = [];
  const refused: string[] = [];
  const lost = new Inbox();
  const client = kafkaAdapter.createClient(
    connection,
    {
      message: (message, _origin, settle) => received.push({ text: message.text ?? '', message, settle }),
      lost: (reason) => lost.put(`${reason.message} <${(reason.cause as Error).name}>`),
      note: (level, text) => notes.push(`${level}: ${text}`),
      acknowledged: (_origin, ok, text) => acknowledged.push(`${ok}: ${text}`),
      refused: (_origin, reason) => refused.push(reason.message),
    },
    kafkaContext(connection.id, config),
  );
  return {
    client,
    received,
    notes,
    acknowledged,
    refused,
    lost,
    async until(count) {
      await eventually(`${count} messages`, () => received.length >= count);
      return received;
    },
    publish: (address, text = 'x', headers = {}) =>
      client.publish({ address, qos: undefined, targetIndex: 0 }, { headers, text }),
  };
}

export async function eventually(
  what: string,
  holds: () => boolean | Promise<boolean>,
  timeoutMs = 20_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Long enough for what must not happen to happen. */
export const aWhile = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 700));
