import { crc32c } from '../crc32c.ts';

/** Length and CRC32C before the text, both 32 bit little-endian. */
const HEADER_BYTES = 8;

/** A record as it lies in lmdb: length, CRC32C, UTF-8 text. */
export function toFrame(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const frame = Buffer.allocUnsafe(HEADER_BYTES + length);
  frame.write(text, HEADER_BYTES, 'utf8');
  frame.writeUInt32LE(length, 0);
  frame.writeUInt32LE(crc32c(frame, HEADER_BYTES), 4);
  return frame;
}

export type FrameContent = { readonly text: string } | { readonly damage: string };

/** The text of a frame, or what is wrong with it. */
export function fromFrame(frame: Buffer): FrameContent {
  if (frame.length < HEADER_BYTES) return { damage: `${frame.length} bytes are no record` };
  const length = frame.readUInt32LE(0);
  if (length !== frame.length - HEADER_BYTES)
    return { damage: `its length says ${length} bytes, there are ${frame.length - HEADER_BYTES}` };
  if (crc32c(frame, HEADER_BYTES) !== frame.readUInt32LE(4)) return { damage: 'its checksum does not match' };
  return { text: frame.toString('utf8', HEADER_BYTES) };
}
