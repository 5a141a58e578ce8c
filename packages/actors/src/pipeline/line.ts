import {
  acceptsDivertedResponse,
  type Clock,
  type CompiledConnection,
  type Connection,
  type DittoError,
  type ExternalMessage,
  isDittoError,
  type Settlement,
  type Signal,
  type SourceOrigin,
  type StreamingType,
  type TwinService,
} from '@hawser/core';
import type { AnswerDesk } from './answerDesk.ts';
import { Collector } from './collector.ts';
import type { SettleMode } from './delivery.ts';
import { Dispatch } from './dispatch.ts';
import { type InboundFailure, InboundLine, type InboundMessage } from './inbound.ts';
import type { Monitor } from './monitor.ts';
import { OutboundLine } from './outbound.ts';
import type { Outbox } from './outbox.ts';
import { OutgoingAcks } from './outgoingAcks.ts';
import { PeerAnswers } from './peerAnswers.ts';
import { streamingTypeOfTopic } from './streamingTypes.ts';

export interface LineOptions {
  readonly compiled: CompiledConnection;
  readonly clientIndex: number;
  readonly twin: TwinService;
  readonly desk: AnswerDesk;
  readonly outbox: Outbox;
  readonly monitor: Monitor;
  readonly clock: Clock;
  readonly config: LineLimits;
}

export interface LineLimits {
  readonly settle: SettleMode;
  /** Ditto's `mapping.max-pool-size`: an upper bound of `processorPoolSize`. */
  readonly maxPoolSize: number;
  /** `connection.acknowledgement.forwarder-fallback-timeout` */
  readonly ackForwarderTimeoutMs: number;
  /** `connection.acknowledgement.collector-fallback-lifetime` */
  readonly ackCollectorLifetimeMs: number;
  /** `mapping.publish-failed-enrichments`: a signal whose extra fields cannot be fetched leaves without them. */
  readonly publishFailedEnrichments: boolean;
  /** `connection.ack-label-declare-interval` */
  readonly ackLabelDeclareIntervalMs: number;
}

/**
 * Messages and signals that may wait for scripts, and for extra fields, while what comes first is mapped: they go over to a
 * script's thread together, and leave in order. Other mappers answer at once and never see more than one.
 */
const MAPPED_AHEAD = 256;

/** The running line of one client of a connection: broker → mapping → twin → targets of others, and back. */
export class Line {
  readonly #options: LineOptions;
  readonly #inbound: InboundLine;
  readonly #outbound: OutboundLine;
  readonly #dispatch: Dispatch;
  readonly #acks: OutgoingAcks;
  /** Ends what `subscribe` began. */
  #endings: (() => void)[] = [];
  #areLabelsDeclared = false;
  #isSubscribed = false;

