// A transport in memory: a source that always has messages, and targets that take them at once.

/** Serves MQTT connections. `run(n)` delivers n messages to the connection with sources, at most 500 unsettled. */
export function loopback() {
  let source;
  const counts = { published: 0, settled: 0 };
  const adapter = {
    connectionTypes: ['mqtt', 'mqtt-5'],
    createClient: (connection, events) => ({
      open: async () => {
        if (connection.sources.length > 0) source = { connection, events };
      },
      publish: async () => {
        counts.published++;
        return { status: 200 };
      },
      resources: () => [],
      stopConsuming: async () => undefined,
      close: async () => undefined,
    }),
    test: async () => undefined,
  };
  const origin = { sourceIndex: 0, configuredAddress: 'in', address: 'in' };
  const run = async (messages, isWanted = () => true) => {
    const text = JSON.stringify(liveMessage);
    let sent = 0;
    let unsettled = 0;
    const settle = () => {
      unsettled--;
      counts.settled++;
    };
    while ((sent < messages || unsettled > 0) && isWanted()) {
      for (let i = 0; i < 64 && sent < messages && unsettled < 500; i++) {
        sent++;
        unsettled++;
        source.events.message({ headers: {}, text }, origin, settle);
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { adapter, counts, run };
}

const liveMessage = {
  topic: 'org.acme/pump-1/things/live/messages/alarm',
  headers: { 'response-required': false, 'content-type': 'text/plain' },
  path: '/inbox/messages/alarm',
  value: 'x'.repeat(200),
};

const authorizationContext = ['a:b'];
const common = { connectionType: 'mqtt', connectionStatus: 'closed', uri: 'tcp://in.process:1883' };
/** One connection that receives, one that sends. */
export const bridge = [
  { ...common, id: 'in', sources: [{ addresses: ['in'], qos: 1, authorizationContext }] },
  {
    ...common,
    id: 'out',
    targets: [{ address: 'out', qos: 1, topics: ['_/_/things/live/messages'], authorizationContext }],
  },
];
