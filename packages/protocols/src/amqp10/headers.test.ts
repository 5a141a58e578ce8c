import { describe, expect, test } from '@jest/globals';
import { type AmqpValue, TypedValue } from './amqpValues.ts';
import { externalMessage, inboundHeaders } from './headers.ts';
import { encodeMessage } from './outbound.ts';
import { type MessageSections, propertyNames, readMessage } from './sections.ts';

const stamp = { to: 'q', messageId: 'ID:1', creationTime: 1_700_000_000_000 };

const properties = (values: Record<string, AmqpValue>): AmqpValue[] =>
  propertyNames.map((name) => values[name] ?? null);

const headersOf = (parts: {
  properties?: Record<string, AmqpValue>;
  applicationProperties?: [AmqpValue, AmqpValue][];
  annotations?: [AmqpValue, AmqpValue][];
}) =>
  inboundHeaders({
    properties: properties(parts.properties ?? {}),
    applicationProperties: new Map(parts.applicationProperties),
    annotations: new Map(parts.annotations),
  });

/** What a peer finds in a message that was published with these headers. */
function published(
  headers: Record<string, string>,
  body: { text?: string; bytes?: Uint8Array } = {},
): MessageSections {
  return readMessage(encodeMessage({ headers, ...body }, stamp));
}

const publishedProperty = (name: (typeof propertyNames)[number], value: string): AmqpValue | undefined =>
  published({ [name]: value }).properties[propertyNames.indexOf(name)];

const uuid = '00112233-4455-6677-8899-aabbccddeeff';

describe('a property becomes the header of its name', () => {
  test.each<[string, AmqpValue, string | undefined]>([
    ['message-id', 'm-1', 'm-1'],
    ['message-id', new TypedValue('uuid', uuid), `ID:AMQP_UUID:${uuid}`],
    ['message-id', 42, 'ID:AMQP_ULONG:42'],
    ['message-id', 18_446_744_073_709_551_615n, 'ID:AMQP_ULONG:18446744073709551615'],
    ['message-id', Buffer.from([0xab, 1]), 'ID:AMQP_BINARY:AB01'],
    ['user-id', Buffer.from('jürgen'), 'jürgen'],
    ['to', 'somewhere', 'somewhere'],
    ['subject', 'a subject', 'a subject'],
    ['reply-to', 'back', 'back'],
    ['correlation-id', 'c-1', 'c-1'],
    ['content-type', 'text/plain', 'text/plain'],
    ['content-encoding', 'gzip', undefined],
    ['absolute-expiry-time', new TypedValue('timestamp', 1_700_000_000_000), '1700000000000'],
    ['absolute-expiry-time', new TypedValue('timestamp', 0), undefined],
    ['creation-time', new TypedValue('timestamp', -5), '-5'],
    ['group-id', 'g', 'g'],
    ['group-sequence', 7, '7'],
    ['group-sequence', 0, undefined],
    ['group-sequence', 4_294_967_295, '-1'],
    ['reply-to-group-id', 'rg', 'rg'],
    ['subject', null, undefined],
    ['subject', 3, undefined],
  ])('%s %p is %p', (name, value, header) => {
    expect(headersOf({ properties: { [name]: value } })).toEqual(
      header === undefined ? {} : { [name]: header },
    );
  });
});

describe('an application property becomes a header', () => {
  test.each<[string, AmqpValue, Record<string, string>]>([
    ['x', 'text', { x: 'text' }],
    ['x', true, { x: 'true' }],
    ['x', 12, { x: '12' }],
    ['x', -9_223_372_036_854_775_808n, { x: '-9223372036854775808' }],
    ['x', new TypedValue('float', 1), { x: '1.0' }],
    ['x', new TypedValue('float', 1.5e10), { x: '1.5E10' }],
    ['x', new TypedValue('float', 1e-5), { x: '1.0E-5' }],
    ['x', new TypedValue('float', 0), { x: '0.0' }],
    ['x', new TypedValue('float', Number.NaN), { x: 'NaN' }],
    ['x', new TypedValue('float', Number.NEGATIVE_INFINITY), { x: '-Infinity' }],
    ['x', new TypedValue('uuid', uuid), { x: uuid }],
    ['x', new TypedValue('timestamp', 0), { x: 'Thu Jan 01 00:00:00 UTC 1970' }],
    ['x', Buffer.from([0x41, 0x0a]), { x: 'A\\x0a' }],
    ['x', ['a', 1], { x: '[a, 1]' }],
    ['x', new Map<AmqpValue, AmqpValue>([['k', 'v']]), { x: '{k=v}' }],
    ['x', null, {}],
    ['subject', 'mine', { 'amqp.application.property:subject': 'mine' }],
    ['content-encoding', 'mine', { 'amqp.application.property:content-encoding': 'mine' }],
  ])('%s %p', (name, value, headers) => {
    expect(headersOf({ applicationProperties: [[name, value]] })).toEqual(headers);
  });

  test('beside the property of its name', () => {
    const headers = headersOf({
      properties: { subject: 'theirs' },
      applicationProperties: [['subject', 'mine']],
    });
    expect(headers).toEqual({ subject: 'theirs', 'amqp.application.property:subject': 'mine' });
  });
});

