import type {
  Adaptable,
  CompiledConnection,
  CompiledSource,
  DittoError,
  ExternalMessage,
  InboundOutcome,
  MaybePromise,
  Settlement,
  Signal,
  SourceOrigin,
  Span,
} from '@hawser/core';
import {
  headerValue,
  illegalLiveResponse,
  isDittoError,
  isResponseRequired,
  settlementByError,
} from '@hawser/core';
import type { Collector } from './collector.ts';
import { responsesAddress } from './counters.ts';
import { Delivery, type SettleMode } from './delivery.ts';
import type { Dispatched } from './dispatch.ts';
import { identityOf } from './logContext.ts';
import { logTexts } from './logTexts.ts';
import type { Monitor } from './monitor.ts';
import { OrderedStage, type Outcome } from './orderedStage.ts';
import { traced } from './traced.ts';

/** A source message on its way in. */
export interface InboundMessage {
  readonly message: ExternalMessage;
  readonly origin: SourceOrigin;
  readonly delivery: Delivery;
  /** Its trace context, if it is traced. */
  readonly traceparent: string | undefined;
}

export interface InboundOptions {
  readonly compiled: CompiledConnection;
  readonly monitor: Monitor;
  readonly mode: SettleMode;
  /** Messages mapped in parallel. */
  readonly parallelism: number;
  /** Hands a mapped signal on; `answered` gets the answer of one that is awaited. */
  readonly dispatch: (
    signal: Signal,
    inbound: InboundMessage,
    answered: (answer: Signal) => void,
  ) => Dispatched;
  /** Decides by the answers of a message what becomes of it; `expected` is at least 1. */
  readonly collect: (expected: number, inbound: InboundMessage) => Collector;
  /** Tells the sender of a message that it failed. */
  readonly refuse: (error: DittoError, failed: InboundFailure, inbound: InboundMessage) => void;
}

/** The answers that a message waits for, counted while its signals are handed on. */
interface Tally {
  expected: number;
  /** Answers that came before all signals were handed on. */
  readonly early: Signal[];
  collector: Collector | undefined;
  refusal: Settlement | undefined;
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
    const receivedAt = monitor.received(origin.configuredAddress, this.#inFlight);
    const span = monitor.tracer?.start('hawser.receive', headerValue(message.headers, 'traceparent'), {
      'hawser.connection': compiled.connection.id,
      'hawser.address': origin.configuredAddress,
    });
    const delivery = new Delivery(this.#settling(receivedAt, span, settle), mode);
    if (source === undefined) {
      delivery.decide('rejected');
      return;
    }
    monitor.inbound('consumed', origin.configuredAddress, true, logTexts.consumed, message);
    const inbound: InboundMessage = { message, origin, delivery, traceparent: span?.traceparent };
    this.#stage.run(
      () => this.#map(source, inbound),
      (outcome) => this.#mapped(inbound, outcome),
    );
  }

