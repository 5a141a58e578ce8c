import { timeoutInvalid } from '../errors/baseErrors.ts';

const SECOND = 1000;
const DAY = 86_400 * SECOND;
const UNITS: Readonly<Record<string, number>> = {
  '': SECOND,
  ms: 1,
  s: SECOND,
  m: 60 * SECOND,
  h: 3600 * SECOND,
  d: DAY,
  w: 7 * DAY,
  mo: 30 * DAY,
  y: 365 * DAY,
};
const DURATION = /^([+-]?\d+)([a-z]*)$/;
const MAX_LONG = 9223372036854775807n;

/**
 * Milliseconds of a duration text such as `10`, `500ms`, `2d`: digits and an optional unit, seconds without one
 * (base/model/.../common/DittoDuration.java).
 *
 * @throws DittoError `timeout.invalid`
 */
export function parseDuration(text: string): number {
  const match = DURATION.exec(text);
  const amount = match?.[1];
  const unit = Object.hasOwn(UNITS, match?.[2] ?? '') ? UNITS[match?.[2] ?? ''] : undefined;
  if (amount === undefined || unit === undefined) throw notANumber(text);
  if (!isLong(amount)) throw notANumber(amount);
  if (amount.startsWith('-') && Number(amount) !== 0)
    throw timeoutInvalid(`The duration must not be negative but was <${text}>!`);
  return Math.abs(Number(amount)) * unit;
}

/** Java's text of a `NumberFormatException`. */
const notANumber = (text: string) => timeoutInvalid(`For input string: "${text}"`);

function isLong(amount: string): boolean {
  if (amount.length < 19) return true;
  const value = BigInt(amount.startsWith('+') ? amount.slice(1) : amount);
  return value >= -MAX_LONG - 1n && value <= MAX_LONG;
}
