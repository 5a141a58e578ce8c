/*
 * Parts that several schemas share. A schema tells editors and forms what a connection may hold; what the service accepts in the
 * end is decided by `parseConnection` and `validateConnection`, whose errors are Ditto's.
 */

export const headerMappingSchema = {
  title: 'Header mapping',
  description:
    'Header name to template with placeholders, evaluated per message. An empty result leaves the header out.',
  type: 'object',
  additionalProperties: { type: 'string' },
  default: {},
  examples: [{ 'correlation-id': '{{ header:correlation-id }}' }],
} as const;

export const payloadMappingSchema = {
  title: 'Payload mapping',
  description:
    'Mappers that each message passes, one result per mapper: ids of mappingDefinitions or built-in mappers. At most 10 unless configured otherwise. Default: Ditto Protocol in JSON.',
  type: 'array',
  items: { type: 'string' },
  examples: [['Ditto']],
} as const;

export const authorizationContextSchema = {
  title: 'Authorization context',
  description: 'Subjects in whose name signals are sent, or whose rights decide which signals are published.',
  type: 'array',
  items: { type: 'string', minLength: 1 },
  minItems: 1,
  examples: [['integration:my-gateway']],
} as const;

/** Numbers are Java's ints. */
export const intRange = { minimum: -2_147_483_648, maximum: 2_147_483_647 } as const;

export const qosSchema = {
  title: 'Quality of service',
  description: 'MQTT: 0 to 2, required. Kafka and Hono sources: 0 or 1. Without meaning for other types.',
  type: 'integer',
  ...intRange,
} as const;

export const acknowledgementLabelSchema = {
  description: 'Begins with the id of the connection: `{{connection:id}}:my-label`.',
  type: 'string',
  pattern: '^(?:\\{\\{\\w*[a-z]:[a-z]\\w*\\}\\}:)?[a-zA-Z0-9_:\\-]{3,165}$',
} as const;
