// The line in its own process, as the bridge bench drives it: MQTT source → AMQP 0.9.1 target, told by the environment.
import { fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import {
  createClientSessions,
  defaultLineConfig,
  Monitor,
  SampledTiming,
  SignalRouter,
} from '@hawser/actors';
import {
  builtInEngines,
  compileConnection,
  defaultPipelineLimits,
  javaScriptEngine,
  parseConnection,
} from '@hawser/core';
import { amqp091Adapter, mqttAdapter } from '@hawser/protocols';
import { createScriptEngine } from '@hawser/service/scripts';

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
  engines: [...builtInEngines, javaScriptEngine(createScriptEngine({}, quiet))],
  limits: defaultPipelineLimits,
};
const { OBSERVE = 'logs' } = process.env;
const observed = OBSERVE === 'fluentd' ? await fluentd() : {};
if (OBSERVE === 'off') switchOff();
const sessions = createClientSessions({
  ...(OBSERVE === 'traced' ? { tracer: await tracer() } : {}),
  adapters: [mqttAdapter, amqp091Adapter],
  compile: (connection) => compileConnection(connection, environment),
  dispatcher: new SignalRouter(),
  clock,
  log: quiet,
  config: { ...defaultLineConfig, ...observed },
  createId: randomUUID,
});
const authorizationContext = ['bench:subject'];
/** RawMessage has to be told what message the bytes are. */
const mappingDefinitions = {
  JavaScript: {
    mappingEngine: 'JavaScript',
    options: {
      incomingScript: `function mapToDittoProtocolMsg(headers, text, bytes) {
        return JSON.parse(text ?? Ditto.arrayBufferToString(bytes));
      }`,
      outgoingScript: `function mapFromDittoProtocolMsg(namespace, name, group, channel, criterion, action, path, headers, value) {
        return Ditto.buildExternalMsg({ device: name }, JSON.stringify({ value }), null, 'application/json');
      }`,
    },
  },
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
  if (OBSERVE !== 'muted') session.monitor.enableLogs(Date.now() + 86_400_000);
  await session.open();
}

let before = process.cpuUsage();
const answers = {
  cpu() {
    const { user, system } = process.cpuUsage(before);
    before = process.cpuUsage();
    return { us: user + system };
  },
  /** Bytes after a collection (`--expose-gc`). */
  memory() {
    globalThis.gc?.();
    const { rss, heapUsed, external } = process.memoryUsage();
    return { rss, heap: heapUsed + external };
  },
};
process.on('message', (what) => {
  if (what === 'exit') process.exit(0);
  process.send(answers[what]());
});
process.once('disconnect', () => process.exit(1));
process.send('ready');

/** A line that counts nothing and logs nothing: what the others are compared with. */
function switchOff() {
  const nothing = () => {};
  const zero = () => 0;
  const methods = { inbound: nothing, outbound: nothing, logOnly: nothing, settled: nothing };
  Object.assign(Monitor.prototype, { ...methods, received: zero, now: zero });
}

/** Publishing to a receiver that takes everything, in a process of its own. */
async function fluentd() {
  const { FluentdForwarder } = await import('../../packages/service/dist/observe/fluentdForwarder.js');
  const { openForwardSession } = await import('../../packages/service/dist/observe/forwardSender.js');
  const { createLogPublisher } = await import('../../packages/service/dist/observe/logPublisher.js');
  const sink = fork(fileURLToPath(new URL('tcpSink.mjs', import.meta.url)));
  const [port] = await once(sink, 'message');
  process.once('exit', () => sink.kill());
  const forwarder = new FluentdForwarder({
    clock,
    log: quiet,
    open: () => openForwardSession({ host: '127.0.0.1', port, tls: false, acknowledged: false }),
    limits: {
      maxBufferBytes: 67_108_864,
      maxBatchBytes: 1_048_576,
      flushIntervalMs: 600,
      batchTimeoutMs: 10_000,
      minRetryMs: 400,
      maxRetryMs: 5_000,
    },
  });
  const levels = ['success', 'failure'];
  const prepared = new SampledTiming(clock.monotonic);
  const options = {
    forwarder,
    prepared,
    tag: '',
    levels,
    withContext: false,
    instanceId: 'bench',
    additional: {},
  };
  return { publishLog: createLogPublisher(options) };
}

/** A tenth of the traces, to nobody. */
async function tracer() {
  const { createTracing } = await import('../../packages/service/dist/observe/tracing.js');
  const send = async () => {};
  const names = { serviceName: 'bench', instance: '1' };
  return createTracing({ clock, log: quiet, ...names, ratio: 0.1, maxSpans: 10_000, send }).tracer;
}
