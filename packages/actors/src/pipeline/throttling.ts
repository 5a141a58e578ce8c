import type { InboundMetric } from './counters.ts';

/** Share of a limit that counts as reached already (Ditto's `throttling-detection-tolerance`). */
const tolerance = 0.05;

/** The longest slot that a limit is compared in, seconds. */
const slotSeconds = 10;

/** When a source counts as throttled (connectivity/service/.../monitoring/metrics/ThrottledMetricsAlert.java). */
export interface ThrottleRule {
  /** What is compared with `perSlot`; absent where the messages of a time are not limited. */
  readonly metric?: InboundMetric;
  /** More events than this within 10 s. */
  readonly perSlot: number;
  /** More unsettled messages of a client than this. */
  readonly maxInFlight: number;
}

/** Messages that a source may take in. */
export interface ThrottleLimit {
  readonly metric: InboundMetric;
  readonly perSecond: number;
}

export const throttleRule = (maxInFlight: number, limit?: ThrottleLimit): ThrottleRule => ({
  ...(limit === undefined ? {} : { metric: limit.metric }),
  perSlot: (limit?.perSecond ?? 0) * slotSeconds * (1 - tolerance),
  maxInFlight: maxInFlight * (1 - tolerance),
});

export const throttlingText = (address: string): string =>
  `Throttling event occurred for inbound throttled metric at address '${address}'.`;
