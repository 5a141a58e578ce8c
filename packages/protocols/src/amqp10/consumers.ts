import {
  type ClientContext,
  type ClientEvents,
  type Connection,
  MisconfiguredError,
  makeError,
  type ResourceStatus,
} from '@hawser/core';
import { linkStatus } from './conditions.ts';
import { Consumer } from './consumer.ts';
import { CreditPool } from './creditPool.ts';
import type { PeerConnection } from './peerConnection.ts';
import type { PeerSession } from './peerSession.ts';
import type { Amqp10Settings } from './settings.ts';

/** All consumers of a client: addresses times `consumerCount` (JMSConnectionHandlingActor.java `createConsumers`). */
export class Consumers {
  readonly #consumers: readonly Consumer[];
  readonly #pool: CreditPool;
  readonly #events: ClientEvents;

  constructor(
    connection: Connection,
    peer: PeerConnection,
    events: ClientEvents,
    context: ClientContext,
    settings: Amqp10Settings,
  ) {
    this.#events = events;
    const pool = new CreditPool(context.maxInFlight, settings.credit);
    this.#pool = pool;
    this.#consumers = connection.sources.flatMap((source) =>
      source.addresses.flatMap((address) =>
        Array.from(
          { length: Math.max(1, source.consumerCount) },
          (_, index) =>
            new Consumer({
              source,
              address,
              name: `${address}-${index}`,
              peer,
              pool,
              events,
              context,
              settings,
            }),
        ),
      ),
    );
  }

  /**
   * @param session the present one; where a refused link ends it, the next
   * @throws DittoError `connectivity:connection.failed` with the names of all that the peer refused, in a MisconfiguredError
   */
  async open(session: () => PeerSession): Promise<void> {
    if (this.#consumers.length === 0) return;
    const failures = new Map<string, Error>();
    for (const consumer of this.#consumers) {
      await consumer.attach(session()).catch((error: Error) => failures.set(consumer.name, error));
    }
    if (failures.size > 0) throw consumeFailure(failures);
    const names = this.#consumers.map(({ name }) => name).join(', ');
    this.#events.note?.('success', `Subscriptions [${names}] initialized successfully`);
  }

  /** Messages come from now on. */
  start(): void {
    this.#pool.start();
  }

  stop(): void {
    for (const consumer of this.#consumers) consumer.stop();
  }

  statuses(): readonly ResourceStatus[] {
    return this.#consumers.map(({ status }) => status);
  }
}

function consumeFailure(failures: ReadonlyMap<string, Error>): Error {
  const [first] = failures.values();
  const error = makeError(
    'connectivity:connection.failed',
    `Failed to consume sources: [${[...failures.keys()].join(', ')}]`,
    {
      description: [...failures].map(([name, { message }]) => `${name}: ${message}`).join(', '),
      cause: first,
    },
  );
  const isUsersFault = [...failures.values()].some((failure) => linkStatus(failure) === 'misconfigured');
  return isUsersFault ? new MisconfiguredError(error.message, { cause: error }) : error;
}
