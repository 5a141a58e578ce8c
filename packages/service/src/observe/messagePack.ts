const NIL = Uint8Array.of(0xc0);
const FALSE = Uint8Array.of(0xc2);
const TRUE = Uint8Array.of(0xc3);

/**
 * Writes MessagePack into one buffer that is used again and again: a log entry is written for each step of each message,
 * and a general encoder takes several times as long.
 */
export class MessagePackWriter {
  #buffer = Buffer.allocUnsafe(4_096);
  #at = 0;

  reset(): void {
    this.#at = 0;
  }

  /** A copy of what was written. */
  take(): Buffer {
    return Buffer.from(this.#buffer.subarray(0, this.#at));
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  arrayHeader(length: number): void {
    this.#header(length, 0x90, 0xdc, 0xdd);
  }

  mapHeader(size: number): void {
    this.#header(size, 0x80, 0xde, 0xdf);
  }

  /** Fluentd's EventTime: seconds and nanoseconds. */
  eventTime(atMs: number): void {
    this.#reserve(10);
    this.#buffer[this.#at] = 0xd7;
    this.#buffer[this.#at + 1] = 0;
    this.#buffer.writeUInt32BE(Math.floor(atMs / 1_000), this.#at + 2);
    this.#buffer.writeUInt32BE(Math.round((atMs % 1_000) * 1e6), this.#at + 6);
    this.#at += 10;
  }

  text(text: string): void {
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
