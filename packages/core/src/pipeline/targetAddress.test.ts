import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isDittoError } from '../errors/dittoError.ts';
import { httpRequestTarget } from './httpRequestTarget.ts';
import { compileTargetAddress } from './targetAddress.ts';
import {
  parseAmqp091Address,
  parseHttpAddress,
  parseKafkaAddress,
  parseMqttAddress,
} from './targetAddressParts.ts';

const invalid = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (isDittoError(error, 'connectivity:connection.configuration.invalid')) return error.message;
    throw error;
  }
  throw new Error('nothing was thrown');
};

test('an address resolves to its first value, or to none', () => {
  const resolve = compileTargetAddress('t/{{ request:subjectId }}');
  expect(resolve({ authSubjects: ['a', 'b'] })).toBe('t/a');
  expect(resolve({})).toBeUndefined();
});

test.each([
  ['/k', { exchange: '', routingKey: 'k' }],
  ['e/k', { exchange: 'e', routingKey: 'k' }],
  ['e/k//', { exchange: 'e', routingKey: 'k' }],
])('AMQP 0.9.1: %s', (address, parts) => {
  expect(parseAmqp091Address(address)).toEqual(parts);
});

test.each(['', '/', 'e/', 'e', 'e//', '//k', 'a/b/c'])('AMQP 0.9.1 refuses %j', (address) => {
  expect(invalid(() => parseAmqp091Address(address))).toContain("in the format 'exchange/routingKey'");
});

test.each([
  ['t', { topic: 't', key: undefined, partition: undefined }],
  ['t/', { topic: 't', key: undefined, partition: undefined }],
  ['t/a/b#1', { topic: 't', key: 'a/b#1', partition: undefined }],
  ['t#', { topic: 't', key: undefined, partition: undefined }],
  ['t#+3', { topic: 't', key: undefined, partition: 3 }],
])('Kafka: %s', (address, parts) => {
  expect(parseKafkaAddress(address)).toEqual(parts);
});

test.each([
  ['', 'Topic name is invalid: the empty string is not allowed'],
  ['..', "Topic name is invalid: '..' is not allowed"],
  ['t\n', "Topic name is invalid: 't\n' contains one or more"],
  ['t'.repeat(250), 'is longer than the max allowed length 249'],
  ['t#x', 'Can not parse partition number from x'],
  ['t#2147483648', 'Can not parse partition number from 2147483648'],
  ['t#1e3', 'Can not parse partition number from 1e3'],
])('Kafka refuses %j', (address, message) => {
  expect(invalid(() => parseKafkaAddress(address))).toContain(message);
});

test.each([
  ['GET:/a:b', { method: 'GET', pathWithQuery: '/a:b' }],
  ['get:/a', { method: 'POST', pathWithQuery: 'get:/a' }],
  ['/a', { method: 'POST', pathWithQuery: '/a' }],
])('HTTP: %s', (address, parts) => {
  expect(parseHttpAddress(address)).toEqual(parts);
});

describe('nothing in an address leads elsewhere', () => {
  test.each(['POST:/a\r\nX: y', 'POST:/a\u0000', '\u007f'])('HTTP refuses %j', (address) => {
    expect(invalid(() => parseHttpAddress(address))).toBe(
      'The target address must not contain control characters.',
    );
  });

  test.each(['', 'a/+/b', 'a/#', 'a\r\nb', 'a\u0000', 'x'.repeat(65_536)])('MQTT refuses it', (address) => {
    invalid(() => parseMqttAddress(address));
  });

  test.each([
    ['', '/a', '/a'],
    ['', '', '/'],
    ['/base', 'a', '/base/a'],
    ['/base/', '/a?b=c', '/base/a?b=c'],
    ['/base', '?b', '/base?b'],
    ['', '//evil.com/x', '/evil.com/x'],
    ['', '@evil.com', '/@evil.com'],
    ['', 'http://evil.com', '/http://evil.com'],
    ['', '/a b/ü%41%', '/a%20b/%C3%BC%41%25'],
    ['', '/a?b c#d?e', '/a?b%20c'],
  ])('base %j and %j give %j', (base, path, target) => {
    expect(httpRequestTarget(base, path)).toBe(target);
  });

  test('headers replace path and query, each for itself', () => {
    expect(httpRequestTarget('/b', '/a?q=1', { path: '/x?y#z' })).toBe('/x%3Fy%23z?q=1');
    expect(httpRequestTarget('/b', '/a?q=1', { query: 'r=2#f' })).toBe('/b/a?r=2%23f');
    expect(httpRequestTarget('/b', '/a', { path: '//evil' })).toBe('/evil');
  });

  test('whatever a value holds, the request stays on its host and in its line', () => {
    const hostile = fc.string({
      unit: fc.constantFrom(
        '/',
        '\\',
        '@',
        ':',
        '?',
        '#',
        '..',
        '%2f',
        '\r',
        '\n',
        ' ',
        '{{',
        '"',
        'evil.com',
        'http:',
        '\ud800',
        'ü',
      ),
      maxLength: 20,
    });
    const resolve = compileTargetAddress('POST:{{ header:p }}');
    fc.assert(
      fc.property(hostile, hostile, (value, query) => {
        const address = resolve({ headers: { p: value } });
        if (/[\r\n]/.test(value))
          return expect(invalid(() => parseHttpAddress(address ?? ''))).toContain('control');
        const { method, pathWithQuery } = parseHttpAddress(address ?? '');
        const target = httpRequestTarget('/base', pathWithQuery, { query });
        expect(method).toBe('POST');
        expect(target).toMatch(/^\/(?!\/)[!-~]*$/);
        expect(new URL(target, 'http://host.example').host).toBe('host.example');
      }),
      { numRuns: 1000 },
    );
  });
});
