import type {
  CompiledConnection,
  Connection,
  DittoError,
  ExternalMessage,
  Settlement,
  Signal,
  SourceOrigin,
  TwinService,
} from '@hawser/core';
import type { SettleMode } from './delivery.ts';
import { InboundLine, type InboundMessage } from './inbound.ts';
import type { Monitor } from './monitor.ts';
import { OutboundLine } from './outbound.ts';
import type { Outbox } from './outbox.ts';
import { streamingTypeOfTopic } from './streamingTypes.ts';

export interface LineOptions {
  readonly compiled: CompiledConnection;
  readonly clientIndex: number;
  readonly twin: TwinService;
  readonly outbox: Outbox;
  readonly monitor: Monitor;
  readonly mode: SettleMode;
  /** Ditto's `mapping.max-pool-size`: an upper bound of `processorPoolSize`. */
  readonly maxPoolSize: number;
}

/** The running line of one client of a connection: broker → mapping → twin → targets of others, and back. */
export class Line {
  readonly #options: LineOptions;
  readonly #inbound: InboundLine;
  readonly #outbound: OutboundLine;
  #unsubscribe: (() => void) | undefined;

  constructor(options: LineOptions) {
    this.#options = options;
    const { compiled, monitor, mode, outbox, maxPoolSize } = options;
    const parallelism = Math.min(compiled.connection.processorPoolSize, maxPoolSize);
    this.#inbound = new InboundLine({
      compiled,
      monitor,
      mode,
      parallelism,
      dispatch: (signal, inbound) => this.#dispatch(signal, inbound),
      refuse: (error, failed, inbound) => this.#refuse(error, failed, inbound),
    });
    this.#outbound = new OutboundLine({ compiled, outbox, monitor, parallelism });
  }

  /** A message of the broker. */
  receive(message: ExternalMessage, origin: SourceOrigin, settle: (outcome: Settlement) => void): void {
    this.#inbound.receive(message, origin, settle);
  }

  /** From now on signals reach the targets; while the client is not connected they wait in the outbox. */
  subscribe(): void {
    if (this.#unsubscribe !== undefined) return;
    const { compiled, clientIndex, twin } = this.#options;
    const { connection } = compiled;
    this.#unsubscribe = twin.subscribe({
      subscriberId: `${connection.id}#${clientIndex}`,
      group: connection.id,
      subjects: [...new Set(connection.targets.flatMap((target) => target.authorizationContext))],
      types: typesOf(connection),
      onSignal: (signal, voyage) => this.#outbound.deliver(signal, voyage),
    });
  }

  unsubscribe(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  /** A signal that the client itself has made (an announcement). */
  announce(signal: Signal): void {
    this.#outbound.deliver(signal, undefined);
  }

  /** Resolves when every received message is settled and every publish has finished. */
  async idle(): Promise<void> {
    await this.#inbound.idle();
    await this.#options.outbox.empty();
  }

  #dispatch(signal: Signal, { delivery }: InboundMessage): number {
    this.#options.twin.submit(signal, {
      voyage: delivery,
      reply: (answer) => this.#outbound.reply(answer, delivery),
    });
    return 0;
  }

  #refuse(_error: DittoError, _failed: unknown, _inbound: InboundMessage): void {}
}

function typesOf(connection: Connection) {
  const types = connection.targets.flatMap(({ topics }) =>
    topics.flatMap(({ topic }) => streamingTypeOfTopic[topic] ?? []),
  );
  return [...new Set(types)];
}
