import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { FrameGuard } from './frameGuard.ts';

const frame = (length: number): Buffer => {
  const bytes = Buffer.alloc(4 + Math.max(0, length));
  bytes.writeInt32BE(length);
  return bytes;
};

/** Cut into pieces at these places. */
function* pieces(stream: Buffer, cuts: readonly number[]): Generator<Buffer> {
  let at = 0;
  for (const cut of [...cuts.map((each) => each % (stream.length + 1)), stream.length].sort(
    (a, b) => a - b,
  )) {
    yield stream.subarray(at, cut);
    at = cut;
  }
}

test('frames pass, however they are cut', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 4, max: 100 })), fc.array(fc.nat()), (lengths, cuts) => {
      const guard = new FrameGuard(100);
      for (const piece of pieces(Buffer.concat(lengths.map(frame)), cuts))
        expect(guard.accepts(piece)).toBe(true);
    }),
  );
});

test('a frame of an impossible length does not, wherever it comes', () => {
  const wrong = fc.oneof(fc.integer({ min: -(2 ** 31), max: 3 }), fc.integer({ min: 101, max: 200 }));
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 4, max: 100 })),
      wrong,
      fc.array(fc.nat()),
      (lengths, last, cuts) => {
        const guard = new FrameGuard(100);
        const stream = Buffer.concat([...lengths.map(frame), frame(last)]);
        expect([...pieces(stream, cuts)].every((piece) => guard.accepts(piece))).toBe(false);
      },
    ),
  );
});
