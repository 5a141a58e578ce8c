import {
  ackLabelOf,
  adaptableFromSignal,
  adaptableToJson,
  isDittoAckLabel,
  type JsonObject,
  type Log,
  parseAdaptable,
  type Signal,
  type SignalSender,
  type SignalSubscription,
  signalFromAdaptable,
  type TwinService,
} from '@hawser/core';

/** A signal on its way from a source of a connection. */
export interface ReceivedSignal {
  /** In Ditto Protocol: `topic`, `headers`, `path`, `value`. */
  readonly message: JsonObject;
  /** Id of the connection that it came in by; absent for what was published by `publish`. */
  readonly connectionId: string | undefined;
  /**
   * Sends a response, an acknowledgement or an error (in Ditto Protocol) back to the sender. The first answer counts;
   * one that is given before the listener returns comes before the answer of the built-in twin.
   *
   * @throws DittoError for what is no Ditto Protocol message
   */
  answer(message: JsonObject): void;
}

/** The source message that the signal came with is settled when the promise has, whichever way. */
export type SignalListener = (received: ReceivedSignal) => unknown;

/** A twin service with listeners who see what connections submit before it does. */
export class ObservedTwin implements TwinService {
  readonly #inner: TwinService;
  readonly #log: Log;
  readonly #listeners = new Set<SignalListener>();

  constructor(inner: TwinService, log: Log) {
    this.#inner = inner;
    this.#log = log;
  }

  /** @returns the end of listening */
  listen(listener: SignalListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Brings a signal to the connections whose targets subscribe to it.
   *
   * @returns the answers, once everything that it caused has finished
   * @throws DittoError for what is no Ditto Protocol message
   */
  publish(message: JsonObject): Promise<readonly JsonObject[]> {
    const signal = signalFromAdaptable(parseAdaptable(message));
    const answers: JsonObject[] = [];
    return new Promise((resolve) => {
      let holds = 1;
      const release = (): void => {
        holds--;
        if (holds === 0) resolve(answers);
      };
      this.submit(signal, {
        voyage: {
          hold: () => {
            holds++;
          },
          release,
        },
        reply: (answer) => {
          if (hasProtocolForm(answer)) answers.push(toJson(answer));
        },
      });
      release();
    });
  }

  submit(signal: Signal, sender: SignalSender): void {
    if (this.#listeners.size === 0) {
      this.#inner.submit(signal, sender);
      return;
    }
    const answering = new Answering(sender);
    for (const listener of this.#listeners) this.#tell(listener, signal, answering.byListener);
    if (!answering.isAnswered || !isTwinCommand(signal)) this.#inner.submit(signal, answering.byTwin);
  }

  subscribe(subscription: SignalSubscription): () => void {
    return this.#inner.subscribe(subscription);
  }

  declareAckLabels(...declared: Parameters<TwinService['declareAckLabels']>): () => void {
    return this.#inner.declareAckLabels(...declared);
  }

  retrievePartialThing(
    ...asked: Parameters<TwinService['retrievePartialThing']>
  ): ReturnType<TwinService['retrievePartialThing']> {
    return this.#inner.retrievePartialThing(...asked);
  }

  #tell(listener: SignalListener, signal: Signal, { voyage, reply }: SignalSender): void {
    const failed = (error: unknown): void => this.#log.warn('a listener for signals failed', { error });
    voyage?.hold();
    try {
      const told = listener({
        message: toJson(signal),
        connectionId: signal.headers['ditto-origin'],
        answer: (message) => reply?.(signalFromAdaptable(parseAdaptable(message))),
      });
      void Promise.resolve(told)
        .catch(failed)
        .finally(() => voyage?.release());
    } catch (error) {
      failed(error);
      voyage?.release();
    }
  }
}

const toJson = (signal: Signal): JsonObject => adaptableToJson(adaptableFromSignal(signal));

/** Acknowledgements of Ditto's own labels have none. */
const hasProtocolForm = (answer: Signal): boolean =>
  answer.kind !== 'acknowledgement' || !isDittoAckLabel(ackLabelOf(answer));

/** A listener that has answered one has done in place of the twin what it asks for. */
const isTwinCommand = ({ kind, adaptable: { topic } }: Signal): boolean =>
  kind === 'command' && topic.criterion === 'commands' && topic.channel !== 'live';

/** Answers of listeners and those of the twin: whoever is first answers alone. */
class Answering {
  /** By a listener. */
  isAnswered = false;
  readonly byListener: SignalSender;
  readonly byTwin: SignalSender;
  #isByTwin = false;

  constructor({ voyage, reply }: SignalSender) {
    this.byListener = {
      voyage,
      reply: (answer) => {
        if (this.isAnswered || this.#isByTwin) return;
        this.isAnswered = true;
        reply?.(answer);
      },
    };
    // a twin may have several: a response, and acknowledgements beside it
    this.byTwin = {
      voyage,
      reply: (answer) => {
        if (this.isAnswered) return;
        this.#isByTwin = true;
        reply?.(answer);
      },
    };
  }
}