test('a message annotation becomes a header with its prefix', () => {
  expect(headersOf({ annotations: [['x-opt-sequence-number', 9]] })).toEqual({
    'amqp.message.annotation:x-opt-sequence-number': '9',
  });
});

describe('a header is published as the property of its name', () => {
  test.each<[(typeof propertyNames)[number], string, AmqpValue]>([
    ['message-id', 'm-1', 'm-1'],
    ['message-id', 'ID:own', 'ID:own'],
    ['message-id', 'ID:AMQP_NO_PREFIX:m-1', 'm-1'],
    ['message-id', 'ID:AMQP_STRING:ID:AMQP_ULONG:1', 'ID:AMQP_ULONG:1'],
    ['message-id', `ID:AMQP_UUID:${uuid}`, new TypedValue('uuid', uuid)],
    ['message-id', 'ID:AMQP_UUID:no', 'ID:1'],
    ['correlation-id', 'ID:AMQP_ULONG:18446744073709551615', 18_446_744_073_709_551_615n],
    ['correlation-id', 'ID:AMQP_ULONG:18446744073709551616', null],
    ['correlation-id', 'ID:AMQP_BINARY:AB01', Buffer.from([0xab, 1])],
    ['correlation-id', 'ID:AMQP_BINARY:A', null],
    ['user-id', 'jürgen', Buffer.from('jürgen')],
    ['to', 'topic://there', 'there'],
    ['to', '', 'q'],
    ['subject', 'a subject', 'a subject'],
    ['reply-to', 'queue://back', 'back'],
    ['content-type', 'text/plain', 'text/plain'],
    ['content-encoding', 'gzip', null],
    ['absolute-expiry-time', '1700000000000', new TypedValue('timestamp', 1_700_000_000_000)],
    ['absolute-expiry-time', 'tomorrow', null],
    ['absolute-expiry-time', '9223372036854775808', null],
    ['creation-time', '5', new TypedValue('timestamp', 5)],
    ['group-id', 'g', 'g'],
    ['group-sequence', '7', 7],
    ['group-sequence', '-1', 4_294_967_295],
    ['group-sequence', '2147483648', null],
    ['group-sequence', '1.5', null],
    ['reply-to-group-id', 'rg', 'rg'],
  ])('%s %p is %p', (name, header, value) => {
    expect(publishedProperty(name, header)).toEqual(value);
  });

  test('what the message does not say itself is stamped on it', () => {
    const { properties: sent } = published({});
    expect(sent).toEqual(
      properties({
        'message-id': 'ID:1',
        to: 'q',
        'creation-time': new TypedValue('timestamp', 1_700_000_000_000),
      }),
    );
  });
});

test.each<[string, Record<string, string>, [string, string][], [string, string][]]>([
  [
    'anything else',
    { x: '1', 'content-typo': 'y' },
    [
      ['x', '1'],
      ['content-typo', 'y'],
    ],
    [],
  ],
  ['the prefix', { 'amqp.application.property:subject': 's' }, [['subject', 's']], []],
  ['both forms', { x: '1', 'amqp.application.property:x': '2' }, [['x', '2']], []],
  ['an annotation', { 'amqp.message.annotation:x-opt-a': 'v' }, [], [['x-opt-a', 'v']]],
])('%s is an application property or an annotation', (_name, headers, applicationProperties, annotations) => {
  const sent = published(headers);
  expect([...sent.applicationProperties]).toEqual(applicationProperties);
  expect([...sent.annotations]).toEqual(annotations);
});

describe('a payload', () => {
  test('of text is a string value, which is text and bytes', () => {
    const sections = published({ 'content-type': 'application/json' }, { text: 'grün' });
    expect(sections.body.kind).toBe('text');
    const { text, bytes } = externalMessage(sections);
    expect([text, Buffer.from(bytes ?? []).toString()]).toEqual(['grün', 'grün']);
  });

  test('of bytes is data, which is bytes alone', () => {
    const sections = published({}, { bytes: Buffer.from([0, 255]) });
    expect(sections.body.kind).toBe('bytes');
    const message = externalMessage(sections);
    expect(message.text).toBeUndefined();
    expect([...(message.bytes ?? [])]).toEqual([0, 255]);
  });

  test('may be missing', () => {
    expect(externalMessage(published({}))).toEqual({ headers: expect.any(Object) });
  });

  test('may be of any length', () => {
    for (const length of [255, 256, 65_536]) {
      expect(externalMessage(published({}, { text: 'é'.repeat(length) })).text).toHaveLength(length);
    }
  });
});
