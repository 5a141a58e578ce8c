#!/usr/bin/env node
// Malformed requests over real sockets to the service with its default limits: truncated, oversize, of wrong encodings, deeply
// nested, with keys of the prototype, and plain garbage. The process must live, answer none with 500, log no error, and
// keep its memory. Exits 1 otherwise. Short form: --runs 2000.
// usage: node scripts/fuzz/http.mjs [--runs N] [--seed S]
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { randomOf } from '../random.mjs';
import { nodeOptions, service } from '../startCommand.mjs';
import { createHttpCases } from './httpCases.mjs';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '100000' }, seed: { type: 'string' } },
});
const runs = Number(values.runs);
const seed = Number(values.seed ?? Date.now() % 2 ** 32);
const LANES = 16;
/** Connections that came into being are deleted after so many requests. */
const CLEAN_EVERY = 1000;
/** Longer than the service may be silent to a client that has sent what it had. */
const ANSWER_MS = 20_000;
/** A short run is over before the process is warm. */
const MAX_GROWTH_MB = runs < 20_000 ? 150 : 60;

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const folder = mkdtempSync(join(tmpdir(), 'hawser-fuzz-http-'));
const next = createHttpCases(randomOf(seed), documentsOfVectors());
const statuses = new Map();
const failures = [];
const hawser = { url: '', pid: 0, errors: [], isAlive: true };

console.log(`fuzz:http seed ${seed}, ${runs} requests on ${LANES} sockets at a time`);
const child = await start();
try {
  await main();
} finally {
  child.kill('SIGTERM');
  await new Promise((resolve) => (hawser.isAlive ? child.once('close', resolve) : resolve()));
  rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failures.length > 0 ? 1 : 0;

async function main() {
  const started = performance.now();
  let sent = 0;
  let baseline;
  const lane = async () => {
    while (sent < runs && failures.length < 10 && hawser.isAlive) {
      const run = sent++;
      await tryOne(run, next());
      if (run % CLEAN_EVERY === CLEAN_EVERY - 1) await deleteAll();
      if (baseline === undefined && run >= runs / 5) baseline = memory();
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  if (!hawser.isAlive) failures.push('the process has ended');
  else await checkAfter(baseline);
  const counts = [...statuses]
    .sort(([a], [b]) => a - b)
    .map(([status, count]) => `${status || 'none'}: ${count}`);
  console.log(`answers by status: ${counts.join(', ')}`);
  for (const failure of failures) console.error(failure);
  console.log(
    `${sent} requests, ${failures.length} failures in ${((performance.now() - started) / 1000).toFixed(0)} s`,
  );
}

async function checkAfter(baseline) {
  await deleteAll();
  const now = memory();
  console.log(`RSS ${baseline.rssMb} MB after a fifth, ${now.rssMb} MB at the end; heap ${await heap()} MB`);
  if (now.rssMb - baseline.rssMb > MAX_GROWTH_MB)
    failures.push(`memory grew by ${now.rssMb - baseline.rssMb} MB`);
  for (const line of hawser.errors.slice(0, 5)) failures.push(`logged: ${line}`);
  if ((await fetch(`${hawser.url}/ready`)).status !== 200) failures.push('not ready any more');
}

async function tryOne(run, bytes) {
  const answer = await exchange(bytes);
  const found = [...answer.matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => Number(status));
  const status = found.at(-1) ?? 0;
  statuses.set(status, (statuses.get(status) ?? 0) + 1);
  const isFailed = found.includes(500) || /"status":500\b/.test(answer) || answer === 'late';
  if (isFailed)
    failures.push(
      `run ${run}: ${answer.slice(0, 600)}\n  for ${JSON.stringify(bytes.toString('latin1').slice(0, 1500))}`,
    );
}

/** All that comes back for these bytes; the client has said that it sends no more. */
function exchange(bytes) {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(hawser.url);
    const socket = connect(Number(port), hostname);
    const chunks = [];
    const done = (text) => {
      clearTimeout(timer);
      // without this the ports of closed connections would run out
      socket.resetAndDestroy();
      resolve(text);
    };
    const timer = setTimeout(() => done('late'), ANSWER_MS);
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.once('error', () => undefined);
    socket.once('close', () => done(Buffer.concat(chunks).toString('latin1')));
    socket.once('end', () => done(Buffer.concat(chunks).toString('latin1')));
    socket.end(bytes);
  });
}

async function piggyback(targetActorSelection, piggybackCommand) {
  const response = await fetch(`${hawser.url}/devops/piggyback`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from('devops:foobar').toString('base64')}` },
    body: JSON.stringify({ targetActorSelection, headers: { aggregate: false }, piggybackCommand }),
  });
  return await response.json();
}

async function deleteAll() {
  const { connectionIds = [] } = await piggyback('/user/connectivityRoot/connectionIdsRetrieval', {
    type: 'connectivity.commands:retrieveAllConnectionIds',
  });
  for (const connectionId of connectionIds)
    await piggyback('/system/sharding/connection', {
      type: 'connectivity.commands:deleteConnection',
      connectionId,
    });
}

function memory() {
  const kb = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${hawser.pid}/status`, 'utf8'))?.[1];
  return { rssMb: Math.round(Number(kb) / 1024) };
}

/** Of a report that the process writes on a signal. */
async function heap() {
  const reports = () => readdirSync(folder).filter((name) => name.startsWith('report.'));
  child.kill('SIGUSR2');
  for (let waited = 0; waited < 50 && reports().length === 0; waited++)
    await new Promise((resolve) => setTimeout(resolve, 100));
  await new Promise((resolve) => setTimeout(resolve, 300));
  const { javascriptHeap } = JSON.parse(readFileSync(join(folder, reports()[0]), 'utf8'));
  return Math.round(javascriptHeap.usedMemory / 2 ** 20);
}

function start() {
  const args = ['--report-on-signal', `--report-directory=${folder}`, ...nodeOptions, ...service];
  const env = {
    PATH: process.env.PATH,
    HAWSER_DATA: join(folder, 'data'),
    HTTP_PORT: '0',
    INSTANCE_INDEX: '1',
  };
  const started = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  started.once('close', () => {
    hawser.isAlive = false;
  });
  return new Promise((resolve, reject) => {
    createInterface({ input: started.stdout }).on('line', (line) => {
      if (line.includes('"level":"error"')) hawser.errors.push(line);
      if (hawser.url !== '' || !line.includes('"msg":"ready"')) return;
      hawser.url = JSON.parse(line).url;
      hawser.pid = started.pid;
      resolve(started);
    });
    started.once('close', (code) => reject(new Error(`ended with ${code}`)));
  });
}

function documentsOfVectors() {
  const vectors = join(root, 'packages/testkit/vectors/connections');
  return readdirSync(vectors).flatMap((file) =>
    JSON.parse(readFileSync(join(vectors, file), 'utf8')).map(({ connectionJson }) => connectionJson),
  );
}
