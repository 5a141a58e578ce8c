import {
  type AnsweredSignal,
  type CompiledConnection,
  type CompiledTarget,
  type DittoHeaders,
  headerValue,
  liveResponseUnsupported,
  type PublishResult,
  type Signal,
  signalOfAnswer,
  stringifyJson,
  withHeaders,
} from '@hawser/core';
import type { AnswerDesk } from './answerDesk.ts';
import { identityOf } from './logContext.ts';
import { logTexts } from './logTexts.ts';
import type { Monitor } from './monitor.ts';
import { addressOf, negativeAck, type OutgoingAcks } from './outgoingAcks.ts';

export interface PeerAnswersOptions {
  readonly compiled: CompiledConnection;
  readonly desk: AnswerDesk;
  readonly monitor: Monitor;
  readonly acks: OutgoingAcks;
}

/** A signal that was published, and what its target's peer said to it. */
export interface AnsweredPublish {
  readonly target: CompiledTarget;
  /** As it came: who waits for what. */
  readonly original: Signal;
  /** As the peer saw it. */
  readonly sent: Signal;
  readonly result: PublishResult;
}

/** What an answer means for its publish, and for those who wait. */
export interface ReadAnswer {
  /** Why the publish has failed, if it has. */
  readonly error: Error | undefined;
  /** Takes the answer to where it is waited for. */
  deliver(): void;
}

/**
 * Answers of peers that say more than that they have got a message: they acknowledge it, or respond to it
 * (connectivity/service/.../httppush/HttpPublisherActor.java).
 */
export class PeerAnswers {
  readonly #options: PeerAnswersOptions;

  constructor(options: PeerAnswersOptions) {
    this.#options = options;
  }

  read(publish: AnsweredPublish): ReadAnswer {
    const { target, original, sent, result } = publish;
    const { acks } = this.#options;
    const label = acks.requestedLabel(target, original);
    const answered = this.#read(publish, label);
    if (answered instanceof Error)
      return { error: answered, deliver: () => acks.issue(target, original, { error: answered }) };
    this.#log(answered, publish);
    const { signal } = answered;
    return {
      error: result.answer?.refusal,
      deliver: () => {
        if (label !== undefined && label !== 'live-response')
          acks.issue(target, original, { result }, headersFor(original, signal));
        else if (signal?.kind === 'acknowledgement') this.#forward(signal, original);
        else if (signal !== undefined) this.#respond(signal, label, target, sent);
      },
    };
  }

  /** Whatever is wrong with an answer fails its publish, and nothing else. */
  #read({ sent, result }: AnsweredPublish, label: string | undefined): AnsweredSignal | Error {
    try {
      const answered = signalOfAnswer(sent, label, result);
      if (answered.mismatch === undefined) return answered;
      this.#options.monitor.invalidLiveResponse(answered.mismatch, identityOf(sent));
      return liveResponseUnsupported(answered.mismatch);
    } catch (error) {
      return error as Error;
    }
  }

  /** Nobody asked the target for it. */
  #forward(ack: Signal, original: Signal): void {
    const address = addressOf(original);
    if (address === undefined || ack.entityId !== original.entityId) return;
    this.#options.desk.send(address, { ...ack, headers: headersFor(original, ack) });
  }

  #respond(response: Signal, label: string | undefined, { target }: CompiledTarget, sent: Signal): void {
    const { compiled, desk, monitor } = this.#options;
    const { id } = compiled.connection;
    if (label !== undefined) {
      const isInTime = response.status !== 408;
      const text = isInTime
        ? logTexts.issuedAck
        : logTexts.issuedAckFailed(negativeAck(label, response.adaptable.value));
      monitor.outbound('acknowledged', target.address, isInTime, text, sent);
    }
    const headers = withHeaders(response.headers, { 'ditto-connection-id': id });
    desk.answer(id, { ...response, headers });
  }

  #log({ signal, dropped }: AnsweredSignal, { sent, result }: AnsweredPublish): void {
    const { monitor } = this.#options;
    if (dropped !== undefined) monitor.logOnly('connection', 'other', false, dropped, undefined, sent);
    const status = result.answer?.statusText ?? String(result.status);
    const body = stringifyJson(result.payload ?? null);
    const text =
      signal === undefined
        ? `No CommandResponse created from HTTP response with status <${status}> and body <${body}>.`
        : `CommandResponse <${shown(signal)}> created from HTTP response with Status <${status}> and body <${body}>.`;
    monitor.logOnly('connection', 'other', true, text, undefined, sent);
  }
}

/** Without headers: they may hold what no log may show. */
const shown = ({ type, entityId, status, adaptable: { topic } }: Signal): string =>
  stringifyJson({
    type,
    ...(topic.subject === undefined
      ? {}
      : { [topic.criterion === 'acks' ? 'label' : 'subject']: topic.subject }),
    entityId: entityId ?? null,
    status: status ?? null,
  });

/** The peer may have seen another correlation id than the sender has chosen. */
const headersFor = (original: Signal, answer: Signal | undefined): DittoHeaders =>
  withHeaders(answer?.headers ?? {}, { 'correlation-id': headerValue(original.headers, 'correlation-id') });
