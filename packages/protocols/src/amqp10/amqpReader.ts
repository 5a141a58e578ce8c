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

const maxDepth = 16;
/** Elements of an array that take no bytes of their own. */
const maxEmptyElements = 1_024;

/** Reads AMQP 1.0 types from bytes that anybody may have written: every length is checked against what is there. */
export class AmqpReader {
  readonly #buffer: Buffer;
  #at: number;
  readonly #end: number;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.#buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = start;
    this.#end = end;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#end;
  }

  get position(): number {
    return this.#at;
  }

  /** The numeric descriptor of what follows, e.g. 0x73; undefined for a symbolic one. @throws MalformedAmqpError when nothing is described */
  descriptor(): number | undefined {
    if (this.#byte() !== 0) throw new MalformedAmqpError('A described type was expected.');
    const descriptor = this.read();
    return typeof descriptor === 'number' ? descriptor : undefined;
  }

  /** The members of a list; each is read when it is asked for. */
  list(): { readonly count: number } {
    const code = this.#byte();
    if (code === 0x45) return { count: 0 };
    if (code !== 0xc0 && code !== 0xd0) throw new MalformedAmqpError('A list was expected.');
    return { count: this.#header(code === 0xd0, 1).count };
  }

  read(depth = 0): AmqpValue {
    if (depth > maxDepth) throw new MalformedAmqpError('AMQP types are nested too deep.');
    const code = this.#byte();
    if (code !== 0) return this.#value(code, depth);
    this.read(depth + 1);
    return this.read(depth + 1);
  }

  /** The code of the next type, which is not taken. */
  peek(): number {
    return this.#at < this.#end ? (this.#buffer[this.#at] ?? 0) : -1;
  }

  /** Passes over the next value. */
  skip(): void {
    let code = this.#byte();
    for (; code === 0; code = this.#byte()) this.read(1);
    this.#take(this.#sizeOf(code));
  }

  /** The bytes of a binary or string, not copied. */
  bytes(): Buffer {
    const code = this.#byte();
    const category = code >> 4;
    if (category !== 0xa && category !== 0xb) throw new MalformedAmqpError('Binary or text was expected.');
    return this.#take(this.#sizeOf(code));
  }

  #value(code: number, depth: number): AmqpValue {
    const category = code >> 4;
    if (category === 0x4) return emptyValue(code);
    if (category === 0xc || category === 0xd) return this.#compound(code, depth);
    if (category === 0xe || category === 0xf) return this.#array(code, depth);
    const bytes = this.#take(this.#sizeOf(code));
    return category < 0xa ? fixedValue(code, bytes) : variableValue(code, bytes);
  }

  #compound(code: number, depth: number): AmqpValue {
    const { count, end } = this.#header(code >> 4 === 0xd, 1);
    const items: AmqpValue[] = [];
    for (let i = 0; i < count; i++) items.push(this.read(depth + 1));
    if (this.#at !== end) throw new MalformedAmqpError('A list or map is not as long as it says.');
    if (code === 0xc0 || code === 0xd0) return items;
    if (code !== 0xc1 && code !== 0xd1) throw unknownType(code);
    const map = new Map<AmqpValue, AmqpValue>();
    for (let i = 0; i + 1 < count; i += 2) map.set(items[i] ?? null, items[i + 1] ?? null);
    return map;
  }

  #array(code: number, depth: number): AmqpValue {
    if (code !== 0xe0 && code !== 0xf0) throw unknownType(code);
    const { count, end } = this.#header(code === 0xf0, 0);
    let element = this.#byte();
    if (element === 0) {
      this.read(depth + 1);
      element = this.#byte();
    }
    if (count > Math.max(maxEmptyElements, end - this.#at))
      throw new MalformedAmqpError('An array has too many elements.');
    const items: AmqpValue[] = [];
    for (let i = 0; i < count; i++) items.push(this.#value(element, depth + 1));
    if (this.#at !== end) throw new MalformedAmqpError('An array is not as long as it says.');
    return items;
  }

  /** @param leastBytes of a member */
  #header(isWide: boolean, leastBytes: number): { readonly count: number; readonly end: number } {
    const width = isWide ? 4 : 1;
    const size = this.#length(width);
    const end = this.#at + size;
    if (size < width || end > this.#end) throw truncated();
    const count = this.#length(width);
    if (count * leastBytes > end - this.#at)
      throw new MalformedAmqpError('A list or map has too many members.');
    return { count, end };
  }

  /** Bytes after the code, lengths taken already. */
  #sizeOf(code: number): number {
    const category = code >> 4;
    if (category === 0x4) return 0;
    if (category >= 0x5 && category <= 0x9) return 2 ** (category - 5);
    if (category < 0xa) throw unknownType(code);
    return this.#length(category % 2 === 0 ? 1 : 4);
  }

  #length(width: 1 | 4): number {
    if (width === 1) return this.#byte();
    const from = this.#at;
    if (this.#end - from < 4) throw truncated();
    this.#at = from + 4;
    return this.#buffer.readUInt32BE(from);
  }

  #byte(): number {
    if (this.#at >= this.#end) throw truncated();
    return this.#buffer[this.#at++] ?? 0;
  }

  #take(length: number): Buffer {
    const from = this.#at;
    if (length > this.#end - from) throw truncated();
    this.#at = from + length;
    return this.#buffer.subarray(from, this.#at);
  }
}

function emptyValue(code: number): AmqpValue {
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

function fixedValue(code: number, bytes: Buffer): AmqpValue {
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

function variableValue(code: number, bytes: Buffer): AmqpValue {
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

const truncated = (): MalformedAmqpError => new MalformedAmqpError('AMQP types end too early.');

const unknownType = (code: number): MalformedAmqpError =>
  new MalformedAmqpError(`There is no AMQP type 0x${code.toString(16)}.`);
