import { describe, expect, test } from '@jest/globals';
import { checkStatus, resultOf } from './answer.ts';

const answer = (body: string | Uint8Array, contentType?: string, status = 200) =>
  resultOf({
    status,
    headers: contentType === undefined ? {} : { 'content-type': contentType },
    body: typeof body === 'string' ? Buffer.from(body) : body,
  });

describe('the payload', () => {
  test.each([
    ['application/json', '{"a":[1]}', { a: [1] }],
    ['application/vnd.eclipse.ditto+json; charset=utf-8', '{"a":1}', { a: 1 }],
    ['application/json', '{"a":', '{"a":'],
    ['application/json', '', ''],
    ['application/json', '[1', '[1'],
    ['text/plain', 'grün', 'grün'],
    ['text/html; charset=utf-8', '<p>', '<p>'],
    ['application/octet-stream', 'ab', 'YWI='],
    [undefined, 'ab', 'YWI='],
    ['rubbish', 'ab', 'YWI='],
  ])('of %s: %j', (contentType, body, payload) => {
    expect(answer(body, contentType).payload).toEqual(payload);
  });

  test('is read by its charset; one that nobody knows is UTF-8', () => {
    const latin = new Uint8Array([0x67, 0x72, 0xfc, 0x6e]);
    expect(answer(latin, 'text/plain; charset="ISO-8859-1"').payload).toBe('grün');
    expect(answer('grün', 'text/plain; charset=klingon').payload).toBe('grün');
  });

  test('of JSON that is too deep to be read is text', () => {
    const deep = '['.repeat(200_000);
    expect(answer(deep, 'application/json').payload).toBe(deep);
  });
});

test('a response that does not say what it is has no content type', () => {
  expect(answer('').headers).toEqual({ 'content-type': 'none/none' });
});

describe('the status', () => {
  test.each([200, 204, 299])('%d is a success', (status) => {
    expect(answer('', 'text/plain', status).answer?.refusal).toBeUndefined();
  });

  test.each([
    [302, 'Got non success status code: <302> and body: <"b">'],
    [404, 'Got non success status code: <404> and body: <"b">'],
    [599, 'Got non success status code: <599> and body: <"b">'],
  ])('%d is a failed publish', (status, text) => {
    const { answer: said, status: kept } = answer('b', 'text/plain', status);
    expect(said?.refusal).toMatchObject({
      message: text,
      status: 503,
      code: 'connectivity:message.sending.failed',
    });
    expect(kept).toBe(status);
  });

  test('is shown with its reason', () => {
    expect(answer('', 'text/plain', 404).answer?.statusText).toBe('404 Not Found');
    expect(answer('', 'text/plain', 299).answer?.statusText).toBe('299 Custom');
  });

  test('that HTTP does not know is no answer', () => {
    expect(() => checkStatus(600)).toThrow('Remote server delivered unknown HTTP status code <600>!');
    expect(() => checkStatus(599)).not.toThrow();
  });
});
