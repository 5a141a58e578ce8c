import {
  acknowledgementLabelSchema,
  authorizationContextSchema,
  headerMappingSchema,
  payloadMappingSchema,
  qosSchema,
} from './commonSchema.ts';

/** One item of `targets`. */
export const targetSchema = {
  title: 'Target',
  description: 'Where signals go.',
  type: 'object',
  properties: {
    address: {
      title: 'Address',
      description:
        'Template with placeholders. AMQP 0.9.1: `exchange/routingKey`; MQTT: a topic; HTTP push: `<VERB>:/<path>`; Kafka: `topic`, `topic/key` or `topic#partition`; Hono: `command`.',
      type: 'string',
    },
    topics: {
      title: 'Topics',
      description:
        'Signals that are published, each `<topic>[?namespaces=a,b][&filter=<RQL>][&extraFields=<fields>]`. None: only responses and acknowledgements.',
      type: 'array',
      items: {
        type: 'string',
        pattern:
          '^_/_/(?:things/twin/events|things/live/(?:messages|events|commands)|(?:policies|connections)/announcements)(?:\\?[\\s\\S]*)?$',
        examples: ['_/_/things/twin/events?filter=gt(attributes/temperature,20)'],
      },
      default: [],
    },
    qos: qosSchema,
    authorizationContext: authorizationContextSchema,
    issuedAcknowledgementLabel: {
      ...acknowledgementLabelSchema,
      title: 'Issued acknowledgement',
      description:
        'Sent when a signal has been published: `{{connection:id}}:my-label`, or `live-response` to take the response of the endpoint.',
    },
    headerMapping: headerMappingSchema,
    payloadMapping: payloadMappingSchema,
  },
  required: ['address', 'authorizationContext'],
} as const;
