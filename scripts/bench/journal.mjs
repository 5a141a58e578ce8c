#!/usr/bin/env node
// What the stores cost beside what lies below them, as ratios of one run: appends on lmdb, creates through the whole path,
// appends on the MongoDB wire. The raw speed of this machine's disk: node scripts/bench/limits/store.js lmdb
// usage: node scripts/bench/journal.mjs [--runs N] [--count N] [--smoke] [--only lmdb|create|mongodb]
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  builtInEngines,
  checkClientConfiguration,
  compileConnection,
  defaultPipelineLimits,
  defaultSecretPointers,
  encryptSecrets,
  javaScriptEngine,
  journalPayload,
  parseConnection,
  parseJson,
  stringifyJson,
  validateConnection,
} from '@hawser/core';
import { LmdbStore, MongoStore } from '@hawser/persistence';
import { open } from 'lmdb';
import { MongoClient } from 'mongodb';
import { validationConfigOf } from '../../packages/service/dist/componentConfig.js';
import { composeEngine } from '../../packages/service/dist/composeEngine.js';
import { loadConfig } from '../../packages/service/dist/config/config.js';
import { createScriptEngine } from '../../packages/service/dist/scripts/scriptEngine.js';
import { systemClock as clock } from '../../packages/service/dist/systemClock.js';
import { Fleet, whyMissing } from '../servers/fleet.mjs';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    count: { type: 'string', default: '40000' },
    smoke: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});
const runs = values.smoke ? 1 : Number(values.runs);
const count = values.smoke ? 1000 : Number(values.count);
const IN_FLIGHT = 200;
/** As the service's store encrypts events. */
const SECRETS = { pointers: defaultSecretPointers, prefix: '/connection', wholeSecrets: true };
/** A loaded machine must not open the breaker. */
const PATIENT = { maxFailures: 5, callTimeoutMs: 120_000, resetTimeoutMs: 1_000 };
const folder = mkdtempSync(join(tmpdir(), 'hawser-journal-'));
const log = {
  debug() {},
  info() {},
  warn() {},
  error: console.error,
  child: () => log,
  level: () => 'error',
};

const benches = { lmdb: benchLmdb, create: benchCreate, mongodb: benchMongo };
try {
  for (const [name, bench] of Object.entries(benches))
    if (values.only === undefined || values.only === name) await bench();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);

/** Appends through the store's interface against group commits of the same bytes. */
async function benchLmdb() {
  const text = stringifyJson(record('connection:c1', 1));
  const ratios = [];
  for (let run = 0; run < runs; run++) {
    const raw = open({ path: join(folder, `raw-${run}`), encoding: 'binary' });
    const bytes = Buffer.alloc(Buffer.byteLength(text) + 8, text);
    const rawRate = await rate(count, async (worker, n) => {
      await raw.put([`connection:c${worker}`, n], bytes);
      await raw.flushed;
    });
    await raw.close();
    const store = new LmdbStore({ folder: join(folder, `store-${run}`), clock, log });
    await store.open();
    const storeRate = await rate(count, (worker, n) =>
      store.journal.append([entry(`connection:c${worker}`, n)]),
    );
    await store.close();
    ratios.push(show(`append on lmdb, ${IN_FLIGHT} in flight`, storeRate, rawRate, 'raw group commit'));
  }
  verdict('append on lmdb', median(ratios), '>=', 0.5);
}

/**
 * Creates of a closed connection, answered when durable, against loops without an actor that commit the same JSON. `plain`
 * parses, checks the rules of `validateConnection` and serialises; `loop` checks all that the service checks (its configured
 * rules, and that a client and a line can be made) and encrypts the secrets as the service does. The aim is for `loop`.
 */
