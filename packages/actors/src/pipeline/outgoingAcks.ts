import {
  acknowledgement,
  type CompiledConnection,
  type CompiledTarget,
  isDittoError,
  isResponseRequired,
  type JsonValue,
  PublishError,
  requestedAcks,
  type Signal,
  type PublishOutcome as SignalOutcome,
  stringifyJson,
  timeoutOf,
  weakAckLabels,
  withHeaders,
} from '@hawser/core';
import type { AnswerDesk } from './answerDesk.ts';
import { logTexts, messageOf } from './logTexts.ts';
import type { Monitor } from './monitor.ts';
import type { PublishOutcome } from './outbox.ts';

export interface OutgoingAcksOptions {
  readonly compiled: CompiledConnection;
  readonly desk: AnswerDesk;
  readonly monitor: Monitor;
  /** Ditto's `forwarder-fallback-timeout`, ms. */
  readonly longestWaitMs: number;
  /** Whether the acknowledgement labels of this connection are its own at present. */
  readonly areLabelsDeclared: () => boolean;
}

const liveResponse = 'live-response';
const weakText =
  'Acknowledgement was issued automatically as weak ack, because the signal is not relevant for the subscriber. Possible reasons are: the subscriber was not authorized, the subscriber did not subscribe for the signal type, the signal was dropped by a configured RQL filter, or the signal was dropped by all payload mappers.';

/** What a connection does about the acknowledgements that an outgoing signal requests (spec 08, 6.2 to 6.4). */
export class OutgoingAcks {
  readonly #options: OutgoingAcksOptions;
  /** Labels that sources may send. */
  readonly #declared: ReadonlySet<string>;
  /** Labels that targets issue. */
  readonly #issued: ReadonlySet<string>;

  constructor(options: OutgoingAcksOptions) {
    this.#options = options;
    const { compiled } = options;
    this.#declared = new Set([...compiled.sources.values()].flatMap(({ declaredAcks }) => [...declaredAcks]));
    this.#issued = new Set(compiled.targets.flatMap((target) => target.issuedAcknowledgementLabel ?? []));
  }

