import { parseTimeoutMs } from '../protocol/timeout.ts';
import { rememberLast } from '../remember.ts';
import type { Lookup, Placeholder } from './placeholder.ts';
import { placeholderUnresolved } from './placeholderErrors.ts';

/** Units of a truncation; weeks, months and years have no fixed start. */
const truncations = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 0, mo: 0, y: 0 } as const;
type Unit = keyof typeof truncations;

interface TimeExpression {
  readonly offsetMs: number;
  readonly truncateTo: Unit | undefined;
}

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

/** `[+-]<duration>` and `[<unit>]`, either or both; undefined for anything else. */
function parseSuffix(suffix: string): TimeExpression | undefined {
  const bracket = suffix.indexOf('[');
  const offset = bracket < 0 ? suffix : suffix.slice(0, bracket);
  const unit = bracket < 0 ? undefined : suffix.slice(bracket + 1, -1);
  if (unit !== undefined && !(suffix.endsWith(']') && isUnit(unit))) return undefined;
  const offsetMs = parseOffset(offset);
  return offsetMs === undefined ? undefined : { offsetMs, truncateTo: unit };
}

const isUnit = (text: string): text is Unit => Object.hasOwn(truncations, text);

function parseOffset(text: string): number | undefined {
  if (text === '') return 0;
  if (text[0] !== '+' && text[0] !== '-') return undefined;
  try {
    const duration = parseTimeoutMs(text.slice(1));
    return text[0] === '-' ? -duration : duration;
  } catch {
    return undefined;
  }
}

function lookup(name: string, { offsetMs, truncateTo }: TimeExpression, isMillis: boolean): Lookup {
  return ({ now }) => {
    if (now === undefined) return [];
    const moved = now + offsetMs;
    const instant = truncateTo === undefined ? moved : truncate(moved, truncateTo);
    if (!(Math.abs(instant) <= MAX_INSTANT)) throw placeholderUnresolved(`time:${name}`);
    return [isMillis ? String(instant) : formatInstant(instant)];
  };
}

/** NaN for what a date cannot hold. */
function truncate(instant: number, unit: Unit): number {
  const length = truncations[unit];
  if (length > 0) return Math.floor(instant / length) * length;
  const date = new Date(instant);
  if (unit === 'w') date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() + 6) % 7));
  else if (unit === 'mo') date.setUTCDate(1);
  else date.setUTCMonth(0, 1);
  return date.setUTCHours(0, 0, 0, 0);
}

/** As Java prints an instant: no fraction when it is zero. Many ask for the time within one millisecond. */
export const formatInstant = rememberLast((instant: number): string =>
  new Date(instant).toISOString().replace('.000Z', 'Z'),
);
