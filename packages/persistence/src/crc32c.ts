/** Castagnoli's polynomial, reflected. */
const POLYNOMIAL = 0x82f63b78;

/** Eight tables in a row: table `k` advances a byte over `k` further bytes, so that eight bytes are taken at a time. */
const TABLE = buildTable();

function buildTable(): Int32Array {
  const table = new Int32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    table[byte] = crc;
  }
  for (let at = 256; at < table.length; at++) {
    const crc = table[at - 256] ?? 0;
    table[at] = (crc >>> 8) ^ (table[crc & 0xff] ?? 0);
  }
  return table;
}

const lookUp = (table: number, byte: number): number => TABLE[(table << 8) | (byte & 0xff)] as number;
const byteAt = (bytes: Uint8Array, at: number): number => bytes[at] as number;

/** CRC32C (RFC 3720, B.4) of the bytes from `start` to `end`, as an unsigned 32-bit number. */
export function crc32c(bytes: Uint8Array, start = 0, end: number = bytes.length): number {
  let crc = -1;
  let at = start;
  for (; at + 8 <= end; at += 8) {
    const word =
      crc ^
      (byteAt(bytes, at) |
        (byteAt(bytes, at + 1) << 8) |
        (byteAt(bytes, at + 2) << 16) |
        (byteAt(bytes, at + 3) << 24));
    crc =
      lookUp(7, word) ^
      lookUp(6, word >>> 8) ^
      lookUp(5, word >>> 16) ^
      lookUp(4, word >>> 24) ^
      lookUp(3, byteAt(bytes, at + 4)) ^
      lookUp(2, byteAt(bytes, at + 5)) ^
      lookUp(1, byteAt(bytes, at + 6)) ^
      lookUp(0, byteAt(bytes, at + 7));
  }
  for (; at < end; at++) crc = lookUp(0, crc ^ byteAt(bytes, at)) ^ (crc >>> 8);
  return ~crc >>> 0;
}
