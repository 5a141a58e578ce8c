import { describe, expect, test } from '@jest/globals';
import type { ConsumeMessage } from 'amqplib';
import { inboundMessage, parseAddress, publishOptions } from './headers.ts';

function delivery(properties: object, content = 'x'): ConsumeMessage {
  return {
    content: Buffer.from(content),
    fields: { deliveryTag: 7 },
    properties,
  } as unknown as ConsumeMessage;
}

describe('inbound', () => {
  test('table values become text, nulls vanish, properties win, messageId is the delivery tag', () => {
    const { headers } = inboundMessage(
      delivery({
        headers: {
          n: 5,
          b: true,
          none: null,
          list: [1, 'a'],
          map: { k: 'v' },
          'reply-to': 'header',
          'correlation-id': 'header',
        },
        replyTo: 'property',
        contentType: 'text/plain',
        messageId: 'ignored',
      }),
    );
    expect(headers).toEqual({
      n: '5',
      b: 'true',
      list: '[1, a]',
      map: '{k=v}',
      'reply-to': 'property',
      'correlation-id': 'header',
      'content-type': 'text/plain',
      messageId: '7',
    });
  });

  test('octet streams are bytes, all else is text in the charset of the content type', () => {
    expect(inboundMessage(delivery({ contentType: 'application/octet-stream' }))).not.toHaveProperty('text');
    const latin = delivery({ contentType: 'text/plain; charset=ISO-8859-1' });
    latin.content = Buffer.from([0xfc]);
    expect(inboundMessage(latin).text).toBe('ü');
    expect(inboundMessage(delivery({ contentType: 'text/plain;charset=nonsense' })).text).toBe('x');
  });

  test('a table nested without end is cut', () => {
    let nested: unknown = 'deep';
    for (let i = 0; i < 5_000; i++) nested = [nested];
    expect(inboundMessage(delivery({ headers: { nested } })).headers['nested']).toContain('...');
  });
});

describe('outbound', () => {
  test.each([
    ['ex/key', { exchange: 'ex', routingKey: 'key' }],
    ['/key', { exchange: '', routingKey: 'key' }],
  ])('%s', (address, expected) => {
    expect(parseAddress(address)).toEqual(expected);
  });

  test.each(['/', 'a', 'a/', 'a/b/c'])('%s is no address', (address) => {
    expect(() => parseAddress(address)).toThrow(
      `The target address '${address}' must be specified in the format 'exchange/routingKey'.`,
    );
  });

  test('content type and correlation id are properties and headers', () => {
    const headers = { 'content-type': 'a/b', 'correlation-id': 'c', x: '1' };
    expect(publishOptions(headers)).toEqual({
      mandatory: true,
      headers,
      contentType: 'a/b',
      correlationId: 'c',
    });
  });
});
