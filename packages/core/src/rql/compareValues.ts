import { JsonNumber } from '../json/jsonValue.ts';

export type Primitive = string | number | JsonNumber | boolean;

/**
 * Ditto's order of a field's value against a literal (rql/query/.../ThingPredicatePredicateVisitor.java): numbers as
 * decimals; a string beside a number is read as one if it can be; the same kind in natural order; else both as text.
 * Negative, zero or positive.
 */
export function compareValues(field: Primitive, literal: Primitive): number {
  if (typeof field === 'string') {
    if (typeof literal === 'string') return order(field, literal);
    if (isNumber(literal) && isDecimal(field)) return compareDecimals(field, String(literal));
  } else if (isNumber(field)) {
    if (typeof field === 'number' && typeof literal === 'number') return field - literal;
    if (isNumber(literal) || (typeof literal === 'string' && isDecimal(literal)))
      return compareDecimals(String(field), String(literal));
  } else if (typeof literal === 'boolean') return Number(field) - Number(literal);
  return order(String(field), String(literal));
}

const isNumber = (value: Primitive): value is number | JsonNumber =>
  typeof value === 'number' || value instanceof JsonNumber;

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** What Java's BigDecimal reads. */
const DECIMAL = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,10})?$/;
const isDecimal = (text: string): boolean => DECIMAL.test(text);

interface Decimal {
  readonly sign: -1 | 0 | 1;
  /** Without zeros at both ends. */
  readonly digits: string;
  /** Power of ten of the first digit. */
  readonly magnitude: number;
}

/** Exact whatever the size: nothing is expanded, so `1e999999999` costs no more than `1`. */
function compareDecimals(a: string, b: string): number {
  const x = decimalOf(a);
  const y = decimalOf(b);
  if (x.sign !== y.sign) return x.sign - y.sign;
  return x.sign * (x.magnitude - y.magnitude || order(x.digits, y.digits));
}

function decimalOf(text: string): Decimal {
  const [mantissa = '', exponent = '0'] = text.toLowerCase().split('e');
  const [whole = '', fraction = ''] = mantissa.replace(/^[+-]/, '').split('.');
  const all = whole + fraction;
  let start = 0;
  while (all[start] === '0') start++;
  let end = all.length;
  while (end > start && all[end - 1] === '0') end--;
  if (start === end) return { sign: 0, digits: '', magnitude: 0 };
  return {
    sign: mantissa.startsWith('-') ? -1 : 1,
    digits: all.slice(start, end),
    magnitude: whole.length - start + Number(exponent),
  };
}
