import { describe, expect, test } from '@jest/globals';
import { maskConnection } from './maskConnection.ts';

describe('texts', () => {
  test.each([
    ['amqps://user:secret@host:5671', 'amqps://user:*****@host:5671'],
    ['amqps://user:se:cr@et@host:5671', 'amqps://user:*****@host:5671'],
    ['amqps://token@host:5671', 'amqps://*****@host:5671'],
    ['amqps://host:5671/a@b', 'amqps://host:5671/a@b'],
    ['see mqtt://a:b@c and https://d:e@f/', 'see mqtt://a:*****@c and https://d:*****@f/'],
    ['POST:/x?access_token=abc&plain=1;sig=x', 'POST:/x?access_token=*****&plain=1;sig=*****'],
    ['tcp://h:1?a=b&sharedAccessKey=c', 'tcp://h:1?a=b&sharedAccessKey=*****'],
    ['telemetry/{{ thing:id }}', 'telemetry/{{ thing:id }}'],
  ])('%s', (uri, expected) => {
    expect(maskConnection({ uri })).toEqual({ uri: expected });
  });

  test('are read in linear time', () => {
    const begun = performance.now();
    for (const part of ['//a:', '?a', '&', '@', '//']) maskConnection({ uri: part.repeat(500_000) });
    expect(performance.now() - begun).toBeLessThan(3000);
  });
});

test('of credentials only what is known to be no secret is shown', () => {
  const masked = maskConnection({
    credentials: {
      type: 'hmac',
      algorithm: 'aws4-hmac-sha256',
      parameters: {
        region: 'eu',
        accessKey: 'a',
        secretKey: 'b',
        canonicalHeaders: ['host'],
        future: { x: ['c', 1] },
      },
      future: 'd',
    },
  });
  expect(masked).toEqual({
    credentials: {
      type: 'hmac',
      algorithm: 'aws4-hmac-sha256',
      parameters: {
        region: 'eu',
        accessKey: '*****',
        secretKey: '*****',
        canonicalHeaders: ['host'],
        future: { x: ['*****', '*****'] },
      },
      future: '*****',
    },
  });
});

test('names tell secrets elsewhere, in any nesting and spelling', () => {
  const secrets = [
    'password',
    'Client-Secret',
    'x-api-key',
    'apiKey',
    'ssl.keyPassword',
    'authorization',
    'Cookie',
    'refreshToken',
  ];
  const plain = [
    'authorizationContext',
    'keySerializer',
    'groupId',
    'mappingDefinitions',
    'sharedKeyName',
    'monkey',
  ];
  for (const name of secrets)
    expect(maskConnection({ a: [{ [name]: 's' }] })).toEqual({ a: [{ [name]: '*****' }] });
  for (const name of plain)
    expect(maskConnection({ a: [{ [name]: 's' }] })).toEqual({ a: [{ [name]: 's' }] });
});

test('what is not there stays so, and members keep their order', () => {
  const json = {
    uri: 'tcp://h:1',
    id: 'c',
    credentials: null,
    sshTunnel: null,
    clientCount: 1,
    failover: true,
  };
  expect(JSON.stringify(maskConnection(json))).toBe(JSON.stringify(json));
});
