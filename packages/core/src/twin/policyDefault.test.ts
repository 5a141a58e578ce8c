import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { JsonObject } from '../json/jsonValue.ts';
import { parseJson } from '../json/parseJson.ts';
import { defaultPolicy } from './policyDefault.ts';

const file = new URL('../../../testkit/vectors/twin/policy-model.json', import.meta.url);
const { vectors } = parseJson(readFileSync(file, 'utf8')) as unknown as { vectors: readonly JsonObject[] };

test("a thing without a policy gets Ditto's default one", () => {
  const expected = vectors.find((vector) => vector['default'] !== undefined);
  expect(defaultPolicy('ns:p', 'nginx:ditto')).toEqual(expected?.['default']);
});

test('any name may be that of a subject', () => {
  expect(JSON.stringify(defaultPolicy('ns:p', '__proto__'))).toContain(
    '"subjects":{"__proto__":{"type":"generated"}}',
  );
});
