import {
  type ClientContext,
  type Connection,
  type ConnectionClient,
  type PublishResult,
  silentLog,
} from '@hawser/core';
import { realClock } from '@hawser/testkit';
import { httpPushAdapter } from '../src/httpPush/adapter.ts';

/** A client that publishes texts. */
export interface PushClient {
  readonly client: ConnectionClient;
  publish(
    address: string,
    text: string,
    headers?: Readonly<Record<string, string>>,
    answerShares?: number,
  ): Promise<PublishResult>;
}

const pushContext = (parts: Partial<ClientContext> = {}): ClientContext => ({
  clock: realClock,
  log: silentLog,
  clientId: 'client',
  maxInboundBytes: 1_048_576,
  maxInFlight: 100,
  config: {},
  carry: new Map(),
  ...parts,
});

export const testConnection = (
  connection: Connection,
  config: Readonly<Record<string, unknown>> = {},
): Promise<void> => httpPushAdapter.test(connection, pushContext({ config }));

/** The clients of one test, and what they told. */
export class PushClients {
  readonly lost: Error[] = [];
  readonly notes: string[] = [];
  readonly #created: ConnectionClient[] = [];

  create(connection: Connection, parts: Partial<ClientContext> = {}): PushClient {
    const client = httpPushAdapter.createClient(
      connection,
      {
        message: () => {},
        lost: (reason) => this.lost.push(reason),
        note: (level, text) => this.notes.push(`${level}: ${text}`),
      },
      pushContext(parts),
    );
    this.#created.push(client);
    return {
      client,
      publish: (address, text, headers = {}, answerShares = 1) =>
        client.publish({ address, qos: undefined, targetIndex: 0, answerShares }, { headers, text }),
    };
  }

  async open(connection: Connection, parts: Partial<ClientContext> = {}): Promise<PushClient> {
    const created = this.create(connection, parts);
    await created.client.open();
    return created;
  }

  async close(): Promise<void> {
    await Promise.all(this.#created.splice(0).map((client) => client.close()));
    this.lost.length = 0;
    this.notes.length = 0;
  }
}

export async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** 0 up to, and without, `count`. */
export const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n);
