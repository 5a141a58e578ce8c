import {
  changedLogLevelSchema,
  commandSchemas,
  configSchema,
  connectionLogsSchema,
  connectionSchema,
  devopsErrorResponseSchema,
  errorSchema,
  loggerConfigSchema,
  loggerConfigsSchema,
  responseSchemas,
  statusInfoSchema,
} from '@hawser/core';
import { type ComponentName, ref, type Schema } from './operation.ts';

/** Of a JSON Schema that has a life of its own: what names it there is left out. */
function embedded(schema: Schema): Schema {
  const { $schema: _dialect, $id: _id, ...rest } = schema as Record<string, unknown>;
  return rest;
}

const connection = embedded(connectionSchema);
const { id: _id, ...propertiesWithoutId } = connectionSchema.properties;

/** Names of components hold no colon. */
export const componentOf = (type: string): string => type.replaceAll(':', '.');
const refTo = (type: string): Schema => ({ $ref: `#/components/schemas/${componentOf(type)}` });

/** A command or response with the connections in it described, where it holds whole ones. */
function withConnection(schema: Schema & { properties: object }): Schema {
  const { connection: whole } = schema.properties as { connection?: object };
  if (whole === undefined) return embedded(schema);
  return embedded({ ...schema, properties: { ...schema.properties, connection: ref('Connection') } });
}

const carried = Object.keys(commandSchemas).filter((type) => !type.startsWith('devops.'));
const { type: _type, ...piggybackProperties } =
  commandSchemas['devops.commands:executePiggybackCommand'].properties;

const named: Readonly<Record<ComponentName, Schema>> = {
  Connection: connection,
  NewConnection: {
    ...connection,
    title: 'New connection',
    description: 'A connection whose id is made up or stands in the path.',
    properties: propertiesWithoutId,
    required: ['connectionType'],
  },
  PiggybackRequest: {
    title: 'Piggyback request',
    description: 'A command, and the actor that is to get it.',
    type: 'object',
    properties: {
      ...piggybackProperties,
      piggybackCommand: {
        description: 'The command, with its `type`.',
        anyOf: [
          ...carried.map(refTo),
          { type: ['object', 'null'], description: 'Any other is refused in the answer.' },
        ],
      },
    },
    required: ['targetActorSelection', 'headers', 'piggybackCommand'],
  },
  PiggybackAnswer: {
    title: 'Piggyback answer',
    description:
      'With `aggregate` false the response itself; else responses by service and instance. An error is an answer too: its status stands inside.',
    anyOf: [
      ...Object.keys(responseSchemas).map(refTo),
      ref('Error'),
      embedded(devopsErrorResponseSchema),
      {
        title: 'Other response',
        type: 'object',
        properties: { type: { type: 'string' }, status: { type: 'integer' } },
        required: ['type', 'status'],
      },
      {
        title: 'Aggregated',
        description: 'By service, then by instance.',
        type: 'object',
        additionalProperties: { type: 'object', additionalProperties: { type: 'object' } },
      },
    ],
  },
  Error: errorSchema,
  Health: statusInfoSchema('#/components/schemas/Health'),
  LoggerConfig: loggerConfigSchema,
  LoggerConfigs: loggerConfigsSchema,
  ChangedLogLevel: changedLogLevelSchema,
  Config: configSchema,
  ConnectionStatus: embedded(responseSchemas['connectivity.responses:retrieveConnectionStatus']),
  ConnectionMetrics: embedded(responseSchemas['connectivity.responses:retrieveConnectionMetrics']),
  ConnectionLogs: connectionLogsSchema,
};

/** Everything that operations refer to: the schemas that core reads and checks by, under names of OpenAPI. */
export const components: Readonly<Record<string, Schema>> = {
  ...named,
  ...Object.fromEntries(
    carried.map((type) => [componentOf(type), withConnection(schemaOf(commandSchemas, type))]),
  ),
  ...Object.fromEntries(
    Object.keys(responseSchemas).map((type) => [
      componentOf(type),
      embedded(schemaOf(responseSchemas, type)),
    ]),
  ),
};

function schemaOf(schemas: object, type: string): Schema & { properties: object } {
  return (schemas as Record<string, Schema & { properties: object }>)[type] ?? { properties: {} };
}
