/** Bytes that are no AMQP 1.0 types, or more of them than anybody needs. */
export class MalformedAmqpError extends Error {
  override readonly name = 'MalformedAmqpError';
}

/** A value whose type decides how it is printed. */
export class TypedValue {
  readonly type: 'uuid' | 'float' | 'timestamp';
  readonly value: string | number;

  constructor(type: TypedValue['type'], value: string | number) {
    this.type = type;
    this.value = value;
  }
}

/** A decoded value (AMQP 1.0 §1.6); what is described by a descriptor is given without it. Symbols and characters are strings. */
export type AmqpValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | TypedValue
  | readonly AmqpValue[]
  | ReadonlyMap<AmqpValue, AmqpValue>;

export function emptyValue(code: number): AmqpValue {
  switch (code) {
    case 0x40:
      return null;
    case 0x41:
      return true;
    case 0x42:
      return false;
    case 0x43:
    case 0x44:
      return 0;
    case 0x45:
      return [];
    default:
      throw unknownType(code);
  }
}

export function fixedValue(code: number, bytes: Buffer): AmqpValue {
  switch (code) {
    case 0x56:
      return bytes[0] === 1;
    case 0x50:
    case 0x52:
    case 0x53:
    case 0x60:
    case 0x70:
      return bytes.readUIntBE(0, bytes.length);
    case 0x51:
    case 0x54:
    case 0x55:
    case 0x61:
    case 0x71:
      return bytes.readIntBE(0, bytes.length);
    case 0x80:
      return narrowed(bytes.readBigUInt64BE(0));
    case 0x81:
      return narrowed(bytes.readBigInt64BE(0));
    case 0x72:
      return new TypedValue('float', shortestFloat(bytes.readFloatBE(0)));
    case 0x82:
      return new TypedValue('float', bytes.readDoubleBE(0));
    case 0x73:
      return character(bytes.readUInt32BE(0));
    case 0x83:
      return new TypedValue('timestamp', Number(bytes.readBigInt64BE(0)));
    case 0x98:
      return new TypedValue('uuid', uuidText(bytes));
    case 0x74:
    case 0x84:
    case 0x94:
      return bytes;
    default:
      throw unknownType(code);
  }
}

export function variableValue(code: number, bytes: Buffer): AmqpValue {
  switch (code) {
    case 0xa0:
    case 0xb0:
      return bytes;
    case 0xa1:
    case 0xb1:
      return bytes.toString('utf8');
    case 0xa3:
    case 0xb3:
      return bytes.toString('latin1');
    default:
      throw unknownType(code);
  }
}

const narrowed = (value: bigint): number | bigint =>
  value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(value)
    : value;

function character(codePoint: number): string {
  if (codePoint > 0x10_ffff) throw new MalformedAmqpError('A character is none of Unicode.');
  return String.fromCodePoint(codePoint);
}

/** The shortest decimal that is the same float of 32 bits. */
function shortestFloat(value: number): number {
  if (!Number.isFinite(value)) return value;
  for (let digits = 1; digits < 9; digits++) {
    const candidate = Number(value.toPrecision(digits));
    if (Math.fround(candidate) === value) return candidate;
  }
  return value;
}

function uuidText(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

export const unknownType = (code: number): MalformedAmqpError =>
  new MalformedAmqpError(`There is no AMQP type 0x${code.toString(16)}.`);
