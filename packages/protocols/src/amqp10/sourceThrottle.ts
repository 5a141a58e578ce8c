import type { Clock, Settlement } from '@hawser/core';
import type { ThrottlingSettings } from './settings.ts';

export interface ThrottleEvents {
  stopped(reason: string): void;
  lifted(): void;
}

/**
 * Stops a consumer until the next interval when it took in more than it may, or has too much under way
 * (connectivity/service/.../messaging/amqp/MessageRateLimiter.java).
 */
export class SourceThrottle {
  readonly #settings: ThrottlingSettings;
  readonly #clock: Clock;
  readonly #events: ThrottleEvents;
  /** Message ids that are expected again, to the time until when. */
  readonly #expected = new Map<string, number>();
  #consumed = 0;
  #inFlight = 0;
  #isStopped = false;
  #cancelTick: (() => void) | undefined;
  #isEnded = false;

  constructor(settings: ThrottlingSettings, clock: Clock, events: ThrottleEvents) {
    this.#settings = settings;
    this.#clock = clock;
    this.#events = events;
  }

  get isStopped(): boolean {
    return this.#isStopped;
  }

  received(messageId = ''): void {
    this.#inFlight++;
    this.#consumed++;
    this.#expected.delete(messageId);
    this.#arm();
    const reason = this.#reason();
    if (reason === undefined || this.#isStopped) return;
    this.#isStopped = true;
    this.#events.stopped(reason);
  }

  settled(messageId = '', outcome: Settlement): void {
    this.#inFlight--;
    if (outcome === 'redeliver')
      this.#expected.set(messageId, this.#clock.monotonic() + this.#settings.redeliveryExpectationMs);
  }

  /** Nothing is told afterwards. */
  stop(): void {
    this.#isEnded = true;
    this.#cancelTick?.();
  }

  #reason(): string | undefined {
    const { limit, maxInFlight } = this.#settings;
    const isExcessive = this.#consumed > limit;
    const isUnacknowledged = this.#inFlight + this.#expected.size > maxInFlight;
    if (isExcessive && isUnacknowledged) return 'excessive messaging and too many unacknowledged commands';
    if (isExcessive) return 'excessive messaging';
    return isUnacknowledged ? 'too many unacknowledged commands' : undefined;
  }

  #arm(): void {
    if (this.#isEnded || this.#cancelTick !== undefined) return;
    this.#cancelTick = this.#clock.after(this.#settings.intervalMs, () => {
      this.#cancelTick = undefined;
      this.#tick();
    });
  }

  #tick(): void {
    this.#consumed = Math.max(0, this.#consumed - this.#settings.limit);
    const now = this.#clock.monotonic();
    for (const [messageId, until] of this.#expected) if (until <= now) this.#expected.delete(messageId);
    if (this.#isStopped && this.#reason() === undefined) {
      this.#isStopped = false;
      this.#events.lifted();
    }
    if (this.#isStopped || this.#consumed > 0) this.#arm();
  }
}
