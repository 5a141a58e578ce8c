#!/usr/bin/env node
// Reading and validating a typical connection of 3 kB, from text to verdict, against JSON.parse of the same text in the same run.
// usage: node scripts/bench/core.mjs [--rounds N]
import { parseArgs } from 'node:util';
import { parseConnection, parseJson, validateConnection } from '@hawser/core';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '10000' } } });
const rounds = Number(values.rounds);
const AIM = 12;

const text = JSON.stringify(typicalConnection());
const json = JSON.parse(text);
const connection = parseConnection(json);

const steps = {
  'JSON.parse': () => JSON.parse(text),
  parseJson: () => parseJson(text),
  parseConnection: () => parseConnection(json),
  validateConnection: () => validateConnection(connection),
  all: () => validateConnection(parseConnection(parseJson(text))),
};

for (const step of Object.values(steps)) measure(step, rounds / 10);
const runs = [1, 2, 3].map(() =>
  Object.fromEntries(Object.entries(steps).map(([name, step]) => [name, measure(step, rounds)])),
);
const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
for (const name of Object.keys(steps))
  console.log(`${name}: ${median(runs.map((run) => run[name])).toFixed(1)} µs`);
const ratio = median(runs.map((run) => run.all / run['JSON.parse']));
console.log(`${text.length} characters; ratio ${ratio.toFixed(1)} (aim <= ${AIM})`);

/** Microseconds a call. */
function measure(step, times) {
  const started = performance.now();
  for (let i = 0; i < times; i++) step();
  return ((performance.now() - started) * 1000) / times;
}

function typicalConnection() {
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
