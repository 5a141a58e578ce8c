import { expect, test } from '@jest/globals';
import { isDittoError } from '../errors/dittoError.ts';
import type { JsonArray } from '../json/jsonValue.ts';
import { readFeatureDefinition } from './thingModel.ts';

function refusalOf(identifiers: JsonArray): string {
  try {
    return `taken: ${JSON.stringify(readFeatureDefinition(identifiers))}`;
  } catch (error) {
    if (isDittoError(error)) return `${error.code}: ${error.message} ${error.description ?? ''}`;
    throw error;
  }
}

test.each<[identifiers: JsonArray, outcome: string]>([
  [['a:b:1', 'c:d:2'], 'taken: ["a:b:1","c:d:2"]'],
  [[], 'things:feature.definition.empty: Feature Definition must not be empty!'],
  [['a:b'], 'things:definition.identifier.invalid: Definition identifier <a:b> is invalid!'],
  ...[2, null, {}, ['a:b:1']].map((stranger): [JsonArray, string] => [
    ['a:b:1', stranger],
    `things:definition.identifier.invalid: Definition identifier <${JSON.stringify(stranger)}> is invalid! The provided identifier is not a JSON string`,
  ]),
])('a feature’s definition is a list of identifiers: %j', (identifiers, outcome) => {
  expect(refusalOf(identifiers)).toContain(outcome);
});
