import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { registerCodecs, unpackZstd } from './codecs.ts';
import { unpackLz4 } from './lz4.ts';
import { unpackSnappy } from './snappy.ts';

const lz4 = (flags: number, extra: number[], ...blocks: { raw?: boolean; bytes: number[] }[]): Buffer => {
  const parts = blocks.flatMap(({ raw, bytes }) => {
    const head = Buffer.alloc(4);
    head.writeUInt32LE(bytes.length + (raw ? 0x8000_0000 : 0));
    return [head, Buffer.from(bytes), Buffer.alloc(flags & 0x10 ? 4 : 0)];
  });
  return Buffer.concat([
    Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x40 | flags, 0x40, ...extra, 0]),
    ...parts,
    Buffer.alloc(4),
  ]);
};
const text = (value: string): number[] => [...Buffer.from(value)];

describe('LZ4', () => {
  test.each<[string, Buffer, string]>([
    ['nothing', lz4(0, []), ''],
    ['a block as it is', lz4(0, [], { raw: true, bytes: text('plain') }), 'plain'],
    ['literals', lz4(0x10, [], { bytes: [0x50, ...text('hello')] }), 'hello'],
    [
      'a match that reaches into what it makes',
      lz4(0, [], { bytes: [0x24, ...text('ab'), 2, 0, 0x10, ...text('!')] }),
      'ababababab!',
    ],
    ['many literals', lz4(0, [], { bytes: [0xf0, 255, 5, ...text('x'.repeat(275))] }), 'x'.repeat(275)],
    [
      'a long match',
      lz4(0, [], { bytes: [0x1f, ...text('y'), 1, 0, 255, 1, 0x00] }),
      'y'.repeat(1 + 15 + 256 + 4),
    ],
    [
      'a match of the block before',
      lz4(8, [0, 0, 0, 0, 0, 0, 0, 0], { bytes: [0x40, ...text('1234')] }, { bytes: [0x00, 4, 0, 0x00] }),
      '12341234',
    ],
  ])('%s', (_what, packed, unpacked) => {
    expect(unpackLz4(packed, 1_000).toString()).toBe(unpacked);
  });
});

describe('Snappy', () => {
  test.each<[string, number[], string]>([
    ['literals', [5, 4 << 2, ...text('hello')], 'hello'],
    ['many literals', [0x80, 0x01, 60 << 2, 127, ...text('x'.repeat(128))], 'x'.repeat(128)],
    ['a near copy', [8, 1 << 2, ...text('ab'), (2 << 2) | 1, 2], 'abababab'],
    ['a copy', [6, 2 << 2, ...text('abc'), (2 << 2) | 2, 3, 0], 'abcabc'],
    ['a far copy', [6, 2 << 2, ...text('abc'), (2 << 2) | 3, 3, 0, 0, 0], 'abcabc'],
  ])('%s', (_what, block, unpacked) => {
    expect(unpackSnappy(Buffer.from(block), 1_000).toString()).toBe(unpacked);
    const length = [0, 0, 0, block.length];
    const framed = [
      0x82,
      ...text('SNAPPY'),
      0,
      0,
      0,
      0,
      1,
      0,
      0,
      0,
      1,
      ...length,
      ...block,
      ...length,
      ...block,
    ];
    expect(unpackSnappy(Buffer.from(framed), 1_000).toString()).toBe(unpacked + unpacked);
  });
});

const unpackers: Record<string, (packed: Buffer, limit: number) => Buffer> = {
  LZ4: unpackLz4,
  Snappy: unpackSnappy,
  Zstandard: unpackZstd,
};

test.each(Object.keys(unpackers))(
  '%s: garbage ends with an error or some bytes, never with more than the limit',
  (name) => {
    const unpack = unpackers[name];
    const heads = fc.constantFrom(
      [],
      [0x04, 0x22, 0x4d, 0x18, 0x40, 0x40, 0],
      [0x28, 0xb5, 0x2f, 0xfd],
      [0x82, ...text('SNAPPY'), 0],
    );
    fc.assert(
      fc.property(heads, fc.uint8Array({ maxLength: 300 }), (head, rest) => {
        let length = 0;
        try {
          length = unpack?.(Buffer.concat([Buffer.from(head), rest]), 500).length ?? -1;
        } catch (error) {
          expect(error).toHaveProperty('message');
        }
        expect(length).toBeGreaterThanOrEqual(0);
        expect(length).toBeLessThanOrEqual(500);
      }),
      { numRuns: 2_000 },
    );
  },
);

test('a few bytes that stand for many are refused', () => {
  const bomb = lz4(0, [], { bytes: [0x1f, 0x61, 1, 0, ...Array(1_000).fill(255), 0, 0x00] });
  expect(() => unpackLz4(bomb, 10_000)).toThrow('Compressed records of more than 10000 bytes refused');
  expect(unpackLz4(bomb, 1_000_000)).toHaveLength(1 + 15 + 255_000 + 4);
});

test('the driver reads all four kinds', async () => {
  const CompressionTypes = { None: 0, GZIP: 1, Snappy: 2, LZ4: 3, ZSTD: 4 } as const;
  const CompressionCodecs: Record<number, () => { decompress(packed: Buffer): Promise<Buffer> }> = {};
  registerCodecs({ CompressionTypes, CompressionCodecs } as never);
  const unpack = (type: number, packed: Buffer) => CompressionCodecs[type]?.().decompress(packed);
  expect(String(await unpack(1, gzipSync('zipped')))).toBe('zipped');
  expect(String(await unpack(2, Buffer.from([2, 1 << 2, ...text('ab')])))).toBe('ab');
  expect(String(await unpack(3, lz4(0, [], { raw: true, bytes: text('lz') })))).toBe('lz');
  // one raw block in a frame that says its size
  expect(
    String(await unpack(4, Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, 2, 0x11, 0, 0, ...text('zs')]))),
  ).toBe('zs');
});
