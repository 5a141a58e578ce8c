/** Ditto's `supervisor.exponential-backoff` (base/service/.../config/supervision/ExponentialBackOffConfig.java). */
export interface BackoffConfig {
  readonly minMs: number;
  readonly maxMs: number;
  /** With 1.0 a delay is two to three times the last one. */
  readonly randomFactor: number;
}

export interface Backoff {
  /** Last computed delay. */
  readonly delayMs: number;
  /** Monotonic time of the last computation, or of the supervisor's start. */
  readonly computedAt: number;
}

export const startBackoff = (config: BackoffConfig, now: number): Backoff => ({
  delayMs: config.minMs,
  computedAt: now,
});

/**
 * The delay before the next restart (internal/utils/persistent-actors/.../AbstractPersistenceSupervisor.java).
 * A crash after a quiet time of twice the maximum starts again from the minimum.
 *
 * @param random in [0, 1)
 */
export function nextBackoff(last: Backoff, config: BackoffConfig, now: number, random: number): Backoff {
  if (now - last.computedAt >= 2 * config.maxMs) return { delayMs: config.minMs, computedAt: now };
  const grown = last.delayMs + last.delayMs * (1 + random * config.randomFactor);
  return { delayMs: Math.min(config.maxMs, Math.max(config.minMs, grown)), computedAt: now };
}
