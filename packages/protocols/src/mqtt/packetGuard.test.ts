import { describe, expect, test } from '@jest/globals';
import { PacketGuard, PacketGuardError } from './packetGuard.ts';

/** A packet with `length` bytes after its fixed header. */
function packet(length: number): Buffer {
  const header = [0x30];
  let rest = length;
  do {
    header.push((rest % 128) | (rest >= 128 ? 0x80 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.concat([Buffer.from(header), Buffer.alloc(length, 0xff)]);
}

describe('packet guard', () => {
  test('packets up to the limit pass, however they are cut', () => {
    const stream = Buffer.concat([0, 1, 127, 128, 16_383, 16_384, 20_000].map(packet));
    for (const size of [1, 2, 3, 7, 100, stream.length]) {
      const guard = new PacketGuard(20_000);
      for (let at = 0; at < stream.length; at += size) guard.check(stream.subarray(at, at + size));
    }
  });

  test('a packet over the limit is refused as soon as its length is known', () => {
    const guard = new PacketGuard(20_000);
    guard.check(packet(100));
    expect(() => guard.check(packet(20_001).subarray(0, 4))).toThrow(PacketGuardError);
  });

  test('the largest length that MQTT can express is refused before any of its bytes arrive', () => {
    expect(() => new PacketGuard(1_048_576).check(Buffer.from([0x30, 0xff, 0xff, 0xff, 0x7f]))).toThrow(
      PacketGuardError,
    );
  });

  test('a length of five bytes is no MQTT', () => {
    expect(() => new PacketGuard(2 ** 31).check(Buffer.from([0x30, 0x80, 0x80, 0x80, 0x80, 0x01]))).toThrow(
      'Malformed remaining length',
    );
  });
});
