import {
  acknowledgementLabelSchema,
  authorizationContextSchema,
  headerMappingSchema,
  intRange,
  payloadMappingSchema,
  qosSchema,
} from './commonSchema.ts';

const enforcementSchema = {
  title: 'Enforcement',
  description: 'Refuses messages whose sender may not speak for the entity that they are about.',
  type: 'object',
  properties: {
    input: {
      title: 'Input',
      description: 'Says who sent a message: headers; for MQTT the topic.',
      type: 'string',
      examples: ['{{ header:device_id }}', '{{ source:address }}'],
    },
    filters: {
      title: 'Filters',
      description: 'One of them must give the value of the input.',
      type: 'array',
      items: { type: 'string' },
      default: [],
      examples: [['{{ entity:id }}']],
    },
  },
  required: ['input'],
} as const;

const acknowledgementRequestsSchema = {
  title: 'Acknowledgement requests',
  description: 'Asked for on behalf of every message, which is settled only when they are fulfilled.',
  type: 'object',
  properties: {
    includes: {
      title: 'Labels',
      type: 'array',
      items: { type: 'string' },
      default: [],
      examples: [['twin-persisted']],
    },
    filter: {
      title: 'Filter',
      description: 'Asks only where this expression gives a value.',
      type: 'string',
      examples: ["fn:filter(header:qos,'ne','0')"],
    },
  },
} as const;

const replyTargetSchema = {
  title: 'Reply target',
  description:
    'Where responses to messages of this source go. By default to the address in the header `reply-to`.',
  type: 'object',
  properties: {
    enabled: { title: 'Enabled', type: 'boolean', default: true },
    address: {
      title: 'Address',
      description: 'Template with placeholders.',
      type: 'string',
      examples: ['{{ header:reply-to }}'],
    },
    headerMapping: headerMappingSchema,
    expectedResponseTypes: {
      title: 'Expected responses',
      type: 'array',
      items: { enum: ['response', 'error', 'nack'] },
      default: ['response', 'error'],
    },
  },
} as const;

/** One item of `sources`. */
export const sourceSchema = {
  title: 'Source',
  description: 'Where messages come from.',
  type: 'object',
  properties: {
    addresses: {
      title: 'Addresses',
      description:
        'Queues, topics or topic filters, at least one. Hono: `telemetry`, `event` or `command_response`. HTTP push has no sources.',
      type: 'array',
      items: { type: 'string' },
      default: [],
    },
    consumerCount: {
      title: 'Consumers',
      description: 'Per address; 1 for MQTT 3.1.1.',
      type: 'integer',
      ...intRange,
      default: 1,
    },
    qos: qosSchema,
    authorizationContext: authorizationContextSchema,
    enforcement: enforcementSchema,
    acknowledgementRequests: acknowledgementRequestsSchema,
    headerMapping: headerMappingSchema,
    payloadMapping: payloadMappingSchema,
    replyTarget: replyTargetSchema,
    declaredAcks: {
      title: 'Declared acknowledgements',
      description: 'Labels that applications behind this source may send.',
      type: 'array',
      items: acknowledgementLabelSchema,
    },
  },
  required: ['addresses'],
  if: { properties: { addresses: { minItems: 1 } } },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { required: ['authorizationContext'] },
} as const;
