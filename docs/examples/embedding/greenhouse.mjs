// Hawser inside of a program: no HTTP, no broker, nothing on disk. Run it with `node docs/examples/embedding/greenhouse.mjs`.
import { startHawser } from '@hawser/service';
import { LoopTransport } from './loopTransport.mjs';

const SHARD_REGION = '/system/sharding/connection';

const transport = new LoopTransport(['mqtt']);
const hawser = await startHawser({ store: 'memory', transports: [transport] });

// What a device tells arrives here as a Ditto Protocol message; its broker's message is settled when this has returned.
const seen = new Promise((resolve) => {
  hawser.onSignal(
    ({ topic, path, value }) => {
      console.log('signal   ', topic, path, JSON.stringify(value));
      resolve();
    },
    { types: ['live-events'] },
  );
});

const created = await hawser.ask(SHARD_REGION, {
  type: 'connectivity.commands:createConnection',
  connection: {
    id: 'greenhouse',
    connectionType: 'mqtt',
    connectionStatus: 'open',
    uri: 'tcp://127.0.0.1:1883',
    sources: [{ addresses: ['devices/#'], qos: 1, authorizationContext: ['example:devices'] }],
    targets: [
      {
        address: 'commands/{{ thing:name }}',
        qos: 1,
        topics: ['_/_/things/live/messages'],
        authorizationContext: ['example:devices'],
      },
    ],
  },
});
console.log('created  ', created.status, created.json.connection.id);
await transport.opened('greenhouse');

// A device tells its temperature.
const settled = transport.receive('devices/sensor-1', {
  topic: 'org.example/sensor-1/things/live/events/modified',
  headers: { 'response-required': false },
  path: '/features/temperature/properties/value',
  value: 31.5,
  revision: 1,
});
await seen;
console.log('settled  ', await settled);

// The program tells the device something; the promise is fulfilled when the broker has confirmed it.
await hawser.publish({
  topic: 'org.example/sensor-1/things/live/messages/open-window',
  headers: { 'response-required': false, 'content-type': 'application/json' },
  path: '/inbox/messages/open-window',
  value: { angle: 30 },
});
for (const { address, text } of transport.published)
  console.log('published', address, JSON.parse(text).value);

const status = await hawser.ask(SHARD_REGION, {
  type: 'connectivity.commands:retrieveConnectionStatus',
  connectionId: 'greenhouse',
});
console.log('status   ', status.json.liveStatus);

await hawser.stop();
console.log('stopped');