  constructor(options: LineOptions) {
    this.#options = options;
    const { compiled, monitor, outbox, twin, desk, clock, config } = options;
    const parallelism = Math.max(
      MAPPED_AHEAD,
      Math.min(compiled.connection.processorPoolSize, config.maxPoolSize),
    );
    const areLabelsDeclared = (): boolean => this.#areLabelsDeclared;
    const longestWaitMs = config.ackForwarderTimeoutMs;
    this.#acks = new OutgoingAcks({ compiled, desk, monitor, longestWaitMs, areLabelsDeclared });
    this.#outbound = new OutboundLine({
      compiled,
      outbox,
      monitor,
      twin,
      desk,
      acks: this.#acks,
      answers: new PeerAnswers({ compiled, desk, monitor, acks: this.#acks }),
      parallelism,
      publishFailedEnrichments: config.publishFailedEnrichments,
    });
    this.#dispatch = new Dispatch({
      compiled,
      twin,
      desk,
      clock,
      monitor,
      longestWaitMs,
      areLabelsDeclared,
      reply: (answer, delivery) => this.#outbound.reply(answer, delivery),
    });
    this.#inbound = new InboundLine({
      compiled,
      monitor,
      mode: config.settle,
      parallelism,
      dispatch: (signal, { origin, delivery }, answered) =>
        this.#dispatch.dispatch(signal, origin.sourceIndex, delivery, answered),
      collect: (expected, { delivery }) =>
        new Collector(expected, config.ackCollectorLifetimeMs, clock, (settlement) =>
          delivery.decide(settlement),
        ),
      refuse: (error, failure, inbound) => this.#refuse(error, failure, inbound),
    });
  }

  /** A message of the broker. */
  receive(message: ExternalMessage, origin: SourceOrigin, settle: (outcome: Settlement) => void): void {
    this.#inbound.receive(message, origin, settle);
  }

  /** From now on signals reach the targets; while the client is not connected they wait in the outbox. */
  subscribe(): void {
    if (this.#isSubscribed) return;
    this.#isSubscribed = true;
    const { compiled, clientIndex, twin, desk } = this.#options;
    const { connection } = compiled;
    const unsubscribe = twin.subscribe({
      subscriberId: `${connection.id}#${clientIndex}`,
      group: connection.id,
      subjects: [...new Set(connection.targets.flatMap((target) => target.authorizationContext))],
      types: typesOf(connection),
      onSignal: (signal, voyage, view) => this.#outbound.deliver(signal, voyage, view),
    });
    const endDiversion = desk.takeDiverted(connection.id, (response) => {
      if (acceptsDivertedResponse(connection.specificConfig, response.headers)) this.#takeDiverted(response);
    });
    this.#endings = [unsubscribe, endDiversion];
    this.#declareLabels();
  }

  unsubscribe(): void {
    this.#isSubscribed = false;
    for (const end of this.#endings.splice(0)) end();
  }

  /** Frees what the mappers hold once the messages under way are mapped; a message that comes later takes it again. */
  release(): void {
    this.#options.compiled.close?.();
  }

  /** A signal that the client itself has made (an announcement). */
  announce(signal: Signal): void {
    this.#outbound.announce(signal);
  }

  /** Resolves when every received message is settled and every publish has finished. */
  async idle(): Promise<void> {
    await this.#inbound.idle();
    await this.#options.outbox.empty();
  }

  /** Labels are unique among all connections: until they are free, this connection takes and gives no acknowledgements. */
  #declareLabels(): void {
    // Until then, what a line that has ended still has under way is acknowledged.
    this.#areLabelsDeclared = false;
    if (this.#acks.labels.length === 0) return;
    const { twin, compiled, monitor, clock, config } = this.#options;
    try {
      this.#endings.push(twin.declareAckLabels(compiled.connection.id, this.#acks.labels));
      this.#areLabelsDeclared = true;
    } catch (error) {
      if (!isDittoError(error)) throw error;
      monitor.logConnection('failure', `${error.message} ${error.description ?? ''}`.trim());
      this.#endings.push(
        clock.after(config.ackLabelDeclareIntervalMs, () => {
          if (this.#isSubscribed) this.#declareLabels();
        }),
      );
    }
  }

  /** A response of another connection's signal, published like one of our own: at its reply target, or at the targets. */
  #takeDiverted(response: Signal): void {
    const replyTarget = this.#options.compiled.replyTargets.keys().next();
    if (replyTarget.done === true) {
      this.#outbound.publishAtTargets(response);
      return;
    }
    const headers = { ...response.headers, 'ditto-reply-target': String(replyTarget.value) };
    this.#outbound.reply({ ...response, headers }, undefined);
  }

  #refuse(
    error: DittoError,
    { adaptable }: InboundFailure,
    { message, origin, delivery }: InboundMessage,
  ): void {
    const source = this.#options.compiled.sources.get(origin.sourceIndex);
    if (source === undefined) return;
    this.#outbound.reply(source.errorResponse(error, message, origin, adaptable), delivery);
  }
}

function typesOf(connection: Connection): readonly StreamingType[] {
  const types = connection.targets.flatMap(({ topics }) =>
    topics.flatMap(({ topic }) => streamingTypeOfTopic[topic] ?? []),
  );
  return [...new Set(types)];
}
