import type { FromSchema } from 'json-schema-to-ts';
import { connectionTypes, connectivityStatuses } from '../../model/connection.ts';
import { intRange } from './commonSchema.ts';
import { credentialsSchema, sshTunnelSchema } from './credentialsSchema.ts';
import { sourceSchema } from './sourceSchema.ts';
import { specificConfigProperties, specificConfigSchema } from './specificConfigSchema.ts';
import { targetSchema } from './targetSchema.ts';

const conditionsSchema = {
  description: 'Name to expression; the mapper runs only when all of them give a value.',
  type: 'object',
  additionalProperties: { type: 'string' },
  default: {},
  examples: [{ onlyTelemetry: "fn:filter(header:type,'eq','telemetry')" }],
} as const;

const mappingDefinitionSchema = {
  title: 'Mapping definition',
  description: 'A payload mapper with its options.',
  type: 'object',
  properties: {
    mappingEngine: {
      title: 'Engine',
      type: 'string',
      examples: ['JavaScript', 'Normalized', 'RawMessage', 'ConnectionStatus', 'ImplicitThingCreation'],
    },
    options: { title: 'Options', description: 'Depend on the engine.', type: 'object' },
    incomingConditions: { ...conditionsSchema, title: 'Conditions for incoming messages' },
    outgoingConditions: { ...conditionsSchema, title: 'Conditions for outgoing messages' },
  },
  required: ['mappingEngine', 'options'],
} as const;

/** The members of a connection, without the rules between them. */
const connectionObjectSchema = {
  type: 'object',
  properties: {
    id: {
      title: 'Id',
      description: 'Generated when a connection is created over HTTP.',
      type: 'string',
      pattern: '^[a-zA-Z0-9\\-_:]{1,100}$',
    },
    name: { title: 'Name', type: ['string', 'null'], default: null },
    connectionType: {
      title: 'Type',
      description: '`mqtt` is MQTT 3.1.1. Cannot be changed later.',
      enum: connectionTypes,
    },
    connectionStatus: {
      title: 'Desired status',
      description: 'Only `open` and `closed` make sense here.',
      enum: connectivityStatuses,
    },
    uri: {
      title: 'URI',
      description:
        '`{protocol}://{username}:{password}@{hostname}:{port}/{path}`; the port is required, user info is percent-encoded. Not for Hono.',
      type: 'string',
      examples: ['amqps://user:password@broker.example.org:5671/vhost'],
    },
    sources: {
      title: 'Sources',
      description: 'At most 4 unless configured otherwise.',
      type: 'array',
      items: sourceSchema,
      default: [],
    },
    targets: {
      title: 'Targets',
      description: 'At most 4 unless configured otherwise.',
      type: 'array',
      items: targetSchema,
      default: [],
    },
    clientCount: {
      title: 'Clients',
      description: 'How many clients share the load; 1 for MQTT 3.1.1 and for connection announcements.',
      type: 'integer',
      minimum: 1,
      maximum: intRange.maximum,
      default: 1,
    },
    failoverEnabled: {
      title: 'Failover',
      description: 'Whether a connection that was lost is opened again.',
      type: 'boolean',
      default: true,
    },
    validateCertificates: {
      title: 'Validate certificates',
      description: 'Whether the certificate of the server must be trusted.',
      type: 'boolean',
      default: true,
    },
    processorPoolSize: {
      title: 'Processors',
      description: 'How many messages are mapped at a time.',
      type: 'integer',
      minimum: 1,
      maximum: intRange.maximum,
      default: 1,
    },
    specificConfig: specificConfigSchema,
    mappingDefinitions: {
      title: 'Mapping definitions',
      description: 'Payload mappers by the id that payloadMapping names.',
      type: 'object',
      additionalProperties: mappingDefinitionSchema,
      default: {},
    },
    credentials: credentialsSchema,
    ca: {
      title: 'Trusted certificates',
      description: 'PEM; the only ones that are trusted then. Needs a secure protocol.',
      type: 'string',
    },
    sshTunnel: sshTunnelSchema,
    tags: { title: 'Tags', type: 'array', items: { type: 'string' }, uniqueItems: true, default: [] },
  },
  required: ['id', 'connectionType', 'connectionStatus'],
} as const;

/** A connection as it is written, and as it should be sent: the parser takes more, such as null for what is absent. */
export type ConnectionJson = FromSchema<
  typeof connectionObjectSchema,
  { keepDefaultedPropertiesOptional: true }
>;

const ofType = (type: string) => ({
  properties: { connectionType: { const: type } },
  required: ['connectionType'],
});

/**
 * JSON Schema (draft 07) of a connection, for editors and forms. Everything that it refuses is refused by the service as well,
 * but for values that the parser drops silently.
 */
export const connectionSchema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  $id: 'urn:hawser:schema:connection',
  title: 'Connection',
  description: 'A connection of Hawser and of Eclipse Ditto to a message broker or HTTP endpoint.',
  ...connectionObjectSchema,
  allOf: [
    {
      anyOf: [
        { properties: { sources: { type: 'array', minItems: 1 } }, required: ['sources'] },
        { properties: { targets: { type: 'array', minItems: 1 } }, required: ['targets'] },
      ],
    },
    { if: ofType('hono'), else: { required: ['uri'] } },
    ...Object.entries(specificConfigProperties).map(([type, properties]) => ({
      if: ofType(type),
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
      then: { properties: { specificConfig: { properties } } },
    })),
  ],
} as const;
