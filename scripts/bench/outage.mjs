#!/usr/bin/env node
// Memory of a line whose target is gone while its source goes on: MQTT QoS 1 → AMQP 0.9.1 with scripts on both sides, RabbitMQ
// stopped. What is under way is bounded, so that memory stays as it was after the first moments. At the end RabbitMQ comes
// back, and messages arrive again.
// usage: node scripts/bench/outage.mjs [--seconds N]
import { mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Fleet } from '../servers/fleet.mjs';
import { forkLine, median, payload, portsOf } from './lineRun.mjs';

const require = createRequire(join(import.meta.dirname, '../../packages/protocols/package.json'));
const amqp = require('amqplib');
const mqtt = require('mqtt');
const { values } = parseArgs({ options: { seconds: { type: 'string', default: '300' } } });
const seconds = Number(values.seconds);
const queue = `hawser-bench-outage-${process.pid}`;
const topic = `hawser-bench/outage/${process.pid}`;
const perSecond = 2_000;
const arrivalMs = 120_000;
/** Of the time, before the line has settled in: what is under way has to pile up first. */
const settling = 0.25;

const fleet = new Fleet(mkdtempSync(join(tmpdir(), 'hawser-bench-')));
try {
  await fleet.up('mosquitto');
  await fleet.up('rabbitmq');
  const ports = portsOf(fleet.env());
  await withChannel(ports, (channel) => channel.assertQueue(queue, { durable: true }));
  const subject = { name: 'outage', mapping: 'JavaScript', execArgv: ['--expose-gc'] };
  const line = await forkLine(subject, { ...ports, BRIDGE_QUEUE: queue, BRIDGE_TOPIC: topic });
  const device = await mqtt.connectAsync(`mqtt://127.0.0.1:${ports.MQTT_PORT}`, { protocolVersion: 5 });
  const stopDevice = publishTo(device);
  await arrival(ports);
  await fleet.stop('rabbitmq', 'SIGKILL');
  report(await sample(line));
  await fleet.up('rabbitmq');
  await arrival(ports);
  console.log('messages arrive again');
  stopDevice();
  await device.endAsync();
  line.exit();
} finally {
  await fleet.down();
}

/** Some messages in each turn, whoever takes them. */
function publishTo(device) {
  const body = payload();
  const timer = setInterval(() => {
    for (let i = 0; i < perSecond / 20; i++) device.publish(topic, body, { qos: 1 });
  }, 50);
  return () => clearInterval(timer);
}

async function withChannel(ports, use) {
  const connection = await amqp.connect(`amqp://guest:guest@127.0.0.1:${ports.AMQP_PORT}`);
  try {
    return await use(await connection.createChannel());
  } finally {
    await connection.close();
  }
}

/** Resolves with the thousandth message. @throws Error when it does not come in time */
async function arrival(ports) {
  await withChannel(ports, async (channel) => {
    let count = 0;
    const thousand = new Promise((resolve) => {
      channel.consume(queue, () => ++count === 1_000 && resolve(), { noAck: true });
    });
    const late = pause(arrivalMs, undefined, { ref: false }).then(() => {
      throw new Error(`${count} of 1000 messages have arrived in ${arrivalMs / 1_000} s`);
    });
    await Promise.race([thousand, late]);
  });
}

async function sample(line) {
  const samples = [];
  const until = performance.now() + seconds * 1_000;
  while (performance.now() < until) {
    samples.push(await line.ask('memory'));
    await pause(Math.min(5_000, seconds * 25));
  }
  return samples;
}

function report(samples) {
  const settled = samples.slice(Math.ceil(samples.length * settling));
  const third = Math.ceil(settled.length / 3);
  for (const kind of ['heap', 'rss']) {
    const megabytes = (part) => median(part.map((each) => each[kind])) / 1e6;
    const [first, last] = [megabytes(settled.slice(0, third)), megabytes(settled.slice(-third))];
    console.log(
      `${kind} in ${seconds} s without RabbitMQ: ${first.toFixed(1)} MB, at the end ${last.toFixed(1)} MB, ratio ${(last / first).toFixed(2)} (aim ≤ 1.1)`,
    );
  }
}
