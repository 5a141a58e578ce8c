import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../json/jsonValue.ts';
import type { ExternalMessage } from '../ports/protocolAdapter.ts';
import { type Adaptable, parseAdaptable } from '../protocol/adaptable.ts';
import { rawMessageEngine } from './rawMessageMapper.ts';

const create = (options: JsonObject = {}) =>
  rawMessageEngine.create(
    { ...rawMessageEngine.defaultOptions, ...options },
    { now: () => 0, newId: () => 'id' },
  );

const ADDRESSED = { 'ditto-message-subject': 's/t', 'ditto-message-thing-id': 'a:b' };

function inbound(message: ExternalMessage, options?: JsonObject): Adaptable | undefined {
  const result = create(options).mapInbound(message, { headers: message.headers }) as readonly Adaptable[];
  return result[0];
}

function outbound(contentType: string | undefined, value: unknown, options?: JsonObject) {
  const adaptable = parseAdaptable({
    topic: 'a/b/things/live/messages/s/t',
    headers: contentType === undefined ? {} : { 'content-type': contentType },
    path: '/features/f/outbox/messages/s/t',
    value: value as JsonObject,
    status: 200,
  });
  return (create(options).mapOutbound(adaptable) as readonly ExternalMessage[])[0];
}

describe('inbound, the RawMessage mapper', () => {
  test.each([
    ['application/json', '{"a":1}', { a: 1 }],
    ['application/vnd.x+json', '[1]', [1]],
    ['text/plain; charset=utf-8', '{"a":1}', '{"a":1}'],
    ['application/merge-patch+json', '{}', 'e30='],
    ['application/octet-stream', 'ab', 'YWI='],
  ])('reads %s', (contentType, text, value) => {
    const message = { headers: { ...ADDRESSED, 'content-type': contentType }, text };
    expect(inbound(message)).toMatchObject({ headers: { 'content-type': contentType }, value });
    const bytes = Buffer.from(text);
    expect(inbound({ headers: message.headers, bytes })?.value).toEqual(value);
  });

  test('takes the address of the message from the options', () => {
    const headers = { device: 'a:b', 'content-type': 'text/plain' };
    const options = {
      incomingMessageHeaders: {
        'ditto-message-thing-id': '{{ header:device }}',
        'ditto-message-subject': 'hello',
        'ditto-message-direction': 'FROM',
        'ditto-message-feature-id': 'f',
        status: '201',
      },
    };
    expect(inbound({ headers, text: 'x' }, options)).toMatchObject({
      topic: { namespace: 'a', name: 'b', channel: 'live', criterion: 'messages', subject: 'hello' },
      path: '/features/f/outbox/messages/hello',
      status: 201,
    });
  });

  test('leaves Protocol messages to the Ditto mapper', () => {
    const text = '{"topic":"a/b/things/twin/commands/delete","path":"/"}';
    const headers = { 'content-type': 'application/vnd.eclipse.ditto+json' };
    expect(inbound({ headers, text })?.topic.action).toBe('delete');
  });

  test.each([
    [{ 'ditto-message-thing-id': 'a:b' }, 'mandatory header with key <ditto-message-subject>'],
    [{ ...ADDRESSED, 'ditto-message-direction': 'UP' }, 'Message direction must be one of'],
    [{ ...ADDRESSED, 'ditto-message-thing-id': 'a b' }, "Thing ID 'a b' is not valid!"],
    [{ ...ADDRESSED, 'content-type': 'application/json' }, 'Failed to parse JSON string'],
    [{ ...ADDRESSED, status: 'x' }, 'status'],
  ])('refuses %j', (headers, message) => {
    expect(() => inbound({ headers, text: '{bad' })).toThrow(message);
  });
});

describe('outbound, the RawMessage mapper', () => {
  test('sends the bare payload and puts its address into headers', () => {
    expect(outbound('Text/Plain', 'x')).toEqual({
      headers: {
        'content-type': 'text/plain',
        'ditto-message-direction': 'FROM',
        'ditto-message-thing-id': 'a:b',
        'ditto-message-subject': 's/t',
        'ditto-message-feature-id': 'f',
        status: '200',
      },
      text: 'x',
    });
  });

  test.each([
    ['application/json', { a: 1 }, { text: '{"a":1}' }],
    ['application/octet-stream', 'YWI=', { bytes: Buffer.from('ab') }],
    [undefined, 'x', { text: 'x', headers: { 'content-type': 'text/plain; charset=utf-8' } }],
  ])('writes %s', (contentType, value, expected) => {
    expect(outbound(contentType, value)).toMatchObject(expected);
  });

  test('refuses binary content that is no base64', () => {
    expect(() => outbound('image/png', { a: 1 })).toThrow('to be a base64 encoded string');
    expect(() => outbound('image/png', '%')).toThrow('to be a base64 encoded string');
  });

  test('leaves everything but messages to the Ditto mapper', () => {
    const event = parseAdaptable({ topic: 'a/b/things/twin/events/deleted', path: '/' });
    const [message] = create().mapOutbound(event) as readonly ExternalMessage[];
    expect(message?.headers['content-type']).toBe('application/vnd.eclipse.ditto+json');
  });
});
