import { describe, expect, test } from '@jest/globals';
import { isExpired, KafkaRecord, outboundHeaders, outboundValue } from './headers.ts';

const record = (parts: Partial<ConstructorParameters<typeof KafkaRecord>[1]>) =>
  new KafkaRecord('t', { key: null, value: null, timestamp: '17', headers: {}, ...parts });

test('headers are texts, of several values the last one counts', () => {
  const { headers, hasDuplicates } = record({
    key: Buffer.from('ключ'),
    headers: {
      a: Buffer.from('ä'),
      b: [Buffer.from('1'), Buffer.from('2')],
      c: undefined,
      'correlation-id': 'x',
    },
  });
  expect({ ...headers }).toEqual({
    a: 'ä',
    b: '2',
    'correlation-id': 'x',
    'kafka.topic': 't',
    'kafka.timestamp': '17',
    'kafka.key': 'ключ',
  });
  expect(hasDuplicates).toBe(true);
  expect(record({ headers: { a: 'b' } }).hasDuplicates).toBe(false);
});

test('what the broker says wins over headers of the same name', () => {
  const { headers } = record({
    headers: { 'kafka.topic': 'other', 'kafka.timestamp': '0', 'kafka.key': 'k' },
  });
  expect(headers).toMatchObject({ 'kafka.topic': 't', 'kafka.timestamp': '17' });
});

test('a value is bytes and text, none is empty', () => {
  expect(record({ value: Buffer.from('grün') }).text).toBe('grün');
  expect(record({ value: null }).text).toBe('');
  expect(record({ value: null }).bytes).toHaveLength(0);
});

describe('expiry', () => {
  test.each([
    [{ 'creation-time': '1000', ttl: '500' }, 1_500, true],
    [{ 'creation-time': '1000', ttl: '500' }, 1_499, false],
    [{ 'creation-time': '1000', ttl: '0' }, 1_000, true],
    [{ 'creation-time': '1000' }, 9_999, false],
    [{ ttl: '1' }, 9_999, false],
    [{ 'creation-time': 'yesterday', ttl: '1' }, 9_999, false],
    [{ 'creation-time': '1000', ttl: '1s' }, 9_999, false],
  ])('%j at %d: %s', (headers, nowMs, expired) => {
    expect(isExpired(headers as Record<string, string>, nowMs)).toBe(expired);
  });
});

test('a record out carries all headers and the connection’s id', () => {
  expect(outboundHeaders({ a: 'b' }, 'c1')).toEqual({ a: 'b', 'ditto-connection-id': 'c1' });
});

test.each([
  [{ headers: {}, text: 'ü' }, Buffer.from('ü')],
  [{ headers: {}, bytes: new Uint8Array([1, 2]).subarray(1) }, Buffer.from([2])],
  [{ headers: {} }, Buffer.alloc(0)],
])('the value of %j', (message, value) => {
  expect(outboundValue(message)).toEqual(value);
});
