import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { isDittoError } from '../errors/dittoError.ts';
import type { JsonObject } from '../json/jsonValue.ts';
import { parseJson } from '../json/parseJson.ts';
import { readPolicy } from '../signals/policyModel.ts';
import { checkedPolicy } from './policyValues.ts';

interface Vector {
  readonly policy?: JsonObject;
  readonly ok?: JsonObject;
  readonly error?: JsonObject;
  readonly rejected?: string;
}
const file = new URL('../../../testkit/vectors/twin/policy-model.json', import.meta.url);
const { vectors } = parseJson(readFileSync(file, 'utf8')) as unknown as { vectors: readonly Vector[] };

const read = (policy: JsonObject): JsonObject => checkedPolicy(readPolicy(policy), 'ns:p');
function errorOf(policy: JsonObject): JsonObject | undefined {
  try {
    read(policy);
    return undefined;
  } catch (error) {
    if (isDittoError(error)) return error.toJson();
    throw error;
  }
}

const named = vectors.flatMap(({ policy, ...rest }) =>
  policy === undefined ? [] : [{ name: JSON.stringify(policy), policy, ...rest }],
);
/** Ditto loses the colon of a subject without an issuer, and cannot read again what it writes then. */
const isOwn = ({ name }: { readonly name: string }): boolean => name.includes('":b"');

describe("policies are read as Ditto's model reads them", () => {
  test.each(named.filter(({ ok }) => ok !== undefined).filter((vector) => !isOwn(vector)))(
    'as it is: $name',
    ({ policy, ok }) => {
      expect(JSON.stringify(read(policy))).toBe(JSON.stringify(ok));
    },
  );
  test.each(named.filter(({ error }) => error !== undefined))('refused: $name', ({ policy, error }) => {
    expect(errorOf(policy)).toEqual(error);
  });
  test.each(named.filter(({ rejected }) => rejected !== undefined))(
    'refused, with an error where Ditto has none: $name',
    ({ policy }) => {
      expect(errorOf(policy)?.['status']).toBe(400);
    },
  );
  test('a subject without an issuer is refused', () => {
    expect(named.filter(isOwn).map(({ policy }) => errorOf(policy)?.['error'])).toEqual([
      'policies:subjectid.invalid',
    ]);
  });
});
