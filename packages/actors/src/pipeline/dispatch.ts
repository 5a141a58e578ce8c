import {
  ackEntriesFromJson,
  ackLabelOf,
  type Clock,
  type CompiledConnection,
  type DittoError,
  headerValue,
  impossibleTimeout,
  isAckRequesting,
  isDittoError,
  isResponseRequired,
  makeError,
  type Settlement,
  type Signal,
  settlementByError,
  type TwinService,
  withAckRequestDefaults,
  withInternalHeader,
} from '@hawser/core';
import { Aggregation } from './aggregation.ts';
import type { AnswerDesk } from './answerDesk.ts';
import type { Delivery } from './delivery.ts';
import { identityOf } from './logContext.ts';
import type { Monitor } from './monitor.ts';

export interface DispatchOptions {
  readonly compiled: CompiledConnection;
  readonly twin: TwinService;
  readonly desk: AnswerDesk;
  readonly clock: Clock;
  /** Ditto's `forwarder-fallback-timeout`, ms. */
  readonly longestWaitMs: number;
  /** Whether the acknowledgement labels of this connection are its own at present. */
  readonly areLabelsDeclared: () => boolean;
  readonly monitor: Pick<Monitor, 'invalidLiveResponse'>;
  /** Answers that leave at the reply target. */
  readonly reply: (answer: Signal, delivery: Delivery) => void;
}

/** What became of a dispatched signal. */
export type Dispatched =
  /** Nothing to wait for. */
  | 'done'
  /** `answered` will be called once. */
  | 'awaited'
  /** It went nowhere; the message is settled by this unless it waits for others. */
  | { readonly error: DittoError; readonly settlement: Settlement };

/** Hands mapped signals on by their kind (connectivity/service/.../messaging/InboundDispatchingSink.java; spec 08, 3). */
export class Dispatch {
  readonly #options: DispatchOptions;

  constructor(options: DispatchOptions) {
    this.#options = options;
  }

  /** @param answered gets the answer of a signal that is `awaited` */
  dispatch(
    signal: Signal,
    sourceIndex: number,
    delivery: Delivery,
    answered: (answer: Signal) => void,
  ): Dispatched {
    try {
      if (signal.kind === 'acknowledgement' || signal.kind === 'acknowledgements' || isLiveResponse(signal)) {
        this.#answer(signal, sourceIndex, delivery);
        return 'done';
      }
      return this.#submit(signal, delivery, answered);
    } catch (error) {
      if (!isDittoError(error)) throw error;
      return { error, settlement: settlementByError(error) };
    }
  }

  /** @throws DittoError `acknowledgement:label.not.declared` */
  #answer(signal: Signal, sourceIndex: number, delivery: Delivery): void {
    const { compiled, desk, twin } = this.#options;
    const connectionId = compiled.connection.id;
    for (const label of labelsOf(signal)) this.#requireDeclared(label, sourceIndex);
    const answer = {
      ...signal,
      headers: withInternalHeader(signal.headers, 'ditto-connection-id', connectionId),
    };
    if (!desk.answer(connectionId, answer)) twin.submit(answer, { voyage: delivery });
  }

  #requireDeclared(label: string, sourceIndex: number): void {
    const { compiled, areLabelsDeclared } = this.#options;
    if (areLabelsDeclared() && compiled.sources.get(sourceIndex)?.declaredAcks.has(label) === true) return;
    throw makeError(
      'acknowledgement:label.not.declared',
      `Cannot send acknowledgement with label <${label}>, which is not declared.`,
    );
  }

  /** @throws DittoError `header.invalid`, `command.headers.invalid` */
  #submit(signal: Signal, delivery: Delivery, answered: (answer: Signal) => void): Dispatched {
    const { twin, reply } = this.#options;
    const command = withAckRequestDefaults(signal);
    const impossible = impossibleTimeout(command);
    if (impossible !== undefined) throw impossible;
    if (isAckRequesting(command)) {
      this.#aggregate(command, delivery, answered);
      return 'awaited';
    }
    const isAnswered = isResponseRequired(command.headers);
    twin.submit(
      command,
      isAnswered
        ? { voyage: delivery, reply: (answer) => reply(withReplyHeaders(answer, command), delivery) }
        : { voyage: delivery },
    );
    return 'done';
  }

  #aggregate(command: Signal, delivery: Delivery, answered: (answer: Signal) => void): void {
    const { twin, desk, clock, longestWaitMs, monitor, reply } = this.#options;
    const aggregation: Aggregation = new Aggregation({
      command,
      clock,
      longestMs: longestWaitMs,
      mismatched: (reason) => monitor.invalidLiveResponse(reason, identityOf(command)),
      done(answer) {
        desk.unregister(address);
        if (isResponseRequired(command.headers)) reply(answer, delivery);
        answered(answer);
      },
    });
    const address = desk.register((answer) => aggregation.receive(answer));
    twin.submit(
      { ...command, headers: withInternalHeader(command.headers, 'ditto-ackgregator-address', address) },
      {
        voyage: delivery,
        reply: (answer) =>
          answer.kind === 'error' ? aggregation.refuse(answer) : aggregation.receive(answer),
      },
    );
  }
}

function labelsOf(signal: Signal): readonly string[] {
  if (signal.kind === 'acknowledgement') return [ackLabelOf(signal)];
  if (signal.kind === 'acknowledgements') {
    return ackEntriesFromJson(signal.adaptable.value).map(({ label }) => label);
  }
  return [];
}

/** Answers to live commands and messages, errors among them; those of the twin are nobody's here. */
function isLiveResponse({ kind, type, headers }: Signal): boolean {
  if (kind !== 'response' && kind !== 'error') return false;
  return type.startsWith('messages.') || headerValue(headers, 'channel') === 'live';
}

/** An answer finds its reply target by the headers of its command. */
function withReplyHeaders(answer: Signal, { headers }: Signal): Signal {
  const replyTarget = headers['ditto-reply-target'];
  if (replyTarget === undefined || answer.headers['ditto-reply-target'] !== undefined) return answer;
  return {
    ...answer,
    headers: {
      ...answer.headers,
      'ditto-reply-target': replyTarget,
      ...(headers['ditto-expected-response-types'] === undefined
        ? {}
        : { 'ditto-expected-response-types': headers['ditto-expected-response-types'] }),
    },
  };
}
