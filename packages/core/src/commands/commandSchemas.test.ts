import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { JsonObject } from '../json/jsonValue.ts';
import { commandSchemas } from './commandSchemas.ts';
import { commandTypes, isCommandType } from './parseCommand.ts';

interface Vector {
  readonly name: string;
  readonly kind: string;
  readonly json: JsonObject;
}

const vectors = ['commands', 'command-parsing', 'devops'].flatMap(
  (file) =>
    JSON.parse(
      readFileSync(new URL(`../../../testkit/vectors/commands/${file}.json`, import.meta.url), 'utf8'),
    ) as Vector[],
);
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
const validators = new Map(
  Object.entries(commandSchemas).map(([type, schema]) => [type, ajv.compile(schema)]),
);

function isValid(command: JsonObject): boolean {
  const validate = validators.get(String(command['type']));
  if (validate === undefined) throw new Error(`no schema for ${command['type']}`);
  return validate(command) as boolean;
}

const commands = vectors
  .filter(({ kind }) => kind === 'command')
  .map(({ name, json }) => [name, json] as const);
const parsed = vectors
  .filter(({ kind }) => kind === 'command-parse')
  .map(({ name, json }) => ({
    name,
    input: json['input'] as JsonObject,
    expected: json['expected'] as JsonObject,
  }))
  .filter(({ input }) => isCommandType(String(input['type'])));

test('every command has a schema, described member by member', () => {
  expect(Object.keys(commandSchemas).sort()).toEqual([...commandTypes].sort());
  for (const { description, properties } of Object.values<{ description: string; properties: object }>(
    commandSchemas,
  )) {
    expect(description).toMatch(/\.$/);
    for (const [name, property] of Object.entries(properties))
      if (name !== 'type') expect(property).toHaveProperty('description');
  }
});

describe('schemas agree with Ditto', () => {
  test.each(commands)('on %s', (_name, json) => {
    expect(isValid(json)).toBe(true);
  });

  test.each(parsed.filter(({ expected }) => 'ok' in expected))('on accepting $name', ({ input }) => {
    expect(isValid(input)).toBe(true);
  });

  /** What is wrong inside a connection is the business of its own schema. */
  const refused = parsed.filter(
    ({ input, expected }) => 'error' in expected && typeof (input['connection'] ?? '') !== 'object',
  );
  test.each(refused)('on refusing $name', ({ input }) => {
    expect(isValid(input)).toBe(false);
  });
});
