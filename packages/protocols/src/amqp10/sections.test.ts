import { describe, expect, test } from '@jest/globals';
import rhea, { type Container } from 'rhea';
import { MalformedAmqpError } from './amqpValues.ts';
import { readMessage } from './sections.ts';

const { message } = rhea as unknown as Container;
const encode = (fields: object): Buffer => message.encode(fields as never) as unknown as Buffer;

/** Bytes of a section: 0x00, a small ulong, and what follows. */
const section = (code: number, ...rest: number[]): Buffer => Buffer.from([0x00, 0x53, code, ...rest]);

describe('the body of a message of another library', () => {
  test.each<[string, unknown, string, string | undefined]>([
    ['a string', 'grün', 'text', 'grün'],
    ['binary', Buffer.from('b'), 'bytes', 'b'],
    ['data', message.data_section(Buffer.from('d')), 'bytes', 'd'],
    ['several data sections', message.data_sections([Buffer.from('d'), Buffer.from('e')]), 'bytes', 'de'],
    ['a sequence', message.sequence_section([1, 2]), 'other', undefined],
    ['a map', { a: { b: [1] } }, 'other', undefined],
    ['a number', 5, 'other', undefined],
    ['null', null, 'none', undefined],
  ])('%s', (_name, body, kind, text) => {
    const read = readMessage(encode({ body })).body;
    expect(read.kind).toBe(kind);
    expect(read.bytes?.toString()).toBe(text);
  });
});

test('a message says whether it was delivered before', () => {
  expect(readMessage(encode({ delivery_count: 1, body: '' })).isRedelivered).toBe(true);
  expect(readMessage(encode({ first_acquirer: true, body: '' })).isRedelivered).toBe(false);
  expect(readMessage(encode({ body: '' })).isRedelivered).toBe(false);
});

test('a thousand application properties are read', () => {
  const application_properties = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`k${n}`, n]));
  expect(readMessage(encode({ application_properties, body: '' })).applicationProperties.size).toBe(1_000);
});

describe('bytes that are no message are refused', () => {
  test.each<[string, Buffer]>([
    ['rubbish', Buffer.from('no message')],
    ['a value outside of a section', Buffer.from([0x40])],
    ['a truncated string', section(0x77, 0xa1, 10, 65)],
    ['a string of 4 GiB', section(0x77, 0xb1, 0xff, 0xff, 0xff, 0xff)],
    ['data that is text by its size', section(0x75, 0x40)],
    ['a list of 2^31 members', section(0x73, 0xd0, 0, 0, 0, 8, 0x80, 0, 0, 0, 0, 0, 0, 0)],
    ['an array of 2^32 nulls', section(0x74, 0xf0, 0, 0, 0, 5, 0xff, 0xff, 0xff, 0xff, 0x40)],
    ['a map with a value less than it says', section(0x74, 0xc1, 3, 2, 0xa1, 0)],
    ['a list that is longer than it says', section(0x73, 0xc0, 1, 1, 0x40)],
    ['properties that are no list', section(0x73, 0x40)],
    ['application properties that are no map', section(0x74, 0x45)],
    ['an unknown type', section(0x74, 0x57, 1)],
    ['described types without end', Buffer.concat(Array.from({ length: 100_000 }, () => Buffer.from([0])))],
    ['lists in lists', section(0x73, ...Array.from({ length: 60 }, (_, i) => [0xc0, 250 - i * 3, 1]).flat())],
  ])('%s', (_name, bytes) => {
    expect(() => readMessage(bytes)).toThrow(MalformedAmqpError);
  });

  test('however they are cut or changed', () => {
    const whole = encode({
      message_id: 'm',
      creation_time: new Date(5),
      application_properties: { a: 1, b: [1, 2], c: { d: true } },
      message_annotations: { e: 'f' },
      body: 'text',
    });
    for (let at = 0; at < whole.length; at++) {
      for (const change of [
        whole.subarray(0, at),
        Buffer.from(whole).fill(0xff, at, at + 1),
        Buffer.from(whole).fill(0, at, at + 1),
      ]) {
        try {
          readMessage(change);
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedAmqpError);
        }
      }
    }
  });
});
