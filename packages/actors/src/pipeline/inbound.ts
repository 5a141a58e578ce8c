import type {
  Adaptable,
  CompiledConnection,
  DittoError,
  ExternalMessage,
  InboundOutcome,
  Settlement,
  Signal,
  SourceOrigin,
} from '@hawser/core';
import { isDittoError } from '@hawser/core';
import { Delivery, type SettleMode } from './delivery.ts';
import { logTexts } from './logTexts.ts';
import type { Monitor } from './monitor.ts';
import { OrderedStage, type Outcome } from './orderedStage.ts';

/** A source message on its way in. */
export interface InboundMessage {
  readonly message: ExternalMessage;
  readonly origin: SourceOrigin;
  readonly delivery: Delivery;
}

export interface InboundOptions {
  readonly compiled: CompiledConnection;
  readonly monitor: Monitor;
  readonly mode: SettleMode;
  /** Messages mapped in parallel. */
  readonly parallelism: number;
  /** Hands a mapped signal on. Returns what its source message has to wait for: a number of answers, mostly none. */
  readonly dispatch: (signal: Signal, inbound: InboundMessage) => number;
  /** Tells the sender of a message that it failed. */
  readonly refuse: (error: DittoError, failed: InboundFailure, inbound: InboundMessage) => void;
}

/** What was known of a message when it failed. */
export interface InboundFailure {
  readonly mapper: string | undefined;
  readonly adaptable: Adaptable | undefined;
}

/** Messages on their way in through one client: mapping in parallel, dispatch in order of reception (spec 08, 1). */
export class InboundLine {
  readonly #options: InboundOptions;
  readonly #stage: OrderedStage<readonly InboundOutcome[]>;
  #inFlight = 0;
  readonly #idleWaiters: (() => void)[] = [];

  constructor(options: InboundOptions) {
    this.#options = options;
    this.#stage = new OrderedStage(options.parallelism);
  }

  /** Resolves when every received message is settled. */
  async idle(): Promise<void> {
    if (this.#inFlight > 0) await new Promise<void>((resolve) => this.#idleWaiters.push(resolve));
  }

  receive(message: ExternalMessage, origin: SourceOrigin, settle: (outcome: Settlement) => void): void {
    const { compiled, monitor, mode } = this.#options;
    const source = compiled.sources.get(origin.sourceIndex);
    this.#inFlight++;
    const delivery = new Delivery((outcome) => {
      this.#inFlight--;
      settle(outcome);
      if (this.#inFlight === 0) for (const resolve of this.#idleWaiters.splice(0)) resolve();
    }, mode);
    if (source === undefined) {
      delivery.decide('rejected');
      return;
    }
    monitor.inbound('consumed', origin.configuredAddress, true, logTexts.consumed, message);
    const inbound: InboundMessage = { message, origin, delivery };
    this.#stage.run(
      () => source.mapInbound(message, origin),
      (outcome) => this.#mapped(inbound, outcome),
    );
  }

  #mapped(inbound: InboundMessage, outcome: Outcome<readonly InboundOutcome[]>): void {
    if (!('value' in outcome)) {
      this.#failed(outcome.error, { mapper: undefined, adaptable: undefined }, inbound);
      inbound.delivery.decide('accepted');
      return;
    }
    let expected = 0;
    for (const each of outcome.value) expected += this.#outcome(each, inbound);
    if (expected === 0) inbound.delivery.decide('accepted');
  }

  #outcome({ mapper, outcome, signals, error }: InboundOutcome, inbound: InboundMessage): number {
    const { monitor, dispatch } = this.#options;
    const address = inbound.origin.configuredAddress;
    if (outcome === 'failed') {
      this.#failed(error, { mapper, adaptable: undefined }, inbound);
      return 0;
    }
    if (outcome === 'dropped') {
      monitor.inbound('dropped', address, true, logTexts.inboundDropped(mapper), inbound.message);
      return 0;
    }
    let expected = 0;
    for (const each of signals) {
      if ('error' in each) {
        if (each.stage === 'enforcement') {
          monitor.inbound(
            'enforced',
            address,
            false,
            logTexts.enforcementFailed(each.error),
            inbound.message,
          );
        }
        this.#failed(each.error, { mapper, adaptable: each.adaptable }, inbound);
        continue;
      }
      monitor.inbound('enforced', address, true, logTexts.enforced, each.signal);
      monitor.inbound('mapped', address, true, logTexts.inboundMapped(mapper), each.signal);
      expected += dispatch(each.signal, inbound);
    }
    return expected;
  }

  #failed(error: unknown, failure: InboundFailure, inbound: InboundMessage): void {
    const { monitor, refuse } = this.#options;
    const text = logTexts.inboundFailed(error, failure.mapper);
    monitor.logOnly('source', 'mapped', false, text, inbound.origin.configuredAddress, inbound.message);
    if (isDittoError(error)) refuse(error, failure, inbound);
  }
}
