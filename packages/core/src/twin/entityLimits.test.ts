import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { isDittoError } from '../errors/dittoError.ts';
import type { JsonObject } from '../json/jsonValue.ts';
import { parseJson } from '../json/parseJson.ts';
import { checkDepth, checkSize } from './entityLimits.ts';

const file = new URL('../../../testkit/vectors/twin/policy-errors.json', import.meta.url);
const { vectors } = parseJson(readFileSync(file, 'utf8')) as unknown as {
  vectors: readonly { name: string; error: JsonObject }[];
};

/** Of so many characters of JSON. */
const policyOf = (size: number): JsonObject => ({ policyId: 'x'.repeat(size - '{"policyId":""}'.length) });

function refusalOf(check: () => void): JsonObject | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (isDittoError(error)) return error.toJson();
    throw error;
  }
}

test.each([
  [123_456, 'policyTooLarge'],
  [102_400 * 1024, 'policyTooLarge2'],
  [102_401, 'policyTooLarge3'],
])('a policy of %s characters is too large, as Ditto tells it', (size, name) => {
  expect(refusalOf(() => checkSize('policy', policyOf(size)))).toEqual(
    vectors.find((vector) => vector.name === name)?.error,
  );
});

describe.each(['thing', 'policy'] as const)('a %s', (kind) => {
  test('of 100 kB is not too large', () => {
    expect(refusalOf(() => checkSize(kind, policyOf(102_400)))).toBeUndefined();
    expect(refusalOf(() => checkSize(kind, policyOf(102_401)))?.['status']).toBe(413);
  });

  test('may be nested 190 levels deep', () => {
    expect(refusalOf(() => checkDepth(kind, 190))).toBeUndefined();
    expect(refusalOf(() => checkDepth(kind, 191))).toMatchObject({
      error: 'json.invalid',
      message: `The ${kind} would be nested deeper than 190 levels.`,
    });
  });
});
