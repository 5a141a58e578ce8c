import { promisify } from 'node:util';
import { unzip } from 'node:zlib';
import { Decompress } from 'fzstd';
import type kafkajs from 'kafkajs';
import { unpackLz4 } from './lz4.ts';
import { unpackSnappy } from './snappy.ts';
import { Unpacked } from './unpacked.ts';

/** Most bytes that a batch may unpack to. */
const maxUnpackedBytes = 64 * 1_024 * 1_024;

const unzipped = promisify(unzip);

type Unpack = (packed: Buffer) => Buffer | Promise<Buffer>;

const taught = new WeakSet<object>();

/** Teaches the driver, which knows gzip alone and no limit, to read all that Kafka's producers write. Others may use it in this process: how it writes is left as it is. */
export function registerCodecs({
  CompressionCodecs,
  CompressionTypes,
}: Pick<typeof kafkajs, 'CompressionCodecs' | 'CompressionTypes'>): void {
  if (taught.has(CompressionCodecs)) return;
  taught.add(CompressionCodecs);
  const codecs: readonly (readonly [1 | 2 | 3 | 4, Unpack])[] = [
    [CompressionTypes.GZIP, (packed) => unzipped(packed, { maxOutputLength: maxUnpackedBytes })],
    [CompressionTypes.Snappy, (packed) => unpackSnappy(packed, maxUnpackedBytes)],
    [CompressionTypes.LZ4, (packed) => unpackLz4(packed, maxUnpackedBytes)],
    [CompressionTypes.ZSTD, (packed) => unpackZstd(packed, maxUnpackedBytes)],
  ];
  for (const [type, unpack] of codecs) {
    const known = CompressionCodecs[type];
    CompressionCodecs[type] = () => ({
      compress: async (encoder: unknown) => known().compress(encoder),
      decompress: async (packed: Buffer) => unpack(packed),
    });
  }
}

/** @throws RangeError, or the library's error */
export function unpackZstd(packed: Buffer, limit: number): Buffer {
  const out = new Unpacked(limit, packed.length * 4);
  new Decompress((chunk) => out.append(chunk, 0, chunk.length)).push(packed, true);
  return out.bytes();
}
