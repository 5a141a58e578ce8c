import { type Clock, headerValue, type Signal } from '@hawser/core';

/** Takes what comes back for a signal. */
type Receiver = (answer: Signal) => void;

interface Expectation {
  readonly address: string;
  readonly timeoutMs: number;
  /** Monotonic. */
  deadline: number;
  /** The correlation id that the sender had chosen. */
  readonly correlationId: string;
}

/**
 * Finds those who wait: aggregators by their address (`ditto-ackgregator-address`), and for each connection the signals
 * that it was given and that it may answer, by correlation id (edge/service/.../AcknowledgementForwarderActor.java).
 */
export class AnswerDesk {
  readonly #clock: Clock;
  readonly #receivers = new Map<string, Receiver>();
  readonly #expectations = new Map<string, Map<string, Expectation>>();
  /** Connections that take diverted responses, by id. */
  readonly #lines = new Map<string, Receiver>();
  #addresses = 0;
  #nextSweep = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The address of a receiver. */
  register(receiver: Receiver): string {
    const address = `aggregator-${++this.#addresses}`;
    this.#receivers.set(address, receiver);
    return address;
  }

  unregister(address: string): void {
    this.#receivers.delete(address);
  }

  /** Answers to unknown addresses are lost: who waited there has gone. */
  send(address: string, answer: Signal): void {
    this.#receivers.get(address)?.(answer);
  }

  /**
   * A connection gets a signal that it may answer. Returns the correlation id that it is to see: one that is in use
   * already gets a suffix.
   */
  expect(connectionId: string, signal: Signal, address: string, timeoutMs: number): string {
    const now = this.#clock.monotonic();
    if (now >= this.#nextSweep) this.#sweep(now);
    const expectations = this.#expectations.get(connectionId) ?? new Map<string, Expectation>();
    this.#expectations.set(connectionId, expectations);
    const correlationId = headerValue(signal.headers, 'correlation-id') ?? address;
    const isInUse = (id: string): boolean => (expectations.get(id)?.deadline ?? now) > now;
    const shown = isInUse(correlationId) ? freeId(correlationId, isInUse) : correlationId;
    expectations.set(shown, { address, timeoutMs, deadline: now + timeoutMs, correlationId });
    return shown;
  }

  /** An answer that came in at a connection. False when nothing there waits for its correlation id. */
  answer(connectionId: string, answer: Signal): boolean {
    const shown = headerValue(answer.headers, 'correlation-id');
    const expectation = shown === undefined ? undefined : this.#expectations.get(connectionId)?.get(shown);
    const now = this.#clock.monotonic();
    if (expectation === undefined || expectation.deadline <= now) return false;
    expectation.deadline = now + expectation.timeoutMs;
    const headers = { ...answer.headers, 'correlation-id': expectation.correlationId };
    this.send(expectation.address, { ...answer, headers });
    return true;
  }

  /** A connection takes responses that others divert to it, until the returned function is called. */
  takeDiverted(connectionId: string, receiver: Receiver): () => void {
    this.#lines.set(connectionId, receiver);
    return () => {
      if (this.#lines.get(connectionId) === receiver) this.#lines.delete(connectionId);
    };
  }

  divert(connectionId: string, response: Signal): void {
    this.#lines.get(connectionId)?.(response);
  }

  #sweep(now: number): void {
    this.#nextSweep = now + 1_000;
    for (const [connectionId, expectations] of this.#expectations) {
      for (const [shown, { deadline }] of expectations) if (deadline <= now) expectations.delete(shown);
      if (expectations.size === 0) this.#expectations.delete(connectionId);
    }
  }
}

/** `id#0`, `id#1` and so on; an id that is counted already is counted on (edge/service/.../AcknowledgementForwarderActorStarter.java). */
function freeId(id: string, isInUse: (id: string) => boolean): string {
  const [, prefix = id, count = '-1'] = /^(.*)#(-?\d{1,9})$/s.exec(id) ?? [];
  for (let n = Number(count) + 1; ; n++) {
    const candidate = `${prefix}#${n}`;
    if (!isInUse(candidate)) return candidate;
  }
}
