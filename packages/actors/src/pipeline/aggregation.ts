import {
  AckAggregator,
  type AckEntry,
  ackEntriesFromJson,
  ackEntryOf,
  type Clock,
  collectingTimeoutMs,
  commandTimeout,
  errorReply,
  headerValue,
  requestedAcks,
  type Signal,
  withHeaders,
} from '@hawser/core';

export interface AggregationOptions {
  /** The command, its acknowledgement requests complete. */
  readonly command: Signal;
  readonly clock: Clock;
  /** Ditto's `forwarder-fallback-timeout`: no command is waited for any longer. */
  readonly longestMs: number;
  /** Gets the one answer: a response, aggregated acknowledgements or an error. */
  readonly done: (answer: Signal) => void;
}

/** Headers of a command that its answer needs to find its way back, whatever the answer carries itself. */
const restored = [
  'ditto-expected-response-types',
  'ditto-inbound-payload-mapper',
  'ditto-reply-target',
] as const;

/**
 * Waits for the acknowledgements that a command has requested, its own response among them
 * (edge/service/.../acknowledgements/AcknowledgementAggregatorActor.java; spec 08, 5.3). Ends once.
 */
export class Aggregation {
  readonly #options: AggregationOptions;
  readonly #labels: readonly string[];
  readonly #implicit: string;
  readonly #timeoutMs: number;
  readonly #acks: AckAggregator;
  readonly #cancelTimer: () => void;
  #response: Signal | undefined;
  #isDone = false;

  constructor(options: AggregationOptions) {
    this.#options = options;
    const { command, clock, longestMs } = options;
    this.#labels = requestedAcks(command.headers) ?? [];
    this.#implicit = isTwin(command) ? 'twin-persisted' : 'live-response';
    this.#timeoutMs = collectingTimeoutMs(command, longestMs);
    this.#acks = new AckAggregator({
      thingId: command.entityId ?? '',
      labels: this.#labels,
      correlationId: headerValue(command.headers, 'correlation-id') ?? '',
      timeoutMs: this.#timeoutMs,
    });
    this.#cancelTimer = clock.after(this.#timeoutMs, () => this.#end());
  }

  /** A response, an acknowledgement or several, or an error. What does not fit the command is passed over. */
  receive(answer: Signal): void {
    if (this.#isDone) return;
    if (answer.kind === 'error') {
      this.#finish(answer);
    } else if (answer.kind === 'acknowledgement') {
      this.#take(ackEntryOf(answer));
    } else if (answer.kind === 'acknowledgements') {
      for (const entry of ackEntriesFromJson(answer.adaptable.value)) this.#take(entry);
    } else if (answer.kind === 'response' && this.#fits(answer)) {
      this.#response ??= answer;
      const { status = 200, headers, adaptable } = answer;
      this.#take({ label: this.#implicit, status, payload: adaptable.value, headers });
    }
  }

  /** Nobody waits any more. */
  cancel(): void {
    this.#isDone = true;
    this.#cancelTimer();
  }

  #take(entry: AckEntry): void {
    if (this.#isDone) return;
    this.#acks.receive(entry);
    if (this.#acks.isComplete) this.#end();
  }

  #fits(answer: Signal): boolean {
    return answer.entityId === this.#options.command.entityId;
  }

  #end(): void {
    const { command } = this.#options;
    const isPlain = this.#labels.every((label) => label === this.#implicit);
    if (!isPlain) {
      this.#finish(this.#acks.result(command.headers));
    } else if (this.#response !== undefined) {
      this.#finish(this.#response);
    } else if (this.#acks.isComplete) {
      this.#finish(this.#acks.result(command.headers));
    } else {
      const { topic } = command.adaptable;
      this.#finish(errorReply(commandTimeout(this.#timeoutMs), { topic, headers: command.headers }));
    }
  }

  #finish(answer: Signal): void {
    this.cancel();
    const { command, done } = this.#options;
    const changes = Object.fromEntries(restored.map((name) => [name, headerValue(command.headers, name)]));
    const correlationId = headerValue(command.headers, 'correlation-id');
    done({
      ...answer,
      headers: withHeaders(answer.headers, { ...changes, 'correlation-id': correlationId }),
    });
  }
}

function isTwin(command: Signal): boolean {
  return command.type.startsWith('things.') && headerValue(command.headers, 'channel') !== 'live';
}
