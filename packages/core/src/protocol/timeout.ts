import { makeError } from '../errors/makeError.ts';

const MS_PER_UNIT: Readonly<Record<string, number>> = {
  '': 1000,
  s: 1000,
  ms: 1,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  mo: 2_629_746_000,
  y: 31_556_952_000,
};
const DURATION = /^([+-]?\d+)(ms|mo|[smhdwy]|)$/;
const LONG_MAX = 2n ** 63n - 1n;

/**
 * Reads a Ditto duration in milliseconds: `250ms`, `10s`, `2m`, `1h`, `1d`, `1w`, `1mo`, `1y`; a bare number means
 * seconds (base/model/.../DittoDuration.java).
 *
 * @throws DittoError `timeout.invalid`
 */
export function parseTimeoutMs(text: string): number {
  const [, amount, unit] = DURATION.exec(text) ?? [];
  if (amount === undefined || unit === undefined || !isLong(amount)) {
    throw makeError('timeout.invalid', `For input string: "${amount ?? text}"`);
  }
  if (Number(amount) < 0) {
    throw makeError('timeout.invalid', `The duration must not be negative but was <${amount}${unit}>!`);
  }
  return Number(amount) * (MS_PER_UNIT[unit] ?? 0);
}

function isLong(digits: string): boolean {
  if (digits.length < 19) return true;
  const value = BigInt(digits.startsWith('+') ? digits.slice(1) : digits);
  return value <= LONG_MAX && value >= -LONG_MAX - 1n;
}
