import { Unpacked } from './unpacked.ts';

const MAGIC = 0x184d2204;
const HAS_BLOCK_CHECKSUMS = 0x10;
const HAS_CONTENT_SIZE = 0x08;
const HAS_DICTIONARY_ID = 0x01;
const IS_UNCOMPRESSED = 0x8000_0000;
const MIN_MATCH = 4;

/** A frame of LZ4 (lz4_Frame_format.md), as Kafka uses it. Checksums are not looked at: batches have their own. @throws RangeError */
export function unpackLz4(packed: Buffer, limit: number): Buffer {
  const out = new Unpacked(limit, packed.length * 4);
  if (packed.readUInt32LE(0) !== MAGIC) throw new RangeError('Not a frame of LZ4');
  const flags = packed.readUInt8(4);
  let at = 6;
  if (flags & HAS_CONTENT_SIZE) at += 8;
  if (flags & HAS_DICTIONARY_ID) at += 4;
  at += 1;
  for (let size = packed.readUInt32LE(at); size !== 0; size = packed.readUInt32LE(at)) {
    at += 4;
    const length = size % IS_UNCOMPRESSED;
    if (size >= IS_UNCOMPRESSED) out.append(packed, at, length);
    else unpackBlock(packed, at, at + length, out);
    at += length + (flags & HAS_BLOCK_CHECKSUMS ? 4 : 0);
  }
  return out.bytes();
}

/** Sequences of literals and a match; the last one has literals alone (lz4_Block_format.md). */
function unpackBlock(packed: Buffer, start: number, end: number, out: Unpacked): void {
  let at = start;
  /** 15 goes on in the bytes that follow, the last of which is not 255. */
  const lengthOf = (nibble: number): number => {
    let length = nibble;
    if (nibble < 15) return length;
    let byte: number;
    do {
      byte = packed.readUInt8(at++);
      length += byte;
    } while (byte === 255);
    return length;
  };
  while (at < end) {
    const token = packed.readUInt8(at++);
    const literals = lengthOf(token >> 4);
    out.append(packed, at, literals);
    at += literals;
    if (at >= end) return;
    const distance = packed.readUInt16LE(at);
    at += 2;
    out.repeat(distance, lengthOf(token & 15) + MIN_MATCH);
  }
}
