import type { DittoError } from '../errors/dittoError.ts';
import { unspecificError } from '../errors/unspecificFailure.ts';

/** Date, time, fraction and offset in the order in which `java.time.Instant.parse` looks for them. */
const STEPS: readonly RegExp[] = [
  /[+-]\d{5,9}|-?\d{4}/y,
  /-/y,
  /0[1-9]|1[0-2]/y,
  /-/y,
  /0[1-9]|[12]\d|3[01]/y,
  /[Tt]/y,
  /[01]\d|2[0-4]/y,
  /:/y,
  /[0-5]\d/y,
  /:/y,
  /[0-5]\d/y,
  /(?:\.\d{0,9})?/y,
  /[Zz]|[+-]\d{2}:\d{2}(?::\d{2})?/y,
  /$/y,
];
/** What nearly every instant looks like: nothing to normalise. */
const CANONICAL =
  /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.(?!000)\d{3})?Z$/;

/**
 * Reads an instant as `java.time.Instant.parse` does and writes it as `Instant.toString` does:
 * in UTC with `Z`, the fraction in groups of three digits and only as long as needed.
 *
 * @throws DittoError with the unspecific cause `DateTimeParseException`
 */
export function canonicalInstant(text: string): string {
  if (CANONICAL.test(text)) return text;
  const [year, , month, , day, , hour, , minute, , second, fraction = '', offset = ''] = split(text);
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const secondOfDay = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
  if (date.getUTCDate() !== Number(day) || secondOfDay > 86_400) throw unparsable(text, 0);
  const seconds = date.getTime() / 1000 + secondOfDay - offsetSeconds(offset);
  return `${new Date(seconds * 1000).toISOString().slice(0, -5)}${canonicalFraction(fraction)}Z`;
}

function split(text: string): readonly string[] {
  const parts: string[] = [];
  let at = 0;
  for (const step of STEPS) {
    step.lastIndex = at;
    const found = step.exec(text);
    if (found === null) throw unparsable(text, at);
    parts.push(found[0]);
    at = step.lastIndex;
  }
  return parts;
}

function offsetSeconds(offset: string): number {
  if (offset.length === 1) return 0;
  const [hours = 0, minutes = 0, seconds = 0] = offset.slice(1).split(':').map(Number);
  const total = (hours * 60 + minutes) * 60 + seconds;
  return offset.startsWith('-') ? -total : total;
}

function canonicalFraction(fraction: string): string {
  const digits = fraction.slice(1).replace(/0+$/, '');
  return digits === '' ? '' : `.${digits.padEnd(Math.ceil(digits.length / 3) * 3, '0')}`;
}

const unparsable = (text: string, index: number): DittoError =>
  unspecificError('DateTimeParseException', `Text '${text}' could not be parsed at index ${index}`);
