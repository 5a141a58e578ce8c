// A transport of one's own, and signals in both directions: node docs/examples/embedding/ownTransport.mjs
import assert from 'node:assert/strict';
import { startHawser } from '@hawser/service';

/** Serves `mqtt-5` connections out of this process: `deliver` is what a broker would send, `published` what it would get. */
function loopback() {
  const clients = new Set();
  const published = [];
  return {
    published,
    /** Resolves to `accepted`, `redeliver` or `rejected` when the message is settled. */
    deliver: (address, text) =>
      new Promise((settle) => {
        for (const { connection, events } of clients) {
          const source = connection.sources.find(({ addresses }) => addresses.includes(address));
          if (source === undefined) continue;
          const origin = { sourceIndex: source.index, configuredAddress: address, address };
          events.message({ headers: {}, text }, origin, settle);
        }
      }),
    adapter: {
      connectionTypes: ['mqtt-5'],
      createClient(connection, events) {
        const client = { connection, events };
        return {
          open: async () => void clients.add(client),
          publish: async (target, message) => {
            published.push({ address: target.address, text: message.text });
            return { status: 200 };
          },
          resources: () => [],
          stopConsuming: async () => void clients.delete(client),
          close: async () => void clients.delete(client),
        };
      },
      test: async () => undefined,
    },
  };
}

const broker = loopback();
const hawser = await startHawser({
  store: 'memory',
  adapters: [broker.adapter],
  // this transport opens no socket: there is no address to try
  probe: async () => undefined,
});

const seen = [];
hawser.onSignal(async ({ message, connectionId }) => {
  // the source message is settled when this function has ended
  seen.push([connectionId, message.topic]);
});

const connection = (id, more) => ({
  id,
  connectionType: 'mqtt-5',
  connectionStatus: 'open',
  uri: 'tcp://in.process:1883',
  ...more,
});
const authorizationContext = ['integration:pumps'];
const open = async (id, more) => {
  const create = { type: 'connectivity.commands:createConnection', connection: connection(id, more) };
  assert.equal((await hawser.ask('/system/sharding/connection', create)).status, 201);
  // creating answers before it connects, opening afterwards
  const reopen = { type: 'connectivity.commands:openConnection', connectionId: id };
  assert.equal((await hawser.ask('/system/sharding/connection', reopen)).status, 200);
};
await open('in', { sources: [{ addresses: ['pumps'], qos: 1, authorizationContext }] });
await open('out', {
  targets: [{ address: 'alarms', topics: ['_/_/things/live/messages'], qos: 1, authorizationContext }],
});

const alarm = (text) => ({
  topic: 'org.acme/pump-1/things/live/messages/alarm',
  headers: { 'response-required': false, 'content-type': 'text/plain' },
  path: '/inbox/messages/alarm',
  value: text,
});

// from a source, through Hawser, to a target
const settled = await broker.deliver('pumps', JSON.stringify(alarm('hot')));
assert.equal(settled, 'accepted');
assert.equal(seen[0][0], 'in');
// from this program to a target
await hawser.publish(alarm('cold'));

console.log('seen:', seen);
console.log(
  'published:',
  broker.published.map(({ address, text }) => [address, JSON.parse(text).value]),
);
assert.deepEqual(
  broker.published.map(({ text }) => JSON.parse(text).value),
  ['hot', 'cold'],
);
await hawser.stop();
