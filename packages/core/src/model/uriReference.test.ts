import { describe, expect, test } from '@jest/globals';
import { parseUriReference } from './uriReference.ts';

describe('a URI reference', () => {
  test.each([
    ['tcp://u:p@h:1', 'tcp', 'u:p'],
    ['amqps://user:user@host:5671?q=user', 'amqps', 'user:user'],
    ['tcp://u:@localhost', 'tcp', 'u:'],
    ['tcp://[::1]:1883', 'tcp', undefined],
    ['urn:abc', 'urn', undefined],
    ['u:p@h', 'u', undefined],
    ['http://u:p@my_host:1/x', 'http', undefined],
    ['file:///etc', 'file', undefined],
    ['plain', undefined, undefined],
    ['', undefined, undefined],
    ['//u:p@h', undefined, 'u:p'],
    ['a/b:c', undefined, undefined],
    ['?a:b', undefined, undefined],
    ['#a:b', undefined, undefined],
  ])('%s is read as the JDK does', (text, scheme, userInfo) => {
    expect(parseUriReference(text)).toEqual({ scheme, userInfo });
  });

  test.each([
    'a b',
    'http://',
    '//',
    'x:',
    ':x',
    '1x:y',
    '%zz',
    'http://a b',
    '-----BEGIN KEY-----\nabc',
    'a#b#c',
    'x:#y',
    '{x}',
  ])('%j is none', (text) => {
    expect(parseUriReference(text)).toBeUndefined();
  });
});
