import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../json/jsonValue.ts';
import type { SignableRequest } from './requestSigner.ts';
import { compileRequestSigner, compileSaslCredentials } from './requestSigning.ts';

const now = Date.parse('2024-05-06T07:08:09Z');
const aws: JsonObject = { region: 'eu-central-1', service: 'execute-api', accessKey: 'A', secretKey: 'S' };
const request: SignableRequest = {
  method: 'POST',
  url: new URL('https://api.example.com:8443/a'),
  path: '/a',
  query: undefined,
  contentType: 'application/json',
  headers: {},
  body: new TextEncoder().encode('{}'),
};
const sign = (
  parameters: JsonObject,
  changes: Partial<SignableRequest> = {},
  algorithm = 'aws4-hmac-sha256',
) => compileRequestSigner({ type: 'hmac', algorithm, parameters })({ ...request, ...changes }, now);

describe('AWS', () => {
  const all = { ...aws, canonicalHeaders: ['host', 'content-type', 'x-a'] };

  test.each([
    ['order of the query', { query: 'b=1&a=2&a=1' }, { query: 'a=1&a=2&b=1' }],
    ['the way the query is encoded', { query: 'a=%20' }, { query: 'a=+' }],
    ['blanks in header values', { headers: { 'X-A': ' b   c ' } }, { headers: { 'x-a': 'b c' } }],
    ['empty segments of the path', { path: '/a//b' }, { path: '/a/b' }],
    [
      'the case of the charset',
      { contentType: 'text/plain; charset=utf-8' },
      { contentType: 'text/plain;charset=UTF-8' },
    ],
    ['the port', {}, { url: new URL('https://api.example.com/') }],
  ])('does not care for %s', (_, one, other) => {
    expect(sign(all, one).authorization).toBe(sign(all, other).authorization);
  });

  test('signs the body, or leaves it unsigned', () => {
    const other = { body: new TextEncoder().encode('[]') };
    const unsigned = { ...aws, xAmzContentSha256: 'unsigned' };
    expect(sign(aws).authorization).not.toBe(sign(aws, other).authorization);
    expect(sign(unsigned).authorization).toBe(sign(unsigned, other).authorization);
    expect(sign(unsigned).addedHeaders).toEqual({
      'x-amz-date': '20240506T070809Z',
      'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
    });
  });
});

test('parameters are checked when the signer is made', () => {
  expect(() => sign({ ...aws, region: 1 })).toThrow('Value <1> for </region> is not of type <String>!');
  expect(() => sign({ ...aws, canonicalHeaders: [1] })).toThrow('This JSON value is not a string');
  expect(() => sign({ workspaceId: 'w', sharedKey: '' }, {}, 'az-monitor-2016-04-01')).toThrow('Empty key');
  expect(() => sign({}, {}, 'md5')).toThrow('Unsupported HMAC algorithm: md5');
  expect(() =>
    compileSaslCredentials({ type: 'hmac', algorithm: 'aws4-hmac-sha256', parameters: aws }),
  ).toThrow('Unsupported');
});

test('AMQP credentials name the hub without its domain and end seven days later', () => {
  const parameters = { sharedKeyName: 'k', sharedKey: 'AAECAwQ=', endpoint: 'hub.azure-devices.net' };
  const { username, password } = compileSaslCredentials({ type: 'hmac', algorithm: 'az-sasl', parameters })(
    now,
  );
  expect(username).toBe('k@sas.root.hub');
  expect(password).toContain(`&se=${now / 1000 + 7 * 86_400}&`);
});
