/** The two connections of the end-to-end suites: MQTT 3.1.1 source to AMQP 0.9.1 target over a live message. */

export const bridgeSource = (
  mqttUrl: string,
  topic: string,
  id: string,
  overrides: Record<string, unknown> = {},
) => ({
  id,
  name: 'devices in',
  connectionType: 'mqtt',
  connectionStatus: 'open',
  uri: mqttUrl,
  sources: [{ addresses: [topic], qos: 1, authorizationContext: ['integration:bridge'], headerMapping: {} }],
  specificConfig: { cleanSession: 'false' },
  ...overrides,
});

export const bridgeTarget = (
  amqpUrl: string,
  queue: string,
  id: string,
  overrides: Record<string, unknown> = {},
) => ({
  id,
  name: 'messages out',
  connectionType: 'amqp-091',
  connectionStatus: 'open',
  uri: `${amqpUrl}/%2F`,
  targets: [
    {
      address: `/${queue}`,
      topics: ['_/_/things/live/messages'],
      authorizationContext: ['integration:bridge'],
      headerMapping: {},
    },
  ],
  ...overrides,
});

/** A Ditto Protocol live message that asks for no answer. */
export const liveMessage = (number: number, size = 0): string =>
  JSON.stringify({
    topic: 'org.hawser/device-1/things/live/messages/telemetry',
    headers: {
      'content-type': 'application/json',
      'response-required': false,
      'correlation-id': `m-${number}`,
    },
    path: '/outbox/messages/telemetry',
    value: { number, filler: 'x'.repeat(size) },
  });
