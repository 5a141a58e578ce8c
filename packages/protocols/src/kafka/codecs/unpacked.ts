/** What comes out of a batch, up to a limit: a few bytes of a hostile one stand for gigabytes. */
export class Unpacked {
  readonly #limit: number;
  #bytes: Buffer;
  #length = 0;

  constructor(limit: number, expected: number) {
    this.#limit = limit;
    this.#bytes = Buffer.allocUnsafe(Math.min(limit, Math.max(64, expected)));
  }

  get length(): number {
    return this.#length;
  }

  /** @throws RangeError for bytes that are not there, or too many */
  append(source: Uint8Array, from: number, count: number): void {
    if (from + count > source.length) throw new RangeError('Compressed records end too soon');
    this.#reserve(count);
    this.#bytes.set(source.subarray(from, from + count), this.#length);
    this.#length += count;
  }

  /** What lies `distance` bytes back once more; it may reach into what it makes. @throws RangeError */
  repeat(distance: number, count: number): void {
    if (distance < 1 || distance > this.#length)
      throw new RangeError('Compressed records refer to what is not there');
    this.#reserve(count);
    const end = this.#length + count;
    // twice as much each time: what was just written can be copied too
    while (this.#length < end) {
      const from = this.#length - distance;
      const step = Math.min(distance, end - this.#length);
      this.#bytes.copyWithin(this.#length, from, from + step);
      this.#length += step;
    }
  }

  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed > this.#limit)
      throw new RangeError(`Compressed records of more than ${this.#limit} bytes refused`);
    if (needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.min(this.#limit, Math.max(needed, this.#bytes.length * 2)));
    grown.set(this.bytes());
    this.#bytes = grown;
  }
}
