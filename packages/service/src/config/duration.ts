const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  millis: 1,
  milliseconds: 1,
  s: 1000,
  second: 1000,
  seconds: 1000,
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

/** A HOCON duration (`50s`, `1.5m`, `500 ms`, a bare number of milliseconds) in milliseconds; undefined when it is none. */
export function parseDurationMs(text: string): number | undefined {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/.exec(text);
  if (match === null) return undefined;
  const factor = match[2] === '' ? 1 : UNITS[match[2] as string];
  return factor === undefined ? undefined : Number(match[1]) * factor;
}