async function benchCreate() {
  const texts = (prefix, n) =>
    Array.from({ length: n }, (_, i) => stringifyJson(connection(`${prefix}${i}`)));
  const creates = Math.max(200, count / 10);
  const ratios = [];
  const plainRatios = [];
  const singles = [];
  const checks = serviceChecks();
  for (let run = 0; run < runs; run++) {
    const raw = open({ path: join(folder, `raw-create-${run}`), encoding: 'binary' });
    const commit = async (id, event) => {
      const bytes = Buffer.from(stringifyJson(record(`connection:${id}`, 1, event)));
      await raw.put([`connection:${id}`, 1], bytes);
      await raw.flushed;
    };
    const plain = async (text) => {
      const parsed = parseConnection(parseJson(text));
      validateConnection(parsed);
      await commit(parsed.id, created(parsed));
    };
    const loop = async (text) => {
      const parsed = parseConnection(parseJson(text));
      checks.validate(parsed);
      await commit(parsed.id, encryptSecrets(created(parsed), SECRETS, checks.key));
    };
    const engine = await startEngine(join(folder, `engine-${run}`));
    const create = async (text) => {
      const command = { type: 'connectivity.commands:createConnection', connection: parseJson(text) };
      const reply = await engine.commands.ask('/system/sharding/connection', command, {}, 60_000);
      if (reply.status !== 201) throw new Error(JSON.stringify(reply.json));
    };
    for (const [name, warm] of [
      ['w', loop],
      ['u', plain],
      ['v', create],
    ])
      await allOf(texts(name, 200), warm);
    const [loopRate, loopCpu] = await withCpu(texts('l', creates), loop);
    const [plainRate, plainCpu] = await withCpu(texts('p', creates), plain);
    const [createRate, createCpu] = await withCpu(texts('c', creates), create);
    ratios.push(show(`create, ${IN_FLIGHT} in flight`, createRate, loopRate, 'loop without an actor'));
    plainRatios.push(show('  of these', createRate, plainRate, 'plain loop, no line, no encryption'));
    const cpu = [createCpu, loopCpu, plainCpu].map((ms) => ms.toFixed(2));
    console.log(`  CPU of one: create ${cpu[0]} ms, loop ${cpu[1]} ms, plain loop ${cpu[2]} ms`);
    singles.push(await single(raw, loop, create, texts('s', 200), texts('t', 200)));
    await engine.stop();
    await raw.close();
  }
  verdict('create through the whole path', median(ratios), '>=', 0.5);
  console.log(`   beside the plain loop: ${median(plainRatios).toFixed(2)}`);
  verdict('p50 of one create / (raw put + CPU of the loop)', median(singles), '<=', 2);
}

/** What the service checks before it stores a connection, and a key like the one that it makes. */
function serviceChecks() {
  const { config } = loadConfig({ env: {} });
  const engines = [...builtInEngines, javaScriptEngine(createScriptEngine({}, log))];
  const validation = { ...validationConfigOf(config, () => ({ failure: 'not looked up' })), engines };
  const environment = { now: clock.now, newId: randomUUID, engines, limits: defaultPipelineLimits };
  return {
    validate(parsed) {
      validateConnection(parsed, validation);
      checkClientConfiguration(parsed);
      compileConnection(parsed, environment);
    },
    key: randomBytes(32).toString('base64url'),
  };
}

/** What the journal holds of a connection that was created. */
function created(parsed) {
  const now = new Date(clock.now()).toISOString();
  const stored = { ...parsed, lifecycle: 'ACTIVE', revision: 1, created: now, modified: now };
  return journalPayload({
    type: 'connectivity.events:connectionCreated',
    connectionId: parsed.id,
    revision: 1,
    timestamp: now,
    metadata: undefined,
    connection: stored,
  });
}

/** One create at a time: its median against a raw durable put and the CPU time of the loop. */
async function single(raw, loop, create, loopTexts, createTexts) {
  const put = await putAlone(raw, createTexts);
  // as the store syncs: the page that makes a commit visible is written after all others are on disk
  const ordered = open({ path: join(folder, 'ordered'), encoding: 'binary', overlappingSync: false });
  const orderedPut = await putAlone(ordered, createTexts);
  await ordered.close();
  const [, cpuMs] = await withCpu(loopTexts, loop);
  const times = [];
  for (const text of createTexts) times.push(await timed(() => create(text)));
  const p50 = median(times);
  console.log(
    `one create: p50 ${p50.toFixed(2)} ms; raw put ${put.toFixed(2)} ms (${orderedPut.toFixed(2)} ms with ordered syncs, ` +
      `ratio ${(p50 / (orderedPut + cpuMs)).toFixed(2)}) + CPU of the loop ${cpuMs.toFixed(2)} ms`,
  );
  return p50 / (put + cpuMs);
}

/** Median of durable puts one at a time, ms. */
async function putAlone(raw, texts) {
  const times = [];
  for (const [index, text] of texts.entries())
    times.push(
      await timed(async () => {
        await raw.put(['single', index], Buffer.from(text));
        await raw.flushed;
      }),
    );
  return median(times);
}

/** Appends through the store's interface against `insertOne` of the same documents with the same write concern. */
async function benchMongo() {
  const fleet = new Fleet(join(folder, 'servers'));
  if (whyMissing('mongodb') !== undefined) {
    console.log(`SKIPPED: append on MongoDB: ${whyMissing('mongodb')}`);
    return;
  }
  await fleet.up('mongodb');
  const uri = fleet.env().HAWSER_TEST_MONGODB_URI;
  const client = new MongoClient(uri, { writeConcern: { w: 'majority', journal: true } });
  const appends = Math.max(400, count / 10);
  const ratios = [];
  try {
    for (let run = 0; run < runs; run++) ratios.push(await mongoRun(client, uri, appends, run));
  } finally {
    await client.close();
    await fleet.down();
  }
  verdict('append on MongoDB', median(ratios), '>=', 0.7);
}

