import { describe, expect, test } from '@jest/globals';
import { type DittoError, isDittoError } from './dittoError.ts';
import { errorFromJson, parseError } from './errorRegistry.ts';

function refusalOf(read: () => unknown): DittoError {
  try {
    read();
  } catch (error) {
    if (isDittoError(error)) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('an error that is read', () => {
  test('has the status of its code, whatever the JSON says', () => {
    const { className, error } = parseError({
      status: 200,
      error: 'connectivity:connection.notfound',
      message: 'm',
    });
    expect(className).toBe('ConnectionNotAccessibleException');
    expect(error.toJson()).toEqual({
      status: 404,
      error: 'connectivity:connection.notfound',
      message: 'm',
      description:
        'Check if the ID of your requested Connection was correct and you have sufficient permissions.',
    });
  });

  test('keeps status and text of an unknown code, and its link only when it is one', () => {
    const { className, error } = parseError({ status: 418, error: 'tea', href: 'not a uri' });
    expect(className).toBe('UnknownDittoRuntimeException');
    expect(error.toJson()).toEqual({
      status: 418,
      error: 'tea',
      message: 'An unknown error occurred',
      description: '',
    });
  });

  test.each([99, 600, 1e9])('has status 500 when an unknown code comes with %d', (status) => {
    expect(parseError({ error: 'x', status }).error.status).toBe(500);
  });

  test.each(['__proto__', 'constructor', 'toString'])('may have the code %s', (error) => {
    expect(parseError({ error, message: 'm' }).className).toBe('UnknownDittoRuntimeException');
  });

  test('keeps the key of the header that was invalid', () => {
    const json = { error: 'header.invalid', message: 'm', invalidHeaderKey: 'timeout' };
    expect(parseError(json).error.toJson()).toMatchObject({ status: 400, invalidHeaderKey: 'timeout' });
  });

  test('of an illegal adaptable needs its topic path', () => {
    const json = { status: 422, error: 'protocoladapter:illegal.adaptable', message: 'm' };
    expect(refusalOf(() => parseError(json)).message).toBe(
      'Failed to deserialize JSON object to a IllegalAdaptableException: JSON did not include required </topicPath> field!',
    );
    const whole = { ...json, topicPath: 'a/b/things/live/commands/modify' };
    expect(parseError(whole).error.toJson()).toEqual(whole);
  });

  test('of a failed action has the status that it was given', () => {
    const json = { error: 'policies:action.failed', message: 'm' };
    expect(parseError({ ...json, status: 403 }).error.status).toBe(403);
    expect(refusalOf(() => parseError(json)).code).toBe('json.field.missing');
    expect(refusalOf(() => parseError({ ...json, status: 700 })).message).toBe(
      'Provided HTTP status code <700> is not within the range of 100 to 599.',
    );
  });
});

test('an error passes through as it is written', () => {
  const json = { status: 429, error: 'a:b', href: 'x y', more: [1] };
  expect(errorFromJson(json).toJson()).toEqual(json);
});
