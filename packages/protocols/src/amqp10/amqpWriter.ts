/** Writes AMQP 1.0 types (§1.6) to a buffer that grows. */
export class AmqpWriter {
  #buffer: Buffer;
  #at = 0;

  /** @param room bytes that will probably do */
  constructor(room: number) {
    this.#buffer = Buffer.allocUnsafe(room);
  }

  /** What was written; the writer must not be used afterwards. */
  end(): Buffer {
    return this.#buffer.subarray(0, this.#at);
  }

  code(code: number): void {
    this.#room(1);
    this.#buffer[this.#at++] = code;
  }

  /** Of a section or a performative: a small ulong. */
  descriptor(code: number): void {
    this.code(0x00);
    this.code(0x53);
    this.code(code);
  }

  null(): void {
    this.code(0x40);
  }

  boolean(value: boolean): void {
    this.code(value ? 0x41 : 0x42);
  }

  uint(value: number): void {
    this.#room(5);
    this.#buffer[this.#at++] = 0x70;
    this.#at = this.#buffer.writeUInt32BE(value, this.#at);
  }

  ulong(value: bigint): void {
    this.#room(9);
    this.#buffer[this.#at++] = 0x80;
    this.#at = this.#buffer.writeBigUInt64BE(value, this.#at);
  }

  /** @param value ms since 1970 */
  timestamp(value: bigint): void {
    this.#room(9);
    this.#buffer[this.#at++] = 0x83;
    this.#at = this.#buffer.writeBigInt64BE(value, this.#at);
  }

  /** @param bytes 16 of them */
  uuid(bytes: Uint8Array): void {
    this.code(0x98);
    this.#append(bytes);
  }

  binary(bytes: Uint8Array): void {
    this.#variable(0xa0, bytes.length);
    this.#append(bytes);
  }

  string(text: string): void {
    this.#text(0xa1, text, 'utf8');
  }

  symbol(text: string): void {
    this.#text(0xa3, text, 'latin1');
  }

  /** Begins a list; its size and count are written by `close`. */
  list(): number {
    return this.#open(0xd0);
  }

  map(): number {
    return this.#open(0xd1);
  }

  /** @param opened what `list` or `map` gave */
  close(opened: number, count: number): void {
    this.#buffer.writeUInt32BE(this.#at - opened - 4, opened);
    this.#buffer.writeUInt32BE(count, opened + 4);
  }

  #open(code: number): number {
    this.#room(9);
    this.#buffer[this.#at++] = code;
    const opened = this.#at;
    this.#at += 8;
    return opened;
  }

  #text(shortCode: number, text: string, encoding: 'utf8' | 'latin1'): void {
    const length = Buffer.byteLength(text, encoding);
    this.#variable(shortCode, length);
    this.#room(length);
    this.#at += this.#buffer.write(text, this.#at, length, encoding);
  }

  #variable(shortCode: number, length: number): void {
    this.#room(5);
    if (length <= 0xff) {
      this.#buffer[this.#at++] = shortCode;
      this.#buffer[this.#at++] = length;
    } else {
      this.#buffer[this.#at++] = shortCode + 0x10;
      this.#at = this.#buffer.writeUInt32BE(length, this.#at);
    }
  }

  #append(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#buffer.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return;
    const bigger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#at + bytes));
    this.#buffer.copy(bigger, 0, 0, this.#at);
    this.#buffer = bigger;
  }
}
