import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { errorSchema } from '../errors/errorSchema.ts';
import { makeError } from '../errors/makeError.ts';
import type { JsonObject } from '../json/jsonValue.ts';
import { responseSchemas } from './responseSchemas.ts';

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, formats: { 'date-time': true } });
const responses = JSON.parse(
  readFileSync(new URL('../../../testkit/vectors/commands/responses.json', import.meta.url), 'utf8'),
) as { readonly json: JsonObject }[];

test.each(Object.entries(responseSchemas))("%s agrees with Ditto's", (type, schema) => {
  const validate = ajv.compile(schema);
  const samples = responses.map(({ json }) => json).filter((json) => json['type'] === type);
  expect(samples.length).toBeGreaterThan(0);
  for (const sample of samples) {
    expect([sample, validate(sample), validate.errors]).toEqual([sample, true, null]);
    for (const name of schema.required) {
      const { [name]: _removed, ...rest } = sample;
      expect([name, validate(rest)]).toEqual([name, false]);
    }
  }
});

test('an error is described', () => {
  const validate = ajv.compile(errorSchema);
  expect(validate(makeError('connectivity:connection.notfound', 'x').toJson())).toBe(true);
  expect(validate({ status: 404, message: 'x' })).toBe(false);
});
