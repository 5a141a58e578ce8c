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

/** A mapper with a script for each direction; what they do is what the Ditto mapper does. */
export const scriptedMapping = {
  mappingDefinitions: {
    js: {
      mappingEngine: 'JavaScript',
      options: {
        incomingScript: 'function mapToDittoProtocolMsg(headers, text) { return JSON.parse(text); }',
        outgoingScript:
          "function mapFromDittoProtocolMsgWrapper(m) { return Ditto.buildExternalMsg({}, JSON.stringify(m), null, 'application/json'); }",
      },
    },
  },
};

/** The connection with its sources and targets mapped by those scripts. */
export const withScripts = (connection: Record<string, unknown>): Record<string, unknown> => ({
  ...connection,
  ...scriptedMapping,
  ...Object.fromEntries(
    ['sources', 'targets'].flatMap((key) => {
      const list = connection[key];
      return Array.isArray(list) ? [[key, list.map((each) => ({ ...each, payloadMapping: ['js'] }))]] : [];
    }),
  ),
});
