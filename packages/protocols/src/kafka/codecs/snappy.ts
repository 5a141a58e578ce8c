import { Unpacked } from './unpacked.ts';

/** Java's clients write blocks behind this header, others one block alone. */
const XERIAL = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0]);
const XERIAL_HEADER_BYTES = 16;

/** Snappy (google/snappy, format_description.txt), in Java's framing or without one. @throws RangeError */
export function unpackSnappy(packed: Buffer, limit: number): Buffer {
  const out = new Unpacked(limit, packed.length * 4);
  if (!packed.subarray(0, XERIAL.length).equals(XERIAL)) {
    unpackBlock(packed, out);
    return out.bytes();
  }
  for (let at = XERIAL_HEADER_BYTES; at < packed.length; ) {
    const length = packed.readInt32BE(at);
    at += 4;
    if (length < 0 || at + length > packed.length) throw new RangeError('Compressed records end too soon');
    unpackBlock(packed.subarray(at, at + length), out);
    at += length;
  }
  return out.bytes();
}

function unpackBlock(block: Buffer, out: Unpacked): void {
  let at = 0;
  // the length of the content; how much there is shows itself
  while (block.readUInt8(at++) >= 128);
  while (at < block.length) {
    const tag = block.readUInt8(at++);
    const upper = tag >> 2;
    switch (tag & 3) {
      case 0: {
        const extra = Math.max(0, upper - 59);
        const length = 1 + (extra === 0 ? upper : block.readUIntLE(at, extra));
        at += extra;
        out.append(block, at, length);
        at += length;
        break;
      }
      case 1:
        out.repeat(((tag >> 5) << 8) | block.readUInt8(at), (upper & 7) + 4);
        at += 1;
        break;
      case 2:
        out.repeat(block.readUInt16LE(at), upper + 1);
        at += 2;
        break;
      default:
        out.repeat(block.readUInt32LE(at), upper + 1);
        at += 4;
    }
  }
}
