/*
 * Values of `specificConfig`, all of which are text, as Ditto's configuration library (HOCON) reads them.
 */

const NANOS_PER_MS = 1_000_000;
const UNIT_NANOS: Readonly<Record<string, number>> = {
  ns: 1,
  nanos: 1,
  nanoseconds: 1,
  us: 1_000,
  micros: 1_000,
  microseconds: 1_000,
  '': NANOS_PER_MS,
  ms: NANOS_PER_MS,
  millis: NANOS_PER_MS,
  milliseconds: NANOS_PER_MS,
  s: 1_000 * NANOS_PER_MS,
  seconds: 1_000 * NANOS_PER_MS,
  m: 60_000 * NANOS_PER_MS,
  minutes: 60_000 * NANOS_PER_MS,
  h: 3_600_000 * NANOS_PER_MS,
  hours: 3_600_000 * NANOS_PER_MS,
  d: 86_400_000 * NANOS_PER_MS,
  days: 86_400_000 * NANOS_PER_MS,
};

const INTEGER = /^[+-]?\d+$/;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const MAX_LONG = 2n ** 63n - 1n;
/** Text beyond this is no number that anyone configures. */
const MAX_LENGTH = 64;

/** A duration (`10s`, `1.5 minutes`, `-5s`; a bare number is milliseconds) in ms; undefined for anything else. */
export function configDurationMs(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed.length > MAX_LENGTH) return undefined;
  const unit = /\p{L}*$/u.exec(trimmed)?.[0] ?? '';
  const number = trimmed.slice(0, trimmed.length - unit.length).trim();
  const plural = unit.length > 2 && !unit.endsWith('s') ? `${unit}s` : unit;
  const nanos = Object.hasOwn(UNIT_NANOS, plural) ? UNIT_NANOS[plural] : undefined;
  if (nanos === undefined || !DECIMAL.test(number)) return undefined;
  if (INTEGER.test(number) && !isLong(number)) return undefined;
  const limit = Number(MAX_LONG);
  return Math.min(Math.max(Number(number) * nanos, -limit), limit) / NANOS_PER_MS;
}

/** A 32-bit number, decimals cut off; undefined for anything else. */
export function configInt(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed.length > MAX_LENGTH || !DECIMAL.test(trimmed)) return undefined;
  const value = Math.trunc(Number(trimmed));
  return value >= -(2 ** 31) && value < 2 ** 31 ? value + 0 : undefined;
}

function isLong(digits: string): boolean {
  const value = BigInt(digits.replace('+', ''));
  return value <= MAX_LONG && value >= -MAX_LONG - 1n;
}