  /** What this connection has to declare. */
  get labels(): readonly string[] {
    return [...this.#declared, ...this.#issued].filter((label) => label !== liveResponse);
  }

  /**
   * The signal as the outside is to see it: it requests only what this connection can give; when it may be answered from
   * outside, the answer is expected from now on.
   */
  outgoing(signal: Signal): Signal {
    const requested = requestedAcks(signal.headers) ?? [];
    const isAnswerable = isLiveCommand(signal) && isResponseRequired(signal.headers);
    if (signal.entityId === undefined || (requested.length === 0 && !isAnswerable)) return signal;
    if (!isAnswerable && !requested.some((label) => this.#declared.has(label))) {
      return requesting(
        signal,
        requested.filter((label) => this.#issued.has(label)),
      );
    }
    const kept = requested.filter(
      (label) => label === liveResponse || this.#declared.has(label) || this.#issued.has(label),
    );
    const shown = requested.length === 0 ? signal : requesting(signal, kept);
    const address = addressOf(signal);
    if (address === undefined) return shown;
    const { compiled, desk, longestWaitMs } = this.#options;
    const timeoutMs = timeoutOf(signal.headers) ?? longestWaitMs;
    const correlationId = desk.expect(compiled.connection.id, signal, address, timeoutMs);
    return withCorrelationId(shown, correlationId);
  }

  /**
   * A publish has ended: the target's label is acknowledged if it was requested.
   *
   * @param headers of the peer's answer, where it has one
   */
  issue(
    target: CompiledTarget,
    signal: Signal,
    outcome: PublishOutcome,
    headers: Readonly<Record<string, string>> = {},
  ): void {
    const label = this.requestedLabel(target, signal);
    if (label === undefined) return;
    const { status, payload } = outcome.error === undefined ? outcome.result : failure(outcome.error);
    const ok = status < 400;
    const reason = (): string =>
      outcome.error === undefined ? negativeAck(label, payload) : messageOf(outcome.error);
    const text = ok ? logTexts.issuedAck : logTexts.issuedAckFailed(reason());
    this.#options.monitor.outbound('acknowledged', target.target.address, ok, text, signal);
    this.#send(signal, label, status, payload, headers);
  }

  issueFailedEnrichment(target: CompiledTarget, signal: Signal, error: unknown): void {
    const label = this.requestedLabel(target, signal);
    if (label === undefined) return;
    const text = `Acknowledgement was issued automatically as failed ack, because the signal enrichment failed: ${messageOf(error)}`;
    this.#send(signal, label, isDittoError(error) ? error.status : 500, text);
  }

  /** Acknowledges weakly what nobody at this connection will acknowledge any more. */
  issueWeak(signal: Signal, outcome: SignalOutcome): void {
    if (addressOf(signal) === undefined || (this.#declared.size === 0 && this.#issued.size === 0)) return;
    const labels = weakAckLabels(requestedAcks(signal.headers) ?? [], outcome, {
      connectionId: this.#options.compiled.connection.id,
      sourceDeclared: [...this.#declared],
      targetIssued: [...this.#issued],
    });
    for (const label of labels) this.#send(signal, label, 200, weakText, { 'ditto-weak-ack': 'true' });
  }

  /** The label that the target acknowledges, if the signal requests it. */
  requestedLabel({ issuedAcknowledgementLabel: label }: CompiledTarget, signal: Signal): string | undefined {
    if (label === undefined || addressOf(signal) === undefined) return undefined;
    const isRequested =
      label === liveResponse
        ? isLiveCommand(signal) && isResponseRequired(signal.headers)
        : (requestedAcks(signal.headers) ?? []).includes(label);
    return isRequested ? label : undefined;
  }

  #send(
    signal: Signal,
    label: string,
    status: number,
    payload: JsonValue | undefined,
    headers: Readonly<Record<string, string>> = {},
  ): void {
    const { desk, areLabelsDeclared } = this.#options;
    const address = addressOf(signal);
    // Live responses belong to whoever gives them: nobody declares them.
    if (address === undefined || (label !== liveResponse && !areLabelsDeclared())) return;
    desk.send(
      address,
      acknowledgement({
        label,
        entityId: signal.entityId ?? '',
        status,
        payload,
        headers: { ...signal.headers, ...headers },
      }),
    );
  }
}

const isLiveCommand = ({ kind, adaptable: { topic } }: Signal): boolean =>
  kind === 'command' && (topic.channel === 'live' || topic.criterion === 'messages');

const requesting = (signal: Signal, labels: readonly string[]): Signal => ({
  ...signal,
  headers: withHeaders(signal.headers, { 'requested-acks': JSON.stringify(labels) }),
});

/** Messages show the headers of their own. */
function withCorrelationId(signal: Signal, correlationId: string): Signal {
  const { headers, adaptable } = signal;
  if (headers['correlation-id'] === correlationId) return signal;
  const change = { 'correlation-id': correlationId };
  return {
    ...signal,
    headers: withHeaders(headers, change),
    adaptable: { ...adaptable, headers: withHeaders(adaptable.headers, change) },
  };
}

/** Of whoever collects the acknowledgements of a signal. */
export const addressOf = ({ headers }: Signal): string | undefined => headers['ditto-ackgregator-address'];

/** What the log says of an acknowledgement that the peer itself has refused (connectivity/service/.../messaging/Sending.java). */
export const negativeAck = (label: string, payload: JsonValue | undefined): string =>
  `Received negative acknowledgement for label <${label}>. Payload: ${payload === undefined ? '<empty>' : stringifyJson(payload)}`;

/** Status and payload of the acknowledgement of a publish that failed (spec 04, 1.4). */
function failure(error: Error): { readonly status: number; readonly payload: JsonValue } {
  if (isDittoError(error)) {
    const { status, ...payload } = error.toJson();
    return { status: Number(status), payload };
  }
  if (error instanceof PublishError) {
    const { status, message, description } = error;
    return { status, payload: { message, ...(description === undefined ? {} : { description }) } };
  }
  const cause = error.cause === undefined ? '' : ` - Caused by <${(error.cause as Error).name}>.`;
  const description = `${error.message === '' ? 'Unknown error.' : error.message}${cause}`;
  return { status: 500, payload: { message: `Encountered <${error.name}>.`, description } };
}
