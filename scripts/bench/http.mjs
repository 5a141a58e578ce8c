#!/usr/bin/env node
// Requests per second of retrieveConnection through piggyback, beside a bare express POST with express.json(), the same
// check of the Authorization header and the same reply body; alternating runs, medians. Then 1,000 clients at once.
// usage: node scripts/bench/http.mjs [--smoke] [--profile]
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { nodeOptions, service } from '../startCommand.mjs';

const { values } = parseArgs({ options: { smoke: { type: 'boolean' }, profile: { type: 'boolean' } } });
const ROUNDS = values.smoke ? 1 : 3;
const SECONDS = values.smoke ? 2 : 8;
const CLIENTS = 50;
const MANY_CLIENTS = 1000;

const here = dirname(fileURLToPath(import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'hawser-bench-http-'));
const authorization = `Basic ${Buffer.from('devops:foobar').toString('base64')}`;
const headers = { authorization, 'content-type': 'application/json' };
const children = [];

const connection = {
  id: 'bench',
  name: 'bench',
  connectionType: 'mqtt',
  connectionStatus: 'closed',
  uri: 'tcp://user:password@localhost:1883',
  failoverEnabled: true,
  sources: [
    { addresses: ['telemetry/#'], qos: 1, authorizationContext: ['nginx:ditto'], payloadMapping: ['Ditto'] },
  ],
  targets: [
    {
      address: 'commands/{{ thing:id }}',
      qos: 1,
      topics: ['_/_/things/live/messages', '_/_/things/twin/events?filter=gt(attributes/counter,42)'],
      authorizationContext: ['nginx:ditto'],
    },
  ],
  tags: ['bench'],
};

try {
  await main();
} finally {
  for (const child of children) child.kill('SIGTERM');
  await Promise.all(children.map((child) => new Promise((resolve) => child.once('close', resolve))));
  rmSync(folder, { recursive: true, force: true });
}

async function main() {
  const hawser = await start([...(values.profile ? ['--cpu-prof'] : []), ...nodeOptions, ...service], {
    HAWSER_DATA: join(folder, 'data'),
    HTTP_PORT: '0',
  });
  const path = '/devops/piggyback/connectivity';
  await post(hawser + path, piggyback({ type: 'connectivity.commands:createConnection', connection }));
  const command = piggyback({
    type: 'connectivity.commands:retrieveConnection',
    connectionId: connection.id,
  });
  const reply = await post(hawser + path, command);
  const bare = await start([join(here, 'bareExpress.mjs')], { REPLY: reply });
  if ((await post(bare + path, command)) !== reply) throw new Error('the replies are not the same');

  const load = (url, connections) =>
    autocannon({ url: url + path, method: 'POST', headers, body: command, connections, duration: SECONDS });
  const ratios = [];
  const results = { bare: [], hawser: [] };
  for (let round = 0; round < ROUNDS; round++) {
    const ofBare = await withCpu(children[1], () => load(bare, CLIENTS));
    const ofHawser = await withCpu(children[0], () => load(hawser, CLIENTS));
    results.bare.push(checked(ofBare));
    results.hawser.push(checked(ofHawser));
    ratios.push(ofHawser.requests.average / ofBare.requests.average);
  }
  for (const name of ['bare', 'hawser']) {
    const rate = median(results[name].map(({ requests }) => requests.average));
    const p99 = median(results[name].map(({ latency }) => latency.p99));
    const cpu = cpuOf(results[name]).toFixed(3);
    console.log(
      `${name.padEnd(7)} ${Math.round(rate)} requests/s, p99 ${p99} ms, ${cpu} ms of CPU a request (${CLIENTS} clients)`,
    );
  }
  const ofCpu = cpuOf(results.bare) / cpuOf(results.hawser);
  console.log(
    `ratio ${median(ratios).toFixed(2)} (aim >= 0.5), median of ${ROUNDS}; by CPU a request ${ofCpu.toFixed(2)}`,
  );
  const many = await load(hawser, MANY_CLIENTS);
  console.log(
    `${MANY_CLIENTS} clients: ${Math.round(many.requests.average)} requests/s, p99 ${many.latency.p99} ms, ` +
      `${many.errors} errors, ${many.timeouts} time-outs, ${many.non2xx} answers that are not 2xx`,
  );
  if (many.errors + many.timeouts + many.non2xx > 0) process.exitCode = 1;
}

function cpuOf(results) {
  return median(results.map(({ cpuMs, requests }) => cpuMs / requests.total));
}

/** The processor time that the child took meanwhile: other work on the machine does not change it much. */
async function withCpu(child, run) {
  const before = cpuMs(child.pid);
  const result = await run();
  return { ...result, cpuMs: cpuMs(child.pid) - before };
}

function cpuMs(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  // user and system time in ticks of 10 ms
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function checked(result) {
  if (result.errors + result.non2xx > 0) throw new Error(`${result.errors} errors, ${result.non2xx} not 2xx`);
  return result;
}

function median(numbers) {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1];
}

function piggyback(piggybackCommand) {
  return JSON.stringify({
    targetActorSelection: '/system/sharding/connection',
    headers: { aggregate: false },
    piggybackCommand,
  });
}

async function post(url, body) {
  const response = await fetch(url, { method: 'POST', headers, body });
  const text = await response.text();
  if (!response.ok) throw new Error(`${response.status} ${text}`);
  return text;
}

/** Resolves to the URL in the line with `"msg":"ready"`. */
function start(args, env) {
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.includes('"msg":"ready"')) resolve(JSON.parse(line).url);
    });
    child.once('close', (code) => reject(new Error(`ended with ${code}`)));
  });
}
