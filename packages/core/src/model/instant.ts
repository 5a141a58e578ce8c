const INSTANT =
  /^([+-]\d{4,10}|\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2}(?::\d{2})?)$/i;

/**
 * Reads an ISO-8601 instant and writes it as Java's `Instant` does: UTC, fraction of none, three, six or nine digits.
 * Nanoseconds are kept. `undefined` for anything else.
 */
export function parseInstant(text: string): string | undefined {
  const match = INSTANT.exec(text);
  if (match === null) return undefined;
  const [, year = '', month = '', day = '', hour = '', minute = '', second = '', fraction = '', zone = ''] =
    match;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const isRealDate = date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  const isMidnight = hour === '24' && Number(minute) + Number(second) === 0 && /^0*$/.test(fraction);
  if (!isRealDate || !(Number(hour) < 24 || isMidnight) || Number(minute) > 59 || Number(second) > 59)
    return undefined;
  const offset = offsetSeconds(zone);
  if (offset === undefined) return undefined;
  date.setUTCHours(Number(hour), Number(minute), Number(second) - offset);
  return Number.isNaN(date.getTime())
    ? undefined
    : `${date.toISOString().slice(0, -5)}${fractionOf(fraction)}Z`;
}

function offsetSeconds(zone: string): number | undefined {
  if (zone.toUpperCase() === 'Z') return 0;
  const [hours = 0, minutes = 0, seconds = 0] = (zone.match(/\d{2}/g) ?? []).map(Number);
  if (minutes > 59 || seconds > 59) return undefined;
  const total = hours * 3600 + minutes * 60 + seconds;
  if (total > 18 * 3600) return undefined;
  return zone.startsWith('-') ? -total : total;
}

function fractionOf(digits: string): string {
  const nanos = digits.padEnd(9, '0');
  if (nanos === '000000000') return '';
  if (nanos.endsWith('000000')) return `.${nanos.slice(0, 3)}`;
  return nanos.endsWith('000') ? `.${nanos.slice(0, 6)}` : `.${nanos}`;
}
