import type { Clock, ConnectionMonitor } from '@hawser/core';

export interface LoggingConfig {
  readonly logDurationMs: number;
  readonly loggingActiveCheckIntervalMs: number;
}

/** How long a connection keeps its log (spec: enabled by open, prolonged while somebody reads it). Not persisted. */
export class ConnectionLogging {
  readonly #clock: Clock;
  readonly #config: LoggingConfig;
  readonly #monitor: () => ConnectionMonitor;
  readonly #hasClients: () => boolean;
  #enabledUntil: number | undefined;
  #stopCheck: (() => void) | undefined;

  constructor(
    clock: Clock,
    config: LoggingConfig,
    monitor: () => ConnectionMonitor,
    hasClients: () => boolean,
  ) {
    this.#clock = clock;
    this.#config = config;
    this.#monitor = monitor;
    this.#hasClients = hasClients;
  }

  /** The clients are told when they start, or by `enableNow`. */
  enable(): void {
    this.#enabledUntil = this.#clock.now() + this.#config.logDurationMs;
    this.startCheck();
  }

  /** Tells running clients at once. */
  enableNow(): void {
    if (this.#hasClients()) this.#monitor().enableLogs(this.#clock.now() + this.#config.logDurationMs);
  }

  /** Moves the end, if it is still ahead. */
  prolong(): void {
    if (this.#enabledUntil === undefined || this.#clock.now() >= this.#enabledUntil) return;
    this.#enabledUntil = this.#clock.now() + this.#config.logDurationMs;
    this.enableNow();
  }

  disable(): void {
    this.#enabledUntil = undefined;
    this.#stopCheck?.();
    this.#stopCheck = undefined;
  }

  /** Checks from now on whether the time is over. */
  startCheck(): void {
    this.#stopCheck?.();
    this.#stopCheck = this.#clock.after(this.#config.loggingActiveCheckIntervalMs, () => {
      if (this.#enabledUntil !== undefined && this.#clock.now() < this.#enabledUntil)
        return this.startCheck();
      this.#monitor().muteLogs();
      this.disable();
    });
  }
}
