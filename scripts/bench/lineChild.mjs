// The line in its own process, as the bridge bench drives it: MQTT source → AMQP 0.9.1 target, told by the environment.
import { randomUUID } from 'node:crypto';
import { createClientSessions, defaultLineConfig, InProcessTwin } from '@hawser/actors';
import { builtInEngines, compileConnection, defaultPipelineLimits, parseConnection } from '@hawser/core';
import { amqp091Adapter, mqttAdapter } from '@hawser/protocols';

const { MQTT_PORT, AMQP_PORT, BRIDGE_QUEUE, BRIDGE_TOPIC, QOS, MAPPING } = process.env;
const quiet = { trace() {}, debug() {}, info() {}, warn() {}, error() {}, child: () => quiet };
const clock = {
  now: Date.now,
  monotonic: () => performance.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs).unref();
    return () => clearTimeout(timer);
  },
};
const environment = {
  now: Date.now,
  newId: randomUUID,
  engines: builtInEngines,
  limits: defaultPipelineLimits,
};
const sessions = createClientSessions({
  adapters: [mqttAdapter, amqp091Adapter],
  compile: (connection) => compileConnection(connection, environment),
  dispatcher: new InProcessTwin(),
  clock,
  log: quiet,
  config: defaultLineConfig,
  createId: randomUUID,
});
const authorizationContext = ['bench:subject'];
/** RawMessage has to be told what message the bytes are. */
const mappingDefinitions = {
  RawMessage: {
    mappingEngine: 'RawMessage',
    options: {
      incomingMessageHeaders: {
        'content-type': 'application/octet-stream',
        'ditto-message-direction': 'TO',
        'ditto-message-subject': 'm',
        'ditto-message-thing-id': 'org.example:t1',
      },
    },
  },
};
const connections = [
  {
    id: `bench-target-${process.pid}`,
    connectionType: 'amqp-091',
    connectionStatus: 'open',
    uri: `amqp://guest:guest@127.0.0.1:${AMQP_PORT}`,
    targets: [
      {
        address: `/${BRIDGE_QUEUE}`,
        topics: ['_/_/things/live/messages'],
        authorizationContext,
        payloadMapping: [MAPPING],
      },
    ],
  },
  {
    id: `bench-source-${process.pid}`,
    connectionType: 'mqtt-5',
    connectionStatus: 'open',
    uri: `tcp://127.0.0.1:${MQTT_PORT}`,
    sources: [
      {
        addresses: [BRIDGE_TOPIC],
        qos: Number(QOS),
        authorizationContext,
        payloadMapping: [MAPPING],
        // a raw message cannot say itself that it wants no answer
        ...(MAPPING === 'RawMessage' ? { headerMapping: { 'response-required': 'false' } } : {}),
      },
    ],
  },
].map((json) => parseConnection({ ...json, mappingDefinitions }));
for (const connection of connections) {
  const session = sessions.create(connection, 0, () => {});
  session.monitor.enableLogs(Date.now() + 86_400_000);
  await session.open();
}

let before = process.cpuUsage();
process.on('message', (what) => {
  if (what !== 'cpu') process.exit(0);
  const { user, system } = process.cpuUsage(before);
  before = process.cpuUsage();
  process.send({ us: user + system });
});
process.send('ready');
