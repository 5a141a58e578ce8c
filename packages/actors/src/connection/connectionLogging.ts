import type { Clock, ConnectionMonitor } from '@hawser/core';

export interface LoggingSurroundings {
  readonly clock: Clock;
  readonly config: {
    readonly logDurationMs: number;
    readonly loggingActiveCheckIntervalMs: number;
  };
}

/** Whose log it is. */
export interface LoggedClients {
  readonly isStarted: boolean;
  readonly monitor: ConnectionMonitor;
}

/** How long a connection keeps its log (spec: enabled by open, prolonged while somebody reads it). Not persisted. */
export class ConnectionLogging {
  readonly #around: LoggingSurroundings;
  readonly #clients: LoggedClients;
  #enabledUntil: number | undefined;
  #stopCheck: (() => void) | undefined;

  constructor(around: LoggingSurroundings, clients: LoggedClients) {
    this.#around = around;
    this.#clients = clients;
  }

  /** The clients are told when they start, or by `enableNow`. */
  enable(): void {
    this.#enabledUntil = this.#around.clock.now() + this.#around.config.logDurationMs;
    this.startCheck();
  }

  /** Tells running clients at once. */
  enableNow(): void {
    if (this.#clients.isStarted)
      this.#clients.monitor.enableLogs(this.#around.clock.now() + this.#around.config.logDurationMs);
  }

  /** Moves the end, if it is still ahead. */
  prolong(): void {
    if (this.#enabledUntil === undefined || this.#around.clock.now() >= this.#enabledUntil) return;
    this.#enabledUntil = this.#around.clock.now() + this.#around.config.logDurationMs;
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
    this.#stopCheck = this.#around.clock.after(this.#around.config.loggingActiveCheckIntervalMs, () => {
      if (this.#enabledUntil !== undefined && this.#around.clock.now() < this.#enabledUntil)
        return this.startCheck();
      this.#clients.monitor.muteLogs();
      this.disable();
    });
  }
}