/** A database of its own; the ends of the journals are known, as they are to an actor that has recovered. */
async function mongoRun(client, uri, appends, run) {
  const database = `hawser_test_bench_${process.pid}_${run}`;
  const raw = client.db(database).collection('raw');
  await raw.createIndex({ pid: 1, sn: 1 }, { unique: true });
  await raw.createIndex({ tags: 1, pid: 1 });
  await raw.createIndex({ ts: 1 });
  const store = new MongoStore({ uri, database, clock, log, journalBreaker: PATIENT });
  await store.open();
  if (run === 0) console.log(`over ${(await store.health()).detail}`);
  const pid = (worker) => `connection:c${worker}`;
  for (let worker = 0; worker < IN_FLIGHT; worker++) await store.journal.highestSn(pid(worker));
  const rawRate = await rate(appends, (worker, n) => {
    const { e, ts, ...rest } = record(pid(worker), n);
    return raw.insertOne({ ...rest, to: n, ts: new Date(ts), e: stringifyJson(e) });
  });
  const storeRate = await rate(appends, (worker, n) => store.journal.append([entry(pid(worker), n)]));
  await store.close();
  await client.db(database).dropDatabase();
  return show(`append on MongoDB, ${IN_FLIGHT} in flight`, storeRate, rawRate, 'raw insertOne');
}

async function startEngine(data) {
  const env = { HAWSER_DATA: data };
  const { config, given } = loadConfig({ env });
  return await composeEngine({ config, given, clock, log });
}

/** Writes a second of workers that each wait for their last write. */
async function rate(total, write) {
  const each = Math.ceil(total / IN_FLIGHT);
  const started = performance.now();
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async (_, worker) => {
      for (let n = 1; n <= each; n++) await write(worker, n);
    }),
  );
  return (each * IN_FLIGHT * 1000) / (performance.now() - started);
}

/** Items a second, the same number in flight. */
async function allOf(items, handle) {
  const queue = [...items];
  const started = performance.now();
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      for (let item = queue.pop(); item !== undefined; item = queue.pop()) await handle(item);
    }),
  );
  return (items.length * 1000) / (performance.now() - started);
}

/** As `allOf`, and the CPU time of one item, ms: all threads, so that what others do on the machine counts less. */
async function withCpu(items, handle) {
  const before = process.cpuUsage();
  const perSecond = await allOf(items, handle);
  const { user, system } = process.cpuUsage(before);
  return [perSecond, (user + system) / 1000 / items.length];
}

async function timed(action) {
  const started = performance.now();
  await action();
  return performance.now() - started;
}

function show(what, ours, theirs, baseline) {
  const ratio = ours / theirs;
  console.log(
    `${what}: ${Math.round(ours)}/s; ${baseline}: ${Math.round(theirs)}/s; ratio ${ratio.toFixed(2)}`,
  );
  return ratio;
}

function verdict(what, ratio, relation, aim) {
  const isMet = relation === '>=' ? ratio >= aim : ratio <= aim;
  console.log(
    `=> ${what}: ${ratio.toFixed(2)} (aim ${relation} ${aim}${isMet ? '' : ', not met'}), median of ${runs}`,
  );
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
}

function entry(pid, sn) {
  const { t, tags, ts, w, epoch, e } = record(pid, sn);
  return { pid, sn, type: t, tags, timestamp: ts, event: e, writer: w, epoch };
}

/** About 1 kB. */
function record(pid, sn, e = { type: 'connectivity.events:connectionModified', text: 'x'.repeat(800) }) {
  return {
    v: 1,
    pid,
    sn,
    t: 'connectivity.events:connectionModified',
    tags: ['t'],
    ts: 1_700_000_000_000 + sn,
    w: 'writer',
    epoch: 1,
    e,
  };
}

function connection(id) {
  return {
    id,
    name: id,
    connectionType: 'mqtt',
    connectionStatus: 'closed',
    uri: 'tcp://user:secret@127.0.0.1:1883',
    sources: [
      {
        addresses: ['telemetry/#', 'events/#'],
        authorizationContext: ['nginx:ditto'],
        qos: 1,
        enforcement: { input: '{{ source:address }}', filters: ['telemetry/{{ thing:id }}'] },
        headerMapping: { 'x-topic': '{{ header:mqtt.topic }}' },
      },
    ],
    targets: [
      {
        address: 'twin/{{ thing:id }}',
        topics: ['_/_/things/twin/events', '_/_/things/live/messages'],
        authorizationContext: ['nginx:ditto'],
        qos: 1,
      },
    ],
  };
}
