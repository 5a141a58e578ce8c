const unitMs: Readonly<Record<string, number>> = {
  '': 1,
  ms: 1,
  milli: 1,
  millis: 1,
  millisecond: 1,
  milliseconds: 1,
  us: 0.001,
  micro: 0.001,
  micros: 0.001,
  microsecond: 0.001,
  microseconds: 0.001,
  ns: 0.000_001,
  nano: 0.000_001,
  nanos: 0.000_001,
  nanosecond: 0.000_001,
  nanoseconds: 0.000_001,
  s: 1_000,
  second: 1_000,
  seconds: 1_000,
  m: 60_000,
  minute: 60_000,
  minutes: 60_000,
  h: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
  d: 86_400_000,
  day: 86_400_000,
  days: 86_400_000,
};

/** A HOCON duration (`10s`, `500 ms`, a bare number is milliseconds) in ms; undefined for anything else. */
export function durationMs(text: string): number | undefined {
  const parts = /^\s*([+-]?\d+(?:\.\d+)?)\s*([a-z]*)\s*$/.exec(text);
  const unit = parts?.[2] ?? '';
  if (parts === null || !Object.hasOwn(unitMs, unit)) return undefined;
  return Number(parts[1]) * (unitMs[unit] ?? 1);
}
