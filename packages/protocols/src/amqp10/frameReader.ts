import { AmqpReader } from './amqpReader.ts';
import { MalformedAmqpError } from './amqpValues.ts';

const protocolHeaderBytes = 8;
const frameHeaderBytes = 8;

/**
 * Cuts what a peer sends into whole frames (AMQP 1.0 §2.3) and lets only those through whose length and performative are
 * sound. The library buffers whatever a length promises, and builds whatever a type announces.
 */
export class FrameReader {
  readonly #maxFrameBytes: number;
  /** What has arrived of a frame that is not whole. */
  #chunks: Buffer[] = [];
  #pending = 0;
  /** Bytes that are needed before anything can be done. */
  #needed = 4;
  #hasGreeted = false;

  /** @param maxFrameBytes as announced to the peer */
  constructor(maxFrameBytes: number) {
    this.#maxFrameBytes = maxFrameBytes;
  }

  /** @returns the whole frames up to now, one after the other; undefined when there is none. @throws MalformedAmqpError */
  take(chunk: Buffer): Buffer | undefined {
    this.#chunks.push(chunk);
    this.#pending += chunk.length;
    if (this.#pending < this.#needed) return undefined;
    const bytes = this.#chunks.length === 1 ? chunk : Buffer.concat(this.#chunks, this.#pending);
    const whole = this.#wholeBytes(bytes);
    this.#chunks = whole === bytes.length ? [] : [bytes.subarray(whole)];
    this.#pending = bytes.length - whole;
    return whole === 0 ? undefined : bytes.subarray(0, whole);
  }

  #wholeBytes(bytes: Buffer): number {
    let at = 0;
    for (;;) {
      const left = bytes.length - at;
      const isHeader = left >= 4 && bytes.readUInt32BE(at) === protocolName;
      if (left >= 4 && !isHeader && !this.#hasGreeted)
        throw new MalformedAmqpError('The peer does not speak AMQP.');
      this.#hasGreeted ||= isHeader;
      this.#needed = isHeader
        ? protocolHeaderBytes
        : Math.max(4, left >= 4 ? this.#frameBytes(bytes, at) : 4);
      if (left < this.#needed) return at;
      if (!isHeader) checkFrame(bytes, at, at + this.#needed);
      at += this.#needed;
    }
  }

  #frameBytes(bytes: Buffer, at: number): number {
    const size = bytes.readUInt32BE(at);
    if (size > this.#maxFrameBytes) {
      throw new MalformedAmqpError(`AMQP frame of more than ${this.#maxFrameBytes} bytes refused`);
    }
    if (size < frameHeaderBytes) throw new MalformedAmqpError(`AMQP frame of ${size} bytes refused`);
    return size;
  }
}

/** `AMQP`: protocol headers come before frames, and no frame is as large as that. */
const protocolName = 0x414d_5150;

/** The performative is one described list that can be read; what comes after it is a message, which is read elsewhere. */
function checkFrame(bytes: Buffer, start: number, end: number): void {
  const bodyStart = start + (bytes[start + 4] ?? 0) * 4;
  if (bodyStart < start + frameHeaderBytes || bodyStart > end) {
    throw new MalformedAmqpError('The body of an AMQP frame begins outside of it.');
  }
  if (bodyStart === end) return;
  const reader = new AmqpReader(bytes, bodyStart, end);
  const code = reader.descriptor();
  if (code === undefined || !performatives.has(code)) {
    throw new MalformedAmqpError('An AMQP frame holds no performative.');
  }
  reader.read(1);
}

const performatives: ReadonlySet<number> = new Set([
  0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x40, 0x41, 0x42, 0x43, 0x44,
]);
