import {
  type Clock,
  type ConnectionClient,
  type ExternalMessage,
  isDittoError,
  OpenList,
  type OpenListLinks,
  type PublishEnd,
  PublishError,
  type PublishResult,
  type PublishTarget,
} from '@hawser/core';
import type { SettleMode } from './delivery.ts';

/** How a publish ended: confirmed, or refused by the broker or by time. */
export type PublishOutcome =
  | { readonly result: PublishResult; readonly error?: undefined }
  | { readonly result?: undefined; readonly error: Error };

export interface OutboxOptions {
  readonly clock: Clock;
  /** After this a publish without confirmation has failed. */
  readonly timeoutMs: number;
  /** Most unfinished publishes that no source message waits for. */
  readonly maxUnsourced: number;
  readonly mode: SettleMode;
}

interface Entry extends OpenListLinks<Entry> {
  readonly target: PublishTarget;
  readonly message: ExternalMessage;
  readonly isSourced: boolean;
  readonly deadline: number;
  readonly done: (outcome: PublishOutcome) => void;
  /** The client that has it at present. */
  sentTo: ConnectionClient | undefined;
}

/** Pause before what an open client could not finish is given to it again. */
const resendAfterMs = 200;

/**
 * The publishes of one client of a connection that are not finished. They outlive the client's broker sessions: what was
 * unconfirmed when a session ended is sent again to the next, in order, until its time has passed.
 */
export class Outbox {
  readonly #options: OutboxOptions;
  readonly #entries = new OpenList<Entry>();
  #client: ConnectionClient | undefined;
  #unsourced = 0;
  /** A publish timed out and the target has shown no sign of life since: further ones fail at once. */
  #isDead = false;
  #isPaused = false;
  #cancelSweep: (() => void) | undefined;
  #cancelResend: (() => void) | undefined;
  readonly #emptyWaiters: (() => void)[] = [];

  constructor(options: OutboxOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#entries.size;
  }

  /** Resolves when nothing is unfinished but what waits for the next client. */
  async empty(): Promise<void> {
    if (!this.#isEmpty()) await new Promise<void>((resolve) => this.#emptyWaiters.push(resolve));
  }

  /** What comes from now on waits for the next client; the present one only finishes what it has. */
  pause(): void {
    this.#isPaused = true;
  }

  /** The client is open: everything unfinished goes to it, oldest first. */
  attach(client: ConnectionClient): void {
    this.#client = client;
    this.#isDead = false;
    this.#isPaused = false;
    this.#resend();
  }

  detach(): void {
    this.#client = undefined;
    this.#cancelResend?.();
    this.#cancelResend = undefined;
    if (this.#options.mode === 'ditto') {
      for (const entry of this.#entries.members()) this.#finish(entry, { error: notConnected() });
    }
  }

  /**
   * `done` is called exactly once, possibly before this returns.
   *
   * @param isSourced a source message waits for it, whose in-flight limit bounds the memory; others are bounded here
   */
  publish(
    target: PublishTarget,
    message: ExternalMessage,
    isSourced: boolean,
    done: (outcome: PublishOutcome) => void,
  ): void {
    const refusal = this.#refusal(isSourced);
    if (refusal !== undefined) {
      done({ error: refusal });
      return;
    }
    const deadline = this.#options.clock.monotonic() + this.#options.timeoutMs;
    const entry: Entry = {
      target,
      message,
      isSourced,
      deadline,
      done,
      sentTo: undefined,
      list: undefined,
      next: undefined,
      previous: undefined,
    };
    this.#entries.add(entry);
    if (!isSourced) this.#unsourced++;
    if (this.#cancelSweep === undefined) this.#scheduleSweep(this.#options.timeoutMs);
    if (this.#client !== undefined && !this.#isPaused) this.#send(entry, this.#client);
  }

  #isEmpty(): boolean {
    if (!this.#isPaused) return this.#entries.size === 0;
    return this.#entries.members().every(({ sentTo }) => sentTo === undefined);
  }

  #refusal(isSourced: boolean): Error | undefined {
    if (this.#isDead) return timedOut();
    if (this.#client === undefined && this.#options.mode === 'ditto') return notConnected();
    const isBounded = !isSourced || this.#options.mode === 'ditto';
    if (isBounded && this.#unsourced >= this.#options.maxUnsourced) return queueFull();
    return undefined;
  }

  #send(entry: Entry, client: ConnectionClient): void {
    entry.sentTo = client;
    const { target, message } = entry;
    const ended = (end: PublishEnd): void => this.#ended(entry, client, end);
    if (client.publishWith !== undefined) client.publishWith(target, message, ended);
    else
      client.publish(target, message).then(
        (result) => ended({ result }),
        (error: unknown) => ended({ error }),
      );
  }

  #ended(entry: Entry, client: ConnectionClient, end: PublishEnd): void {
    if (end.result !== undefined) {
      // Also a late confirmation is a sign of life.
      this.#isDead = false;
      this.#finish(entry, end);
    } else if (isFinal(end.error)) this.#finish(entry, { error: end.error });
    else if (entry.sentTo === client) this.#sendLater(entry);
  }

  /** The outcome is unknown. Without a client the next one gets it; with one that is still there it is given again. */
  #sendLater(entry: Entry): void {
    entry.sentTo = undefined;
    if (this.#client === undefined || this.#cancelResend !== undefined) return;
    this.#cancelResend = this.#options.clock.after(resendAfterMs, () => {
      this.#cancelResend = undefined;
      this.#resend();
    });
  }

  #resend(): void {
    const client = this.#client;
    if (client === undefined || this.#isPaused) return;
    for (const entry of this.#entries.members()) if (entry.sentTo !== client) this.#send(entry, client);
  }

  #finish(entry: Entry, outcome: PublishOutcome): void {
    if (!this.#entries.delete(entry)) return;
    if (!entry.isSourced) this.#unsourced--;
    entry.done(outcome);
    if (this.#emptyWaiters.length > 0 && this.#isEmpty())
      for (const resolve of this.#emptyWaiters.splice(0)) resolve();
  }

  /** Entries stand in order of their deadlines, so one timer for the oldest is enough. */
  #sweep(): void {
    const now = this.#options.clock.monotonic();
    this.#cancelSweep = undefined;
    for (let oldest = this.#entries.first; oldest !== undefined; oldest = this.#entries.first) {
      if (oldest.deadline > now) {
        this.#scheduleSweep(oldest.deadline - now);
        return;
      }
      this.#isDead = true;
      this.#finish(oldest, { error: timedOut() });
    }
  }

  #scheduleSweep(delayMs: number): void {
    this.#cancelSweep = this.#options.clock.after(delayMs, () => this.#sweep());
  }
}

/** A refusal that sending again would not change; anything else leaves the outcome unknown. */
function isFinal(error: unknown): error is Error {
  return error instanceof PublishError || isDittoError(error);
}

const timedOut = (): PublishError => new PublishError(408, 'No publisher confirm arrived.');
const notConnected = (): PublishError => new PublishError(503, 'The target is not connected.');
const queueFull = (): PublishError =>
  new PublishError(503, 'Outgoing message dropped because there are too many in-flight requests.');
