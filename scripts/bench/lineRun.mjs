// The frame of benches that send messages through a line of MQTT QoS 1 → AMQP 0.9.1: servers, a device, a consumer, and
// the line in a process of its own.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Fleet } from '../servers/fleet.mjs';
import { nodeOptions } from '../startCommand.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(join(here, '../../packages/protocols/package.json'));
const amqp = require('amqplib');
const mqtt = require('mqtt');

const window = 500;

/** A line from which nothing has come for so long has lost what was sent to it, ms. */
const patienceMs = 20_000;

/**
 * What a shared machine does to one subject for seconds it does to all, when a run is cut into slices that they take in
 * turns. Long enough that filling the line and draining it weigh little.
 */
const sliceCount = 10_000;

/**
 * Measures each subject with `count` messages, `runs` times after a run to warm up: `{name: [{perSecond, cpuUs}]}`.
 * `profile`: a folder for CPU profiles of the lines.
 */
export async function compare(subjects, { runs, count, profile }) {
  const servers = await startServers();
  const results = Object.fromEntries(subjects.map(({ name }) => [name, []]));
  const running = new Map();
  try {
    for (const subject of subjects) running.set(subject.name, await start(subject, servers.ports, profile));
    for (let run = -1; run < runs; run++) {
      const sums = Object.fromEntries(subjects.map(({ name }) => [name, { ms: 0, cpuUs: 0 }]));
      for (let left = count; left > 0; left -= sliceCount) {
        for (const [name, each] of running) await measure(each, Math.min(left, sliceCount), sums[name]);
        // another one begins each time: what a broker does once a second must not meet the same one again and again
        const [first] = running;
        running.delete(first[0]);
        running.set(...first);
      }
      if (run < 0) continue;
      for (const [name, { ms, cpuUs }] of Object.entries(sums))
        results[name].push({ perSecond: (count / ms) * 1_000, cpuUs: cpuUs / count });
    }
    for (const each of running.values()) await each.stop();
  } finally {
    await servers.stop();
  }
  return results;
}

export const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];

/** A line a subject. */
export function printRates(results) {
  for (const [name, runs] of Object.entries(results)) {
    const rate = Math.round(median(runs.map(({ perSecond }) => perSecond)));
    const all = runs.map(({ perSecond }) => Math.round(perSecond)).join(' ');
    const cpuUs = median(runs.map(({ cpuUs }) => cpuUs)).toFixed(1);
    console.log(`${name}: ${rate} messages/s (${all}), ${cpuUs} µs CPU a message`);
  }
}

/** The median of what each run says: within one, the two took turns on the same machine in the same state. */
export const ratio = (results, name, baseline, of = ({ perSecond }) => perSecond) =>
  median(results[name].map((run, i) => of(run) / of(results[baseline][i])));

async function startServers() {
  const { HAWSER_TEST_MQTT_URL, HAWSER_TEST_AMQP_URL } = process.env;
  if (HAWSER_TEST_MQTT_URL && HAWSER_TEST_AMQP_URL) {
    return { ports: portsOf(process.env), stop: async () => {} };
  }
  const fleet = new Fleet(mkdtempSync(join(tmpdir(), 'hawser-bench-')));
  await fleet.up('mosquitto');
  await fleet.up('rabbitmq');
  return { ports: portsOf(fleet.env()), stop: () => fleet.down() };
}

export function portsOf(env) {
  return {
    MQTT_PORT: new URL(env.HAWSER_TEST_MQTT_URL).port,
    AMQP_PORT: new URL(env.HAWSER_TEST_AMQP_URL).port,
  };
}

/** Starts one subject in its own process, and a device and a consumer for it in this one. */
async function start(subject, ports, profile) {
  const { name } = subject;
  const queue = `hawser-bench-${name}-${process.pid}`;
  const topic = `hawser-bench/${name}/${process.pid}`;
  const broker = await amqp.connect(`amqp://guest:guest@127.0.0.1:${ports.AMQP_PORT}`);
  const channel = await broker.createChannel();
  await channel.assertQueue(queue, { durable: false });
  const consumer = { arrived: () => {} };
  await channel.consume(queue, (delivery) => delivery && consumer.arrived(), { noAck: true });
  const device = await mqtt.connectAsync(`mqtt://127.0.0.1:${ports.MQTT_PORT}`, {
    protocolVersion: 5,
    clientId: `hawser-bench-${name}-${process.pid}`,
    properties: { receiveMaximum: 65_535 },
  });
  // the servers end under them only when something has failed, which is what is to be told
  for (const client of [broker, device]) client.on('error', () => {});
  const line = await forkLine(subject, { ...ports, BRIDGE_QUEUE: queue, BRIDGE_TOPIC: topic }, profile);
  return {
    topic,
    device,
    consumer,
    cpu: async () => (await line.ask('cpu')).us,
    async stop() {
      line.exit();
      await channel.deleteQueue(queue);
      await broker.close();
      await device.endAsync();
    },
  };
}

/** A subject in its own process, ready for messages. @param places servers, queue and topic, as its environment names them */
export async function forkLine(subject, places, profile) {
  const { name, script = join(here, 'lineChild.mjs'), args = [], mapping = '', env = {} } = subject;
  const child = fork(script, args, {
    execArgv: optionsOf(subject, profile),
    env: { ...process.env, ...places, QOS: '1', ACK: 'deferred', MAPPING: mapping, ...env },
  });
  await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`${name} ended with ${code}`))),
  ]);
  return {
    async ask(what) {
      child.send(what);
      const [answer] = await once(child, 'message');
      return answer;
    },
    exit: () => child.send('exit'),
  };
}

/** The line runs as the service does, the bridge as its baseline says. */
function optionsOf({ mapping, execArgv = [] }, profile) {
  if (mapping === undefined) return execArgv;
  const profiling = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  return [...nodeOptions, ...execArgv, ...profiling];
}

/** Adds to `sum` what `count` messages take. */
async function measure({ topic, device, consumer, cpu }, count, sum) {
  let got = 0;
  const body = payload();
  await cpu();
  const started = performance.now();
  const all = new Promise((resolve, reject) => {
    const silence = setTimeout(() => reject(new Error(`${got} of ${count} messages arrived`)), patienceMs);
    consumer.arrived = () => {
      got++;
      silence.refresh();
      if (got < count) return;
      clearTimeout(silence);
      resolve();
    };
  });
  let sent = 0;
  let open = 0;
  const pump = () => {
    while (sent < count && open < window && sent - got < 4 * window) {
      sent++;
      open++;
      device.publish(topic, body, { qos: 1 }, () => {
        open--;
        if (open < window / 2) pump();
      });
    }
    if (sent < count && open === 0) setImmediate(pump);
  };
  pump();
  await all;
  sum.ms += performance.now() - started;
  sum.cpuUs += await cpu();
}

/** 200 bytes: a live message. */
export function payload() {
  const head =
    '{"topic":"org.example/t1/things/live/messages/m","headers":{"response-required":false},"path":"/inbox/messages/m","value":"';
  return Buffer.from(`${head}${'x'.repeat(200 - head.length - 2)}"}`);
}
