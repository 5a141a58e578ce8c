import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { Ajv } from 'ajv';
import type { JsonObject } from '../json/jsonValue.ts';
import { type CommandJson, commandSchema, piggybackRequestSchema } from './commandDocument.ts';
import { parseCommand } from './parseCommand.ts';

const vectors = new URL('../../../testkit/vectors/', import.meta.url);
const read = (path: string): unknown => JSON.parse(readFileSync(new URL(path, vectors), 'utf8'));
const commands = (read('commands/commands.json') as { name: string; kind: string; json: JsonObject }[])
  .filter(({ kind }) => kind === 'command')
  .map(({ name, json }) => [name, json] as const);
const ajv = new Ajv({ allowUnionTypes: true, strict: false });
const isCommand = ajv.compile(commandSchema);
const isRequest = ajv.compile(piggybackRequestSchema);

describe('the published schema of commands', () => {
  test.each([
    ['command', commandSchema],
    ['piggyback', piggybackRequestSchema],
  ])('is the one in docs/schemas: %s', (name, schema) => {
    expect(read(`../../../docs/schemas/${name}.schema.json`)).toEqual(JSON.parse(JSON.stringify(schema)));
  });

  test.each(commands)('accepts %s, alone and carried', (_name, json) => {
    expect([isCommand(json), isCommand.errors]).toEqual([true, null]);
    expect(isRequest({ targetActorSelection: '/x', headers: {}, piggybackCommand: json })).toBe(true);
  });

  test.each([
    {},
    { type: 'bogus' },
    { type: 'connectivity.commands:openConnection' },
    { type: 'connectivity.commands:createConnection', connection: { id: 'c' } },
  ])('refuses %j', (json) => {
    expect(isCommand(json)).toBe(false);
    expect(isRequest({ targetActorSelection: '/x', headers: {}, piggybackCommand: json })).toBe(false);
  });

  test('gives the types of commands in JSON', () => {
    const open: CommandJson<'connectivity.commands:openConnection'> = {
      type: 'connectivity.commands:openConnection',
      connectionId: 'c',
    };
    const any: CommandJson = open;
    expect(parseCommand(any as JsonObject)).toEqual(open);
    // @ts-expect-error the id is missing
    const incomplete: CommandJson<'connectivity.commands:openConnection'> = {
      type: 'connectivity.commands:openConnection',
    };
    expect(isCommand(incomplete)).toBe(false);
  });
});
