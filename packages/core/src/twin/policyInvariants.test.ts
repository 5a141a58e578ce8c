import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { isDittoError } from '../errors/dittoError.ts';
import type { JsonObject } from '../json/jsonValue.ts';
import { parseJson } from '../json/parseJson.ts';
import { checkPolicySize } from './policyInvariants.ts';

const file = new URL('../../../testkit/vectors/twin/policy-errors.json', import.meta.url);
const { vectors } = parseJson(readFileSync(file, 'utf8')) as unknown as {
  vectors: readonly { name: string; error: JsonObject }[];
};

/** Of so many characters of JSON. */
const policyOf = (size: number): JsonObject => ({ policyId: 'x'.repeat(size - '{"policyId":""}'.length) });

test.each([
  [123_456, 'policyTooLarge'],
  [102_400 * 1024, 'policyTooLarge2'],
  [102_401, 'policyTooLarge3'],
])('a policy of %s characters is too large, as Ditto tells it', (size, name) => {
  let refusal: unknown;
  try {
    checkPolicySize(policyOf(size));
  } catch (error) {
    refusal = error;
  }
  expect(isDittoError(refusal) && refusal.toJson()).toEqual(
    vectors.find((vector) => vector.name === name)?.error,
  );
});

test('a policy of 100 kB is not', () => {
  expect(() => checkPolicySize(policyOf(102_400))).not.toThrow();
});
