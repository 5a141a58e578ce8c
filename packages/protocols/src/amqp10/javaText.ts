import { type AmqpValue, TypedValue } from './amqpValues.ts';

/** A value as Ditto's client prints it: `toString()` of the Java type that stands for it. */
export function javaText(value: AmqpValue): string {
  if (typeof value === 'string') return value;
  if (value === null || typeof value !== 'object') return String(value);
  if (value instanceof TypedValue) return typedText(value);
  if (value instanceof Uint8Array) return binaryText(value);
  if (value instanceof Map)
    return `{${[...value].map(([key, member]) => `${javaText(key)}=${javaText(member)}`).join(', ')}}`;
  return `[${(value as readonly AmqpValue[]).map(javaText).join(', ')}]`;
}

function typedText({ type, value }: TypedValue): string {
  if (type === 'float') return floatText(Number(value));
  return type === 'timestamp' ? dateText(Number(value)) : String(value);
}

/** java.lang.Double.toString: a digit after the point, and an exponent from 10^7 and below 10^-3. */
function floatText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? 'Infinity' : '-Infinity';
  if (Object.is(value, -0)) return '-0.0';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e7)) {
    const [digits = '', exponent = ''] = value.toExponential().split('e');
    return `${withPoint(digits)}E${Number(exponent)}`;
  }
  return withPoint(String(value));
}

const withPoint = (digits: string): string => (digits.includes('.') ? digits : `${digits}.0`);

/** java.util.Date.toString in UTC: `Thu Jan 01 00:00:00 UTC 1970`. */
function dateText(ms: number): string {
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return String(ms);
  const [weekday, day, month, year, time] = date.toUTCString().replace(',', '').split(' ');
  return `${weekday} ${month} ${day} ${time} UTC ${year}`;
}

/** org.apache.qpid.proton.amqp.Binary.toString: printable ASCII as it is, everything else as `\x0a`. */
function binaryText(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) {
    text +=
      byte > 31 && byte < 127 && byte !== 0x5c
        ? String.fromCharCode(byte)
        : `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return text;
}