  /** Made apart from the message: what is unsettled, often thousands of them, must not keep its message in memory. */
  #settling(
    receivedAt: number,
    span: Span | undefined,
    settle: (outcome: Settlement) => void,
  ): (outcome: Settlement) => void {
    return (outcome) => {
      this.#inFlight--;
      span?.end(outcome === 'accepted' ? undefined : outcome);
      this.#options.monitor.settled(outcome, receivedAt);
      settle(outcome);
      if (this.#inFlight === 0) for (const resolve of this.#idleWaiters.splice(0)) resolve();
    };
  }

  #map(source: CompiledSource, inbound: InboundMessage): MaybePromise<readonly InboundOutcome[]> {
    const { tracer } = this.#options.monitor;
    if (tracer === undefined) return this.#timedMap(source, inbound);
    const { traceparent: parent } = inbound;
    return traced(tracer, { name: 'hawser.map.inbound', parent, attributes: {} }, () =>
      this.#timedMap(source, inbound),
    );
  }

  #timedMap(source: CompiledSource, { message, origin }: InboundMessage) {
    const { timings } = this.#options.monitor;
    return timings.mapped('inbound', timings.now(), source.mapInbound(message, origin));
  }

  #mapped(inbound: InboundMessage, outcome: Outcome<readonly InboundOutcome[]>): void {
    if (!('value' in outcome)) {
      this.#failed(outcome.error, { mapper: undefined, adaptable: undefined }, inbound);
      inbound.delivery.decide('accepted');
      return;
    }
    const tally: Tally = { expected: 0, early: [], collector: undefined, refusal: undefined };
    try {
      for (const each of outcome.value) this.#outcome(each, inbound, tally);
      this.#conclude(tally, inbound);
    } catch (error) {
      // Whatever it was, it must not end the client: the message comes again.
      this.#failed(error, { mapper: undefined, adaptable: undefined }, inbound);
      inbound.delivery.decide('redeliver');
    }
  }

  /** All signals are on their way: now it is known how many answers decide (spec 08, 1, step 13). */
  #conclude(tally: Tally, inbound: InboundMessage): void {
    if (tally.expected === 0) {
      inbound.delivery.decide(tally.refusal ?? 'accepted');
      return;
    }
    const collector = this.#options.collect(tally.expected, inbound);
    tally.collector = collector;
    if (tally.refusal !== undefined) collector.end(tally.refusal);
    for (const answer of tally.early) collector.receive(answer);
  }

  #outcome(each: InboundOutcome, inbound: InboundMessage, tally: Tally): void {
    const { mapper, outcome, signals, error } = each;
    const { monitor } = this.#options;
    const address = inbound.origin.configuredAddress;
    if (outcome === 'failed') {
      if (each.isUnreadable === true) tally.refusal ??= settlementByError(error);
      if (error === undefined || !this.#tookInvalidLiveResponse(error, mapper, inbound, tally))
        this.#failed(error, { mapper, adaptable: undefined }, inbound);
      return;
    }
    if (outcome === 'dropped') {
      monitor.inbound('dropped', address, true, logTexts.inboundDropped(mapper), inbound.message);
      return;
    }
    for (const mapped of signals) {
      if ('error' in mapped) {
        if (mapped.stage === 'enforcement') {
          monitor.inbound(
            'enforced',
            address,
            false,
            logTexts.enforcementFailed(mapped.error),
            inbound.message,
          );
        }
        this.#failed(mapped.error, { mapper, adaptable: mapped.adaptable }, inbound);
        continue;
      }
      const nowMs = monitor.now();
      monitor.inbound('enforced', address, true, logTexts.enforced, mapped.signal, nowMs);
      monitor.inbound('mapped', address, true, logTexts.inboundMapped(mapper), mapped.signal, nowMs);
      this.#dispatch(mapped.signal, mapper, inbound, tally);
    }
  }

  /** Whoever waits for a live response that cannot be read gets the error in its place. */
  #tookInvalidLiveResponse(
    error: DittoError,
    mapper: string,
    inbound: InboundMessage,
    tally: Tally,
  ): boolean {
    const answer = illegalLiveResponse(error);
    if (answer === undefined) return false;
    const { monitor } = this.#options;
    const text = logTexts.liveResponseInvalid(error);
    monitor.invalidLiveResponse(text, identityOf(answer), inbound.origin.configuredAddress);
    if (isResponseRequired(error.headers)) this.#dispatch(answer, mapper, inbound, tally);
    return true;
  }

  #dispatch(mapped: Signal, mapper: string, inbound: InboundMessage, tally: Tally): void {
    const { traceparent } = inbound;
    const signal =
      traceparent === undefined ? mapped : { ...mapped, headers: { ...mapped.headers, traceparent } };
    const dispatched = this.#options.dispatch(signal, inbound, (answer) => {
      if (tally.collector === undefined) tally.early.push(answer);
      else tally.collector.receive(answer);
    });
    if (dispatched === 'awaited') tally.expected++;
    if (typeof dispatched !== 'object') return;
    tally.refusal ??= dispatched.settlement;
    this.#failed(dispatched.error, { mapper, adaptable: signal.adaptable }, inbound);
  }

  #failed(error: unknown, failure: InboundFailure, inbound: InboundMessage): void {
    const { monitor, refuse } = this.#options;
    const text = logTexts.inboundFailed(error, failure.mapper);
    const { message, origin } = inbound;
    if (!isDittoError(error)) {
      monitor.logOnly('response', 'mapped', false, text, responsesAddress, message);
      return;
    }
    monitor.logOnly('source', 'mapped', false, text, origin.configuredAddress, message);
    refuse(error, failure, inbound);
  }
}
