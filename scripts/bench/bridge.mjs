#!/usr/bin/env node
// Messages per second of the line, MQTT QoS 1 → AMQP 0.9.1 with confirm, PUBACK after the confirm, beside the
// hand-written bridge of limits/bridge.js with the same acknowledgement semantics, in turns in the same run.
// The line maps with the Ditto mapper (the messages are Ditto Protocol) and with RawMessage (they are any bytes).
// usage: node scripts/bench/bridge.mjs [--smoke] [--runs N] [--count N] [--profile FOLDER]
// Servers: HAWSER_TEST_MQTT_URL and HAWSER_TEST_AMQP_URL, else started here.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Fleet } from '../servers/fleet.mjs';

const { values } = parseArgs({
  options: {
    runs: { type: 'string' },
    count: { type: 'string' },
    smoke: { type: 'boolean', default: false },
    profile: { type: 'string' },
  },
});
const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(join(here, '../../packages/protocols/package.json'));
const amqp = require('amqplib');
const mqtt = require('mqtt');

const count = Number(values.count ?? (values.smoke ? 1_000 : 10_000));
const runs = Number(values.runs ?? (values.smoke ? 1 : 3));
const window = 500;
const line = join(here, 'lineChild.mjs');
const subjects = [
  { name: 'bridge', script: join(here, 'limits/bridge.js'), args: ['bridge'] },
  { name: 'Ditto', script: line, args: [], mapping: 'Ditto', aim: 0.7 },
  { name: 'RawMessage', script: line, args: [], mapping: 'RawMessage', aim: 0.8 },
];

const servers = await startServers();
try {
  const results = Object.fromEntries(subjects.map(({ name }) => [name, []]));
  for (const subject of subjects) subject.running = await start(subject, servers.ports);
  for (let run = -1; run < runs; run++) {
    for (const { name, running } of subjects) {
      const result = await measure(running);
      if (run >= 0) results[name].push(result);
    }
  }
  report(results);
  for (const { running } of subjects) await running.stop();
} finally {
  await servers.stop();
}

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

function portsOf(env) {
  return {
    MQTT_PORT: new URL(env.HAWSER_TEST_MQTT_URL).port,
    AMQP_PORT: new URL(env.HAWSER_TEST_AMQP_URL).port,
  };
}

/** Starts one subject in its own process, and a device and a consumer for it in this one. */
async function start({ name, script, args, mapping = '' }, ports) {
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
  const child = fork(script, args, {
    execArgv: values.profile && mapping ? ['--cpu-prof', `--cpu-prof-dir=${values.profile}`] : [],
    env: {
      ...process.env,
      ...ports,
      BRIDGE_QUEUE: queue,
      BRIDGE_TOPIC: topic,
      QOS: '1',
      ACK: 'deferred',
      MAPPING: mapping,
    },
  });
  await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => Promise.reject(new Error(`${name} ended with ${code}`))),
  ]);
  return {
    topic,
    device,
    consumer,
    async cpu() {
      child.send('cpu');
      const [{ us }] = await once(child, 'message');
      return us;
    },
    async stop() {
      child.send('exit');
      await channel.deleteQueue(queue);
      await broker.close();
      await device.endAsync();
    },
  };
}

async function measure({ topic, device, consumer, cpu }) {
  let got = 0;
  const body = payload();
  await cpu();
  const started = performance.now();
  const all = new Promise((resolve) => {
    consumer.arrived = () => {
      got++;
      if (got === count) resolve();
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
  await withinMinutes(2, all);
  const ms = performance.now() - started;
  return { perSecond: (count / ms) * 1_000, cpuUs: (await cpu()) / count };
}

/** A run in which a message does not arrive must end too. */
async function withinMinutes(minutes, work) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${minutes} minutes`)), minutes * 60_000);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}

/** 200 bytes: a live message. */
function payload() {
  const head =
    '{"topic":"org.example/t1/things/live/messages/m","headers":{"response-required":false},"path":"/inbox/messages/m","value":"';
  return Buffer.from(`${head}${'x'.repeat(200 - head.length - 2)}"}`);
}

function report(results) {
  const median = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
  const rows = Object.entries(results).map(([name, runs]) => ({
    name,
    perSecond: Math.round(median(runs.map(({ perSecond }) => perSecond))),
    runs: runs.map(({ perSecond }) => Math.round(perSecond)).join(' '),
    cpuUs: median(runs.map(({ cpuUs }) => cpuUs)).toFixed(1),
  }));
  for (const { name, perSecond, runs, cpuUs } of rows) {
    console.log(`${name}: ${perSecond} messages/s (${runs}), ${cpuUs} µs CPU a message`);
  }
  const [bridge, ...lines] = rows;
  for (const { name, perSecond } of lines) {
    const { aim } = subjects.find((subject) => subject.name === name);
    console.log(`${name}: ${(perSecond / bridge.perSecond).toFixed(2)} of the bridge (aim ≥ ${aim})`);
  }
}
