// The line in its own process, as the bridge bench drives it: MQTT source → AMQP 0.9.1 target, told by the environment.
import { randomUUID } from 'node:crypto';
import { createClientSessions, defaultLineConfig, InProcessTwin } from '@hawser/actors';
import { amqp091Adapter, mqttAdapter } from '@hawser/protocols';
import { fakeCompile } from '../../packages/testkit/dist/adapters/fakeCompile.js';
import {
  sampleConnection,
  sampleSource,
  sampleTarget,
} from '../../packages/testkit/dist/adapters/sampleConnection.js';
import { silentLog } from '../../packages/testkit/dist/adapters/silentLog.js';
import { realClock } from '../../packages/testkit/dist/fakes/realClock.js';

const { MQTT_PORT, AMQP_PORT, BRIDGE_QUEUE, BRIDGE_TOPIC, QOS } = process.env;
const sessions = createClientSessions({
  adapters: [mqttAdapter, amqp091Adapter],
  compile: fakeCompile,
  dispatcher: new InProcessTwin(),
  clock: realClock,
  log: silentLog,
  config: defaultLineConfig,
  createId: randomUUID,
});
const connections = [
  sampleConnection({
    id: `bench-target-${process.pid}`,
    connectionType: 'amqp-091',
    uri: `amqp://guest:guest@127.0.0.1:${AMQP_PORT}`,
    targets: [sampleTarget({ address: `/${BRIDGE_QUEUE}` })],
  }),
  sampleConnection({
    id: `bench-source-${process.pid}`,
    connectionType: 'mqtt-5',
    uri: `tcp://127.0.0.1:${MQTT_PORT}`,
    sources: [sampleSource({ addresses: [BRIDGE_TOPIC], qos: Number(QOS) })],
  }),
];
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
