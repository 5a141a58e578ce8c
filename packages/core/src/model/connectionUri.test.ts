import { describe, expect, test } from '@jest/globals';
import { DittoError } from '../errors/dittoError.ts';
import { parseConnectionUri } from './connectionUri.ts';

describe('a connection URI', () => {
  test('is taken apart, user info decoded and the password masked', () => {
    expect(parseConnectionUri('amqps://us%40er:p%3Ass@[fe80::1%25a]:5671/v%2Fh')).toBeInstanceOf(Object);
    expect(parseConnectionUri('http://user:%40%3A%2F@h:80/p%20q')).toEqual({
      protocol: 'http',
      userName: 'user',
      password: '@:/',
      hostname: 'h',
      port: 80,
      path: '/p q',
      masked: 'http://user:*****@h:80/p q',
      uri: 'http://user:%40%3A%2F@h:80/p%20q',
    });
  });

  test('is written in ASCII, in normal form C', () => {
    expect(parseConnectionUri('tcp://u:u\u0308@h:1').uri).toBe('tcp://u:%C3%BC@h:1');
  });

  test.each([
    'tcp://1.2.3.4:1',
    'tcp://[::]:1',
    'tcp://[1:2:3:4:5:6:7:8]:1',
    'tcp://[::ffff:1.2.3.4]:1',
    'tcp://[fe80::1%eth0]:1',
    'tcp://a-b.c1.:1',
    'tcp://xn--bcher-kva.example:1',
    'tcp://1.:1',
    'tcp://h:0080',
    'tcp://h:1#frag',
  ])('accepts %s', (uri) => {
    expect(parseConnectionUri(uri).uri).toBe(uri);
  });

  test.each([
    'tcp://256.1.1.1:1',
    'tcp://1.2.3:1',
    'tcp://a.1:1',
    'tcp://a_b:1',
    'tcp://a-:1',
    'tcp://.a:1',
    'tcp://a..b:1',
    'tcp://h:1?',
    'tcp://h:2147483648',
    'tcp://u:%zz@h:1',
    'tcp://u:p\u00a0@h:1',
    'tcp://u:p\u0085@h:1',
    'tcp://u:\ud800@h:1',
    'tcp://h\u00fc:1',
    'tcp://[::1:1',
    'tcp://[1::2::3]:1',
    'tcp://[1:2:3:4:5:6:7::8]:1',
    'tcp://[1:2:3:4:5:6:7]:1',
    'tcp://[12345::]:1',
    'tcp://[::1.2.3]:1',
    'tcp://[fe80::1%]:1',
    'tcp://h:1/a b',
    'tcp://h:1/a|b',
    'tcp://h:1#a#b',
    '1tcp://h:1',
    ':tcp://h:1',
    'a:b://h:1',
    'tcp:///h:1',
    ' tcp://h:1',
    `tcp://${'a.'.repeat(50_000)}_:1`,
  ])('refuses %.60s', (uri) => {
    expect(() => parseConnectionUri(uri)).toThrow(DittoError);
  });
});
