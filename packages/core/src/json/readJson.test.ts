import { describe, expect, test } from '@jest/globals';
import { isDittoError } from '../errors/dittoError.ts';
import { readJson, readJsonObject } from './readJson.ts';

function refusal(run: () => unknown) {
  try {
    run();
  } catch (error) {
    if (isDittoError(error)) return error.toJson();
    throw error;
  }
  return 'accepted';
}

describe('JSON of clients', () => {
  test.each([
    ['', 'json.format.invalid', 'The JSON string to create a JSON object from must not be empty!'],
    ['[]', 'json.invalid', '<[]> is not a valid JSON object!'],
    ['"x"', 'json.invalid', '<"x"> is not a valid JSON object!'],
    ['{', 'json.invalid', "Failed to parse JSON string '{'!"],
  ])('%j is no object', (text, error, message) => {
    expect(refusal(() => readJsonObject(text))).toMatchObject({ status: 400, error, message });
  });

  test('null counts as an empty object', () => {
    expect(readJsonObject('null')).toEqual({});
  });

  test.each([
    '9223372036854775807',
    '-9223372036854775808',
    '"9223372036854775808"',
    '{"\\"9223372036854775808":"\\\\9223372036854775808"}',
    '9223372036854775808.0',
    '9223372036854775808e0',
  ])('%s is accepted', (text) => {
    expect(refusal(() => readJson(text))).toBe('accepted');
  });

  test.each(['9223372036854775808', '[1,-9223372036854775809]', `{"a":"\\"","b":${'1'.repeat(400)}}`])(
    '%s has an integer beyond 64 bits',
    (text) => {
      expect(refusal(() => readJson(text))).toMatchObject({ status: 400, error: 'json.invalid' });
    },
  );

  test('hostile text is refused in linear time, and not quoted whole', () => {
    const size = 2_000_000;
    for (const text of [
      `${'1'.repeat(20)}"${'\\"'.repeat(size)}`,
      '1'.repeat(size),
      `[${'-'.repeat(size)}1234567890123456789`,
    ]) {
      const begun = process.cpuUsage();
      const { message } = refusal(() => readJson(text)) as { message: string };
      expect(process.cpuUsage(begun).user).toBeLessThan(1_000_000);
      expect(message.length).toBeLessThan(9000);
    }
  });
});
