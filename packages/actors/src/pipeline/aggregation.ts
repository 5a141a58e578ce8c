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
  isSmartQuery,
  liveResponseMismatch,
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
  /** A live response came that is none for the command; why. */
  readonly mismatched: (reason: string) => void;
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
  readonly #isLive: boolean;
  /** Answered live or by the twin, as the thing's state has it. */
  readonly #isSmart: boolean;
  readonly #implicit: string;
  readonly #timeoutMs: number;
  readonly #acks: AckAggregator;
  readonly #cancelTimer: () => void;
  #response: Signal | undefined;
  /** Why the last live response that came is none for this command. */
  #mismatch: string | undefined;
  #isDone = false;

  constructor(options: AggregationOptions) {
    this.#options = options;
    const { command, clock, longestMs } = options;
    this.#labels = [...new Set(requestedAcks(command.headers) ?? [])];
    this.#isLive = !isTwin(command);
    this.#isSmart = !this.#isLive && isSmartQuery(command);
    this.#implicit = this.#isLive || this.#isSmart ? 'live-response' : 'twin-persisted';
    this.#timeoutMs = collectingTimeoutMs(command, longestMs);
    this.#acks = new AckAggregator({
      thingId: command.entityId ?? '',
      labels: this.#labels,
      correlationId: headerValue(command.headers, 'correlation-id') ?? '',
      timeoutMs: this.#timeoutMs,
    });
    this.#cancelTimer = clock.after(this.#timeoutMs, () => this.#end());
  }

  /** A response, an acknowledgement or several. What does not fit the command is passed over. */
  receive(answer: Signal): void {
    if (this.#isDone) return;
    if (answer.kind === 'acknowledgement') {
      this.#take(ackEntryOf(answer));
    } else if (answer.kind === 'acknowledgements') {
      for (const entry of ackEntriesFromJson(answer.adaptable.value)) this.#take(entry);
    } else if (answer.kind === 'response' || answer.kind === 'error') {
      this.#respond(answer);
    }
  }

  /** The twin refused the command: nothing that was asked for will come. */
  refuse(error: Signal): void {
    if (!this.#isDone) this.#finish(error);
  }

  /** Nobody waits any more. */
  cancel(): void {
    this.#isDone = true;
    this.#cancelTimer();
  }

  /** Nothing but the answer itself was asked for. */
  get #isPlain(): boolean {
    const [label, ...others] = this.#labels;
    return others.length === 0 && (label === undefined || isAnswerLabel(label));
  }

  #respond(answer: Signal): void {
    const { command } = this.#options;
    const mismatch = this.#isLive ? liveResponseMismatch(command, answer) : undefined;
    if (mismatch !== undefined) {
      this.#mismatch = mismatch;
      this.#options.mismatched(mismatch);
      return;
    }
    this.#response ??= this.#isSmart ? withCondition(answer) : answer;
    this.#take(this.#implicitAck(answer));
  }

  #implicitAck({ status = 200, headers, adaptable }: Signal): AckEntry {
    return { label: this.#implicit, status, payload: adaptable.value, headers };
  }

  #take(entry: AckEntry): void {
    if (this.#isDone) return;
    this.#acks.receive(entry);
    if (this.#acks.isComplete) this.#end();
  }

  #end(): void {
    const { command } = this.#options;
    if (this.#isPlain && this.#response !== undefined) this.#finish(this.#response);
    else if (this.#isPlain && (this.#labels.length === 0 || !this.#acks.isComplete)) this.#timedOut();
    else this.#finish(this.#acks.result(command.headers));
  }

  #timedOut(): void {
    const { headers, adaptable } = this.#options.command;
    const text =
      this.#mismatch === undefined
        ? undefined
        : `Received no appropriate live response within the specified timeout. An invalid response was received, though: ${this.#mismatch}`;
    this.#finish(errorReply(commandTimeout(this.#timeoutMs, text), { topic: adaptable.topic, headers }));
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

/** A live answer to a smart query says why it is one. */
function withCondition(answer: Signal): Signal {
  if (headerValue(answer.headers, 'channel') !== 'live') return answer;
  const headers = withHeaders(answer.headers, { 'live-channel-condition-matched': 'true' });
  return { ...answer, headers };
}

const isAnswerLabel = (label: string): boolean => label === 'twin-persisted' || label === 'live-response';

function isTwin(command: Signal): boolean {
  return command.type.startsWith('things.') && headerValue(command.headers, 'channel') !== 'live';
}
