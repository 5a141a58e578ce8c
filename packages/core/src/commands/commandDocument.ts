import type { FromSchema } from 'json-schema-to-ts';
import { connectionSchema } from '../validation/schema/connectionSchema.ts';
import { commandSchemas } from './commandSchemas.ts';
import type { CommandType } from './parseCommand.ts';

/* The schemas that are published for editors, in the dialect that editors know best (draft 07). */

/** A command in JSON, as an editor or a program of yours writes it. */
export type CommandJson<T extends CommandType = CommandType> = T extends CommandType
  ? FromSchema<(typeof commandSchemas)[T]>
  : never;

const dialect = 'http://json-schema.org/draft-07/schema#';
const definition = (name: string) => ({ $ref: `#/definitions/${name}` });
const types = Object.keys(commandSchemas) as readonly CommandType[];

/** A schema without what names it where it stands alone. */
function embedded(schema: object): object {
  const { $schema: _dialect, $id: _id, ...rest } = schema as Record<string, unknown>;
  return rest;
}

function commandDefinition(type: CommandType): object {
  const { properties, ...rest } = embedded(commandSchemas[type]) as { readonly properties: object };
  const whole = 'connection' in properties ? { connection: definition('connection') } : {};
  return { ...rest, properties: { ...properties, ...whole } };
}

const definitions = {
  connection: embedded(connectionSchema),
  ...Object.fromEntries(types.map((type) => [type, commandDefinition(type)])),
};

const anyCommand = {
  type: 'object',
  properties: { type: { description: 'Type of the command.', enum: types } },
  required: ['type'],
  // by its type, so that an editor tells what is wrong with this command and not with all others
  allOf: types.map((type) => ({
    if: { properties: { type: { const: type } } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: definition(type),
  })),
};

/** JSON Schema (draft 07) of any command. */
export const commandSchema = {
  $schema: dialect,
  $id: 'urn:hawser:schema:command',
  title: 'Command',
  description: 'A command to a connection, or to an actor beside the connections.',
  ...anyCommand,
  definitions,
};

const { type: _type, ...request } = commandSchemas['devops.commands:executePiggybackCommand'].properties;

/** JSON Schema (draft 07) of the body of `POST /devops/piggyback`. */
export const piggybackRequestSchema = {
  $schema: dialect,
  $id: 'urn:hawser:schema:piggyback',
  title: 'Piggyback request',
  description: 'A command, and the actor that is to get it.',
  type: 'object',
  properties: {
    ...request,
    targetActorSelection: {
      ...request.targetActorSelection,
      examples: [
        '/system/sharding/connection',
        '/user/connectivityRoot/connectionIdsRetrieval/singleton',
        '/user/connectivityRoot/persistenceCleanup',
        '/user/connectivityRoot/encryptionMigration',
      ],
    },
    piggybackCommand: definition('command'),
  },
  required: ['targetActorSelection', 'headers', 'piggybackCommand'],
  definitions: { ...definitions, command: anyCommand },
};
