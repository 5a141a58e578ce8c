import { JsonNumber, type JsonValue } from './jsonValue.ts';

/** Writes JSON text; a carried `JsonNumber` leaves as it came, `undefined` members are left out. */
export function stringifyJson(value: JsonValue | undefined): string {
  JsonNumber.serialised = false;
  const text = JSON.stringify(value);
  if (!JsonNumber.serialised) return text;
  JsonNumber.serialised = false;
  return exact(value as JsonValue);
}

function exact(value: JsonValue): string {
  if (value instanceof JsonNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map((item) => exact(item ?? null)).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${exact(member as JsonValue)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}
