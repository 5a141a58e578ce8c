#!/usr/bin/env node
// One command to see Hawser work: the service on its embedded journal, an MQTT broker in this process, two connections,
// a few device messages and what became of them. Keeps running until Ctrl-C; `--once` ends it with exit code 0.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Aedes } from 'aedes';
import mqtt from 'mqtt';
import { nodeOptions, service } from './startCommand.mjs';

const once = process.argv.includes('--once');
const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const data = resolve(process.env.HAWSER_DATA ?? join(root, 'data', 'quickstart'));
const auth = `Basic ${Buffer.from('devops:foobar').toString('base64')}`;

const broker = await startBroker();
const hawser = await startHawser();
const stop = async (code) => {
  hawser.child.kill('SIGTERM');
  await hawser.exited;
  await broker.close();
  process.exit(code);
};
process.once('SIGINT', () => void stop(0));
process.once('SIGTERM', () => void stop(0));

try {
  await run();
} catch (error) {
  console.error(error.message);
  await stop(1);
}
if (once) await stop(0);
console.log(
  '\nIt keeps running: publish to',
  `mqtt://127.0.0.1:${broker.port}`,
  'or send it commands. Ctrl-C ends it.',
);

async function run() {
  console.log(`broker   mqtt://127.0.0.1:${broker.port} (in this process)`);
  console.log(`hawser   ${hawser.url} (user devops, password foobar)`);
  console.log(`data     ${data}\n`);
  for (const connection of [target(), source()]) {
    await command({ type: 'connectivity.commands:modifyConnection', connection });
    // a new connection is answered before it is open: what came until then would be nobody's
    await command({ type: 'connectivity.commands:openConnection', connectionId: connection.id });
  }

  const device = await mqtt.connectAsync(`mqtt://127.0.0.1:${broker.port}`);
  const received = [];
  device.on('message', (topic, payload) => received.push({ topic, message: JSON.parse(payload.toString()) }));
  await device.subscribeAsync('app/#', { qos: 1 });
  const temperatures = [20.5, 21.0, 21.7];
  for (const [i, temperature] of temperatures.entries()) {
    await device.publishAsync(
      `devices/sensor-${i + 1}/telemetry`,
      protocolMessage(`sensor-${i + 1}`, temperature),
      { qos: 1 },
    );
  }
  await until(() => received.length === temperatures.length, 'the mapped messages');

  table(
    ['arrived on', 'thing', 'value'],
    received.map(({ topic, message }) => [topic, thingOf(message.topic), JSON.stringify(message.value)]),
  );
  const rows = [];
  for (const connectionId of ['devices-in', 'app-out']) {
    const status = await command({ type: 'connectivity.commands:retrieveConnectionStatus', connectionId });
    rows.push([
      connectionId,
      status.connectionStatus,
      status.liveStatus,
      status.clientStatus?.[0]?.statusDetails ?? '',
    ]);
  }
  table(['connection', 'wanted', 'is', 'details'], rows);
  await device.endAsync();
}

/** Devices publish to `devices/<id>/telemetry`; what they send is enforced to be about themselves. */
function source() {
  return {
    id: 'devices-in',
    name: 'Devices',
    connectionType: 'mqtt',
    connectionStatus: 'open',
    uri: `tcp://127.0.0.1:${broker.port}`,
    sources: [
      {
        addresses: ['devices/+/telemetry'],
        qos: 1,
        authorizationContext: ['quickstart:app'],
        enforcement: { input: '{{ source:address }}', filters: ['devices/{{ thing:name }}/telemetry'] },
      },
    ],
  };
}

/** Every live message leaves to `app/<thing>`. */
function target() {
  return {
    id: 'app-out',
    name: 'Application',
    connectionType: 'mqtt',
    connectionStatus: 'open',
    uri: `tcp://127.0.0.1:${broker.port}`,
    targets: [
      {
        address: 'app/{{ thing:name }}',
        qos: 1,
        topics: ['_/_/things/live/messages'],
        authorizationContext: ['quickstart:app'],
      },
    ],
  };
}

function protocolMessage(name, temperature) {
  return JSON.stringify({
    topic: `org.example/${name}/things/live/messages/temperature`,
    headers: { 'content-type': 'application/json', 'response-required': false },
    path: '/outbox/messages/temperature',
    value: { temperature },
  });
}

function thingOf(topic) {
  return topic.split('/').slice(0, 2).join(':');
}

async function command(piggybackCommand) {
  const response = await fetch(`${hawser.url}/devops/piggyback/connectivity`, {
    method: 'POST',
    headers: { authorization: auth, 'content-type': 'application/json' },
    body: JSON.stringify({
      targetActorSelection: '/system/sharding/connection',
      headers: { aggregate: false, timeout: '60s' },
      piggybackCommand,
    }),
  });
  const answer = await response.json();
  if (!(answer?.status < 400))
    throw new Error(`${piggybackCommand.type} was refused: ${JSON.stringify(answer)}`);
  return answer;
}

async function startBroker() {
  const aedes = await Aedes.createBroker();
  const server = createServer(aedes.handle);
  await new Promise((done) =>
    server.listen(Number(process.env.QUICKSTART_MQTT_PORT ?? 0), '127.0.0.1', done),
  );
  return {
    port: server.address().port,
    close: () => new Promise((done) => aedes.close(() => server.close(done))),
  };
}

async function startHawser() {
  const child = spawn(process.execPath, [...nodeOptions, ...service], {
    env: { ...process.env, HAWSER_DATA: data, HTTP_PORT: process.env.HTTP_PORT ?? '0', MONGO_DB_URI: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise((done) => child.once('exit', done));
  const url = await new Promise((done, refuse) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const entry = JSON.parse(line);
      if (entry.level === 'error') console.error(line);
      if (entry.msg === 'ready') done(entry.url);
    });
    exited.then((code) => refuse(new Error(`hawser ended with code ${code}`)));
  });
  return { child, exited, url };
}

async function until(condition, what) {
  const deadline = Date.now() + 15_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`${what} did not arrive within 15 s`);
    await new Promise((done) => setTimeout(done, 20));
  }
}

function table(head, rows) {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => String(row[i]).length)));
  const line = (cells) => cells.map((cell, i) => String(cell).padEnd(widths[i])).join('  ');
  console.log(
    [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line), ''].join('\n'),
  );
}
