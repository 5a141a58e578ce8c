import {
  type AmqpValue,
  emptyValue,
  fixedValue,
  MalformedAmqpError,
  unknownType,
  variableValue,
} from './amqpValues.ts';

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

const truncated = (): MalformedAmqpError => new MalformedAmqpError('AMQP types end too early.');
