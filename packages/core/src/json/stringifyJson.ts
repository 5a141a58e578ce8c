import { JsonNumber, type JsonValue } from './jsonValue.ts';

/**
 * Writes JSON text; a carried `JsonNumber` leaves as it came, `undefined` members are left out.
 *
 * @param indent of each level, for people; none: on one line
 */
export function stringifyJson(value: JsonValue | undefined, indent = ''): string {
  JsonNumber.serialised = false;
  const text = JSON.stringify(value, null, indent);
  if (!JsonNumber.serialised) return text;
  JsonNumber.serialised = false;
  return exact(value as JsonValue, indent, indent === '' ? '' : '\n');
}

/** `outer`: line break and indentation of the value itself. */
function exact(value: JsonValue, indent: string, outer: string): string {
  if (value instanceof JsonNumber) return value.text;
  const inner = outer + indent;
  const lines = (open: string, items: readonly string[], close: string): string =>
    items.length === 0 ? open + close : `${open}${inner}${items.join(`,${inner}`)}${outer}${close}`;
  if (Array.isArray(value))
    return lines(
      '[',
      value.map((item) => exact(item ?? null, indent, inner)),
      ']',
    );
  if (typeof value === 'object' && value !== null) {
    const colon = indent === '' ? ':' : ': ';
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    return lines(
      '{',
      members.map(
        ([key, member]) => `${JSON.stringify(key)}${colon}${exact(member as JsonValue, indent, inner)}`,
      ),
      '}',
    );
  }
  return JSON.stringify(value);
}
