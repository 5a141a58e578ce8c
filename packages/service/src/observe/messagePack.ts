const NIL = Uint8Array.of(0xc0);
const FALSE = Uint8Array.of(0xc2);
const TRUE = Uint8Array.of(0xc3);

/** Writes Fluentd's EventTime: seconds and nanoseconds, ten bytes. */
export function writeEventTime(target: Uint8Array, place: number, atMs: number): void {
  target[place] = 0xd7;
  target[place + 1] = 0;
  writeUInt32(target, place + 2, Math.floor(atMs / 1_000));
  writeUInt32(target, place + 6, Math.round((atMs % 1_000) * 1e6));
}

function writeUInt32(target: Uint8Array, place: number, value: number): void {
  target[place] = value >>> 24;
  target[place + 1] = value >>> 16;
  target[place + 2] = value >>> 8;
  target[place + 3] = value;
}

/** Up to this length JavaScript writes a text faster than a call of the runtime. */
const SHORT = 64;

/**
 * Writes MessagePack into one buffer that is used again and again: a log entry is written for each step of each message,
 * and a general encoder takes several times as long.
 */
export class MessagePackWriter {
  #buffer: Buffer = Buffer.allocUnsafe(4_096);
  #at = 0;

  /** Bytes written. */
  get length(): number {
    return this.#at;
  }

  /** Forgets what was written, or what was after so many bytes. */
  reset(length = 0): void {
    this.#at = length;
  }

  /** A copy of what was written. */
  take(): Buffer {
    return Buffer.from(this.#buffer.subarray(0, this.#at));
  }

  /** Copies what was written from a place on. */
  copyTo(target: Uint8Array, start: number): void {
    this.#buffer.copy(target, 0, start, this.#at);
  }

  /** What was written, without a copy: the writer goes on in another buffer. */
  detach(next: Buffer = Buffer.allocUnsafe(4_096)): Buffer {
    const written = this.#buffer.subarray(0, this.#at);
    this.#buffer = next;
    this.#at = 0;
    return written;
  }

  raw(bytes: Uint8Array): void {
    const { length } = bytes;
    this.#reserve(length);
    this.#buffer.set(bytes, this.#at);
    this.#at += length;
  }

  arrayHeader(length: number): void {
    this.#header(length, 0x90, 0xdc, 0xdd);
  }

  mapHeader(size: number): void {
    this.#header(size, 0x80, 0xde, 0xdf);
  }

  /** Announces so many bytes, which the caller sends behind what was written. */
  binaryHeader(length: number): void {
    this.#reserve(5);
    this.#buffer[this.#at] = 0xc6;
    this.#buffer.writeUInt32BE(length, this.#at + 1);
    this.#at += 5;
  }

  /** Fluentd's EventTime: seconds and nanoseconds. */
  eventTime(atMs: number): void {
    this.#reserve(10);
    writeEventTime(this.#buffer, this.#at, atMs);
    this.#at += 10;
  }

  /** @returns whether it was written as short ASCII: a byte each character */
  text(text: string): boolean {
    if (text.length <= SHORT && this.#ascii(text)) return true;
    // a character takes at most three bytes
    this.#reserve(5 + text.length * 3);
    const size = text.length <= 10 ? 1 : text.length <= 85 ? 2 : text.length <= 21_845 ? 3 : 5;
    const length = this.#buffer.write(text, this.#at + size, 'utf8');
    const at = this.#at;
    if (size === 1) this.#buffer[at] = 0xa0 | length;
    else if (size === 2) {
      this.#buffer[at] = 0xd9;
      this.#buffer[at + 1] = length;
    } else if (size === 3) {
      this.#buffer[at] = 0xda;
      this.#buffer.writeUInt16BE(length, at + 1);
    } else {
      this.#buffer[at] = 0xdb;
      this.#buffer.writeUInt32BE(length, at + 1);
    }
    this.#at += size + length;
    return false;
  }

  /** False, and nothing is written, when there is another character. */
  #ascii(text: string): boolean {
    const { length } = text;
    this.#reserve(2 + length);
    let at = this.#at;
    if (length < 32) this.#buffer[at++] = 0xa0 | length;
    else {
      this.#buffer[at++] = 0xd9;
      this.#buffer[at++] = length;
    }
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code > 0x7f) return false;
      this.#buffer[at++] = code;
    }
    this.#at = at;
    return true;
  }

  /** Anything that JSON has. */
  value(value: unknown): void {
    if (typeof value === 'string') this.text(value);
    else if (typeof value === 'number') this.#number(value);
    else if (typeof value === 'boolean') this.raw(value ? TRUE : FALSE);
    else if (Array.isArray(value)) this.#array(value);
    else if (typeof value === 'object' && value !== null) this.#map(value);
    else this.raw(NIL);
  }

  #array(items: readonly unknown[]): void {
    this.arrayHeader(items.length);
    for (const item of items) this.value(item);
  }

  #map(value: object): void {
    const members = Object.entries(value);
    this.mapHeader(members.length);
    for (const [key, member] of members) {
      this.text(key);
      this.value(member);
    }
  }

  #number(value: number): void {
    this.#reserve(9);
    if (Number.isInteger(value) && Math.abs(value) < 2 ** 31) {
      this.#buffer[this.#at] = 0xd2;
      this.#buffer.writeInt32BE(value, this.#at + 1);
      this.#at += 5;
      return;
    }
    this.#buffer[this.#at] = 0xcb;
    this.#buffer.writeDoubleBE(value, this.#at + 1);
    this.#at += 9;
  }

  #header(size: number, short: number, medium: number, long: number): void {
    this.#reserve(5);
    if (size < 16) {
      this.#buffer[this.#at] = short | size;
      this.#at += 1;
    } else if (size < 65_536) {
      this.#buffer[this.#at] = medium;
      this.#buffer.writeUInt16BE(size, this.#at + 1);
      this.#at += 3;
    } else {
      this.#buffer[this.#at] = long;
      this.#buffer.writeUInt32BE(size, this.#at + 1);
      this.#at += 5;
    }
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#at + bytes));
    this.#buffer.copy(larger, 0, 0, this.#at);
    this.#buffer = larger;
  }
}
