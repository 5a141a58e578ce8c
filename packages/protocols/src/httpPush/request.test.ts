import { describe, expect, test } from '@jest/globals';
import { pushBase, pushRequest, signable } from './request.ts';

const settings = { omitBodyMethods: new Set(['GET']), userAgent: 'eclipse-ditto/1' };
const base = pushBase('https://user:pass@[::1]:8443/api%2Fv1/');

const build = (address: string, headers: Readonly<Record<string, string>> = {}, text = 'hé') =>
  pushRequest({ address, qos: undefined, targetIndex: 0 }, { headers, text }, base, settings);

test('the base keeps the path as it is written, and neither user nor fragment', () => {
  expect(base).toEqual({ origin: 'https://[::1]:8443', path: '/api%2Fv1/' });
  expect(pushBase('http://h:80/a#b').path).toBe('/a');
  expect(pushBase('http://h:80').path).toBe('');
});

test.each([
  ['POST:/things', 'POST', '/api%2Fv1/things'],
  ['PUT:things?a=b c', 'PUT', '/api%2Fv1/things?a=b%20c'],
  ['PATCH:', 'PATCH', '/api%2Fv1'],
  ['POST:/a\r\nX: y', 'POST', '/api%2Fv1/a%0D%0AX:%20y'],
  ['POST://evil/x', 'POST', '/api%2Fv1//evil/x'],
])('%j stays a path of the base', (address, method, target) => {
  expect(build(address)).toMatchObject({ method, target });
});

test('reserved headers replace path and query', () => {
  expect(build('POST:/a?b=1', { 'HTTP.path': 'c/d', 'http.query': 'e=f' }).target).toBe('/c/d?e=f');
});

describe('headers', () => {
  test('are sent in lower case; the content type belongs to the body', () => {
    expect(build('POST:/', { 'X-A': '1', 'Content-Type': 'application/json' }).headers).toEqual({
      'user-agent': 'eclipse-ditto/1',
      'x-a': '1',
      'content-type': 'application/json',
    });
  });

  test('that frame the message are left out', () => {
    const framing = {
      Host: 'evil',
      'Content-Length': '1',
      'transfer-encoding': 'chunked',
      connection: 'close',
    };
    expect(build('POST:/', { ...framing, expect: '100-continue', upgrade: 'h2c' }).headers).toEqual({
      'user-agent': 'eclipse-ditto/1',
      'content-type': 'text/plain; charset=UTF-8',
    });
  });

  test.each([
    ['x', 'a\r\nevil: 1'],
    ['x\r\ny', 'a'],
    [':status', '200'],
    ['x', 'ж'],
  ])('%j: %j would break out of its line and is refused', (name, value) => {
    expect(() => build('POST:/', { [name]: value })).toThrow(/cannot be sent/);
  });

  test('of names that mean something to JavaScript are plain names', () => {
    const headers = build('POST:/', { constructor: 'a', ['__proto__']: 'b' }).headers;
    expect(headers['constructor']).toBe('a');
    expect(Object.getPrototypeOf(headers)).toBe(Object.prototype);
  });
});

describe('the body', () => {
  test('is UTF-8', () => {
    expect(Buffer.from(build('POST:/').body ?? []).toString('hex')).toBe('68c3a9');
  });

  test('of bytes is sent as they are', () => {
    const message = { headers: {}, bytes: new Uint8Array([0, 255]) };
    const target = { address: 'POST:/', qos: undefined, targetIndex: 0 };
    const { body, headers } = pushRequest(target, message, base, settings);
    expect([...(body ?? [])]).toEqual([0, 255]);
    expect(headers['content-type']).toBe('application/octet-stream');
  });

  test('is left out with its content type where the method has none', () => {
    const { body, headers } = build('GET:/', { 'content-type': 'application/json' });
    expect(body).toBeUndefined();
    expect(headers).toEqual({ 'user-agent': 'eclipse-ditto/1' });
  });
});

test('a signer sees what is sent', () => {
  const request = build('POST:/a b?c=d', { 'x-a': '1' });
  expect(signable(request, base)).toEqual({
    method: 'POST',
    url: new URL('https://[::1]:8443'),
    path: '/api%2Fv1/a%20b',
    query: 'c=d',
    contentType: 'text/plain; charset=UTF-8',
    headers: request.headers,
    body: request.body,
  });
  expect(signable(build('GET:/'), base)).toMatchObject({ contentType: 'none/none', query: undefined });
});
