import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { ExternalMessage } from '@hawser/core';
import { describe, expect, test } from '@jest/globals';
import { publishOptions } from './headers.ts';
import { roomFor, writePublish } from './publishFrames.ts';

const require = createRequire(import.meta.url);
/** Not among what the driver exports. */
const internal = (name: string) => require(join(dirname(require.resolve('amqplib')), 'lib', name));
const { publish } = internal('api_args.js');
const { Connection } = internal('connection.js');
const defs = internal('defs.js');

/** What the driver writes for the same publish. */
function driversBytes(exchange: string, routingKey: string, message: ExternalMessage): Buffer {
  const written: Buffer[] = [];
  const buffer = { write: (bytes: Buffer) => written.push(Buffer.from(bytes)) };
  const connection = {
    channels: { 7: { buffer } },
    frameMax: 131_072,
    sendContent: Connection.prototype.sendContent,
  };
  const fields = publish(exchange, routingKey, publishOptions(message.headers));
  const body = message.text === undefined ? Buffer.from(message.bytes ?? []) : Buffer.from(message.text);
  Connection.prototype.sendMessage.call(
    connection,
    7,
    defs.BasicPublish,
    fields,
    defs.BasicProperties,
    fields,
    body,
  );
  return Buffer.concat(written);
}

function ourBytes(exchange: string, routingKey: string, message: ExternalMessage): Buffer | undefined {
  const publication = { exchange, routingKey, message };
  const buffer = Buffer.alloc(roomFor(publication), 0xff);
  const end = writePublish(buffer, 0, 7, publication);
  return end === undefined ? undefined : buffer.subarray(0, end);
}

describe('a message is written as the driver writes it', () => {
  test.each<[string, ExternalMessage]>([
    ['nothing', { headers: {} }],
    ['an empty text', { headers: {}, text: '' }],
    ['a text', { headers: { a: '1' }, text: '{"a":"ä€😀"}' }],
    ['a long text', { headers: { a: '1' }, text: 'ä'.repeat(4_000) }],
    ['bytes', { headers: { a: '1' }, bytes: new Uint8Array([0, 206, 255]) }],
    ['properties', { headers: { 'content-type': 'a/ö', 'correlation-id': 'c', b: '' }, text: 'x' }],
    ['a correlation id alone', { headers: { 'correlation-id': 'c'.repeat(255) }, text: 'x' }],
    ['long and foreign headers', { headers: { ['ä'.repeat(127)]: '€'.repeat(900), '': 'x', Ö: '\ud800' } }],
  ])('%s', (_name, message) => {
    expect(ourBytes('ex', 'key.ü', message)).toEqual(driversBytes('ex', 'key.ü', message));
    expect(ourBytes('', 'k', message)).toEqual(driversBytes('', 'k', message));
  });

  test('what the driver refuses is left to it', () => {
    const long = 'ä'.repeat(128);
    expect(ourBytes('ex', 'key', { headers: { [long]: '1' } })).toBeUndefined();
    expect(ourBytes('ex', 'key', { headers: { 'content-type': long } })).toBeUndefined();
    expect(ourBytes('ex', 'key', { headers: { 'correlation-id': long } })).toBeUndefined();
    expect(ourBytes(long, 'key', { headers: {} })).toBeUndefined();
    expect(ourBytes('ex', long, { headers: {} })).toBeUndefined();
  });
});
