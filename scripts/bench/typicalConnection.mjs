/** A connection of 3 kB as a plant would have it. */
export function typicalConnection() {
  const authorizationContext = ['integration:acme-telemetry', 'integration:acme-operators'];
  const headerMapping = {
    'content-type': '{{ header:content-type }}',
    'correlation-id': '{{ header:correlation-id }}',
    'device-id': '{{ thing:name | fn:lower() }}',
    'reply-to': '{{ header:reply-to | fn:default("replies") }}',
  };
  return {
    id: 'acme-gateway-eu-1',
    name: 'Gateway of the Rotterdam plant',
    connectionType: 'amqp-10',
    connectionStatus: 'open',
    uri: 'amqps://gateway:s3cr%40t-passw0rd@messaging.example.org:5671',
    sources: ['telemetry', 'event'].map((kind) => ({
      addresses: [`${kind}/acme`, `${kind}/acme-legacy`],
      consumerCount: 2,
      authorizationContext,
      enforcement: { input: '{{ header:device_id }}', filters: ['{{ entity:id }}', '{{ thing:id }}'] },
      acknowledgementRequests: { includes: ['twin-persisted'], filter: "fn:filter(header:qos,'ne','0')" },
      headerMapping,
      payloadMapping: ['status', 'Ditto'],
      replyTarget: {
        enabled: true,
        address: 'command/acme/{{ header:device_id }}',
        headerMapping,
        expectedResponseTypes: ['response', 'error', 'nack'],
      },
      declaredAcks: ['{{connection:id}}:stored'],
    })),
    targets: ['events', 'alarms'].map((kind) => ({
      address: `acme/{{ thing:namespace }}/${kind}`,
      topics: [
        '_/_/things/twin/events?namespaces=org.acme,org.acme.lab&filter=gt(attributes/temperature,20.5)&extraFields=attributes/location,features/battery',
        '_/_/things/live/messages?namespaces=org.acme',
      ],
      authorizationContext,
      issuedAcknowledgementLabel: `{{connection:id}}:${kind}`,
      headerMapping,
      payloadMapping: ['Ditto'],
    })),
    clientCount: 2,
    failoverEnabled: true,
    validateCertificates: true,
    processorPoolSize: 4,
    mappingDefinitions: {
      status: {
        mappingEngine: 'ConnectionStatus',
        options: { thingId: '{{ header:device_id }}', featureId: 'ConnectionStatus' },
        incomingConditions: { telemetryOnly: "fn:filter(header:subject,'eq','telemetry')" },
      },
    },
    tags: ['plant:rotterdam', 'team:gateways'],
  };
}
