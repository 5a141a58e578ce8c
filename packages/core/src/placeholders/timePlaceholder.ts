import type { Lookup, Placeholder } from './placeholder.ts';
import { placeholderUnresolved } from './placeholderErrors.ts';

/** Lengths in ms (base/model/.../common/DittoDuration.java); an offset without unit counts seconds. */
const unitMs = {
  ms: 1,
  '': 1000,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
  mo: 30 * 86_400_000,
  y: 365 * 86_400_000,
} as const;
type Unit = keyof typeof unitMs;

interface TimeExpression {
  readonly offsetMs: number;
  readonly truncateTo: Unit | undefined;
}

const UNIT = 'ms|s|m|h|d|w|mo|y';
// every alternative begins differently from what follows it: no second way to match
const SUFFIX = new RegExp(`^(?:([+-])\\+?(\\d+)(${UNIT})?)?(?:\\[(${UNIT})\\])?$`);

/** The last instant that a JavaScript date can hold, ms. */
const MAX_INSTANT = 8.64e15;

/**
 * `time:now` and `time:now_epoch_millis` with an optional offset and truncation (placeholders/.../ImmutableTimePlaceholder.java).
 * Weeks begin on Monday; weeks, months and years are those of UTC.
 */
export const timePlaceholder: Placeholder = {
  prefix: 'time',
  compile(name) {
    const isMillis = name.startsWith('now_epoch_millis');
    if (!isMillis && !name.startsWith('now')) return undefined;
    const expression = parseSuffix(name.slice(isMillis ? 'now_epoch_millis'.length : 'now'.length));
    return expression === undefined ? undefined : lookup(name, expression, isMillis);
  },
};

function parseSuffix(suffix: string): TimeExpression | undefined {
  const found = SUFFIX.exec(suffix);
  if (found === null) return undefined;
  const [, sign, amount = '0', unit = '', truncateTo] = found;
  const offsetMs = Number(amount) * unitMs[unit as Unit];
  return { offsetMs: sign === '-' ? -offsetMs : offsetMs, truncateTo: truncateTo as Unit | undefined };
}

function lookup(name: string, { offsetMs, truncateTo }: TimeExpression, isMillis: boolean): Lookup {
  return ({ now }) => {
    if (now === undefined) return [];
    const moved = now + offsetMs;
    if (Math.abs(moved) > MAX_INSTANT) throw placeholderUnresolved(`time:${name}`);
    const instant = truncateTo === undefined ? moved : truncate(moved, truncateTo);
    return [isMillis ? String(instant) : formatInstant(instant)];
  };
}

function truncate(instant: number, unit: Unit): number {
  const date = new Date(instant);
  if (unit === 'y') return Date.UTC(date.getUTCFullYear(), 0, 1);
  if (unit === 'mo') return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
  const length = unitMs[unit === 'w' ? 'd' : unit];
  const start = Math.floor(instant / length) * length;
  return unit === 'w' ? start - ((date.getUTCDay() + 6) % 7) * length : start;
}

/** As Java prints an instant: no fraction when it is zero. */
export const formatInstant = (instant: number): string =>
  new Date(instant).toISOString().replace('.000Z', 'Z');
