import { describe, expect, test } from '@jest/globals';
import { MalformedAmqpError } from './amqpValues.ts';
import { FrameReader } from './frameReader.ts';

const protocolHeader = Buffer.from([0x41, 0x4d, 0x51, 0x50, 0, 1, 0, 0]);
const heartbeat = Buffer.from([0, 0, 0, 8, 2, 0, 0, 0]);

/** A frame with this body. */
function frame(...body: number[]): Buffer {
  const bytes = Buffer.from([0, 0, 0, 0, 2, 0, 0, 0, ...body]);
  bytes.writeUInt32BE(bytes.length);
  return bytes;
}

const emptyOpen = frame(0x00, 0x53, 0x10, 0x45);
const transfer = frame(0x00, 0x53, 0x14, 0x45, 1, 2, 3, 4);

test('frames come whole, however they were cut', () => {
  const sent = Buffer.concat([protocolHeader, emptyOpen, heartbeat, transfer]);
  for (let size = 1; size <= sent.length; size++) {
    const reader = new FrameReader(512);
    const taken: Buffer[] = [];
    const boundaries = new Set<number>();
    let bytes = 0;
    for (let at = 0; at < sent.length; at += size) {
      const whole = reader.take(sent.subarray(at, at + size));
      if (whole === undefined) continue;
      taken.push(whole);
      bytes += whole.length;
      boundaries.add(bytes);
    }
    expect(Buffer.concat(taken)).toEqual(sent);
    for (const boundary of boundaries) expect([8, 20, 28, 44]).toContain(boundary);
  }
});

describe('what is no frame is refused', () => {
  test.each<[string, Buffer, string]>([
    ['a greeting of HTTP', Buffer.from('HTTP/1.1 400 Bad Request'), 'The peer does not speak AMQP.'],
    ['a frame before the greeting', emptyOpen, 'The peer does not speak AMQP.'],
    ['4 GiB', Buffer.from([0xff, 0xff, 0xff, 0xff]), 'AMQP frame of more than 512 bytes refused'],
    ['more than announced', Buffer.from([0, 0, 2, 1]), 'AMQP frame of more than 512 bytes refused'],
    ['two bytes', Buffer.from([0, 0, 0, 2]), 'AMQP frame of 2 bytes refused'],
    [
      'a body inside of the header',
      Buffer.from([0, 0, 0, 8, 1, 0, 0, 0]),
      'The body of an AMQP frame begins outside of it.',
    ],
    [
      'a body behind its end',
      Buffer.from([0, 0, 0, 8, 255, 0, 0, 0]),
      'The body of an AMQP frame begins outside of it.',
    ],
    ['no described type', frame(0x45), 'A described type was expected.'],
    ['an unknown performative', frame(0x00, 0x53, 0x2a, 0x45), 'An AMQP frame holds no performative.'],
    ['a symbolic descriptor', frame(0x00, 0xa3, 1, 65, 0x45), 'An AMQP frame holds no performative.'],
    [
      'a list of 2^31',
      frame(0x00, 0x53, 0x10, 0xd0, 0, 0, 0, 4, 0x80, 0, 0, 0),
      'A list or map has too many members.',
    ],
    [
      'an array of 2^32 nulls',
      frame(0x00, 0x53, 0x10, 0xc0, 11, 1, 0xf0, 0, 0, 0, 5, 0xff, 0xff, 0xff, 0xff, 0x40),
      'An array has too many elements.',
    ],
  ])('%s', (name, bytes, text) => {
    const reader = new FrameReader(512);
    const isGreeted = !/greeting/.test(name);
    if (isGreeted) reader.take(protocolHeader);
    expect(() => reader.take(bytes)).toThrow(new MalformedAmqpError(text));
  });
});
