#!/usr/bin/env node
// Writes the stores of this release as they lie on disk to packages/persistence/golden/<version>/, once a release:
// an lmdb folder, the documents of MongoDB, and what must be read from both. Every later build opens them.
// usage: node scripts/golden.mjs [--force]
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultSecretPointers, parseJson, stringifyJson } from '@hawser/core';
import { EncryptedStore, LmdbStore, MongoStore } from '@hawser/persistence';

import { open } from 'lmdb';
import { BSON, MongoClient } from 'mongodb';
import { MongoDouble } from '../packages/testkit/dist/mongo/mongoDouble.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { version } = JSON.parse(readFileSync(join(root, 'packages/persistence/package.json'), 'utf8'));
const target = join(root, 'packages/persistence/golden', version);
if (existsSync(target) && !process.argv.includes('--force')) {
  console.error(`${target} is there: a release is written once`);
  process.exit(1);
}

const key = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
const database = 'golden';
const clock = {
  now: () => Date.UTC(2026, 0, 1),
  monotonic: () => performance.now(),
  after(ms, action) {
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  },
};
const log = { debug() {}, info() {}, warn: console.warn, error: console.error };

rmSync(target, { recursive: true, force: true });
mkdirSync(join(target, 'lmdb'), { recursive: true });
const expected = await writeLmdb(join(target, 'lmdb'));
writeFileSync(join(target, 'mongodb.json'), await dumpMongo());
writeFileSync(join(target, 'expected.json'), `${stringifyJson({ key, database, ...expected })}\n`);
console.log(target);

async function writeLmdb(folder) {
  const scratch = mkdtempSync(join(tmpdir(), 'hawser-golden-'));
  const stored = new LmdbStore({ folder: scratch, clock, log, minFreeBytes: 0 });
  const content = await fill(stored);
  await stored.close();
  // a copy has no free pages
  const env = open({
    path: join(scratch, 'hawser.mdb'),
    noSubdir: true,
    readOnly: true,
    maxDbs: 8,
    pageSize: 4096,
  });
  await env.backup(join(folder, 'hawser.mdb'), true);
  await env.close();
  writeFileSync(join(folder, 'initialised.json'), readFileSync(join(scratch, 'initialised.json')));
  rmSync(scratch, { recursive: true });
  return content;
}

async function dumpMongo() {
  const double = new MongoDouble();
  await double.start();
  const store = new MongoStore({ uri: double.uri, database, clock, log });
  await fill(store);
  await store.close();
  const client = new MongoClient(double.uri);
  const dump = {};
  for (const name of ['hawser_journal', 'hawser_snaps', 'hawser_meta'])
    dump[name] = await client.db(database).collection(name).find().toArray();
  await client.close();
  await double.stop();
  return `${BSON.EJSON.stringify(dump, undefined, 1, { relaxed: false })}\n`;
}

/** An open, a deleted and a cleaned-up connection; @returns what is read back by pid */
async function fill(stored) {
  const encryption = { enabled: true, key, oldKey: '', pointers: defaultSecretPointers };
  const store = new EncryptedStore(stored, encryption, log);
  await store.open();
  for (const pid of ['connection:open', 'connection:deleted', 'connection:cleaned']) {
    await store.journal.append([event(pid, 1, 'connectionCreated'), event(pid, 2, 'connectionOpened')]);
    for (let sn = 3; sn <= 12; sn++) await store.journal.append([event(pid, sn, 'connectionModified')]);
  }
  await store.journal.append([event('connection:deleted', 13, 'connectionDeleted')]);
  await store.snapshots.save({
    pid: 'connection:deleted',
    sn: 13,
    timestamp: 1,
    state: { __lifecycle: 'DELETED' },
  });
  const state = { __lifecycle: 'ACTIVE', ...connection('connection:cleaned', 10) };
  await store.snapshots.save({ pid: 'connection:cleaned', sn: 10, timestamp: 1, state });
  await store.journal.deleteTo('connection:cleaned', 9);
  const content = { entries: [], snapshots: [], highest: {} };
  for await (const { pid } of store.journal.newest('')) {
    for await (const entry of store.journal.read(pid, 0)) content.entries.push(entry);
    const snapshot = await store.snapshots.latest(pid);
    if (snapshot !== undefined) content.snapshots.push(snapshot);
    content.highest[pid] = await store.journal.highestSn(pid);
  }
  return content;
}

function event(pid, sn, name) {
  const type = `connectivity.events:${name}`;
  const isWhole = name === 'connectionCreated' || name === 'connectionModified';
  return {
    pid,
    sn,
    type,
    tags: name === 'connectionDeleted' ? [] : ['always-alive', 'priority-0'],
    timestamp: 1_700_000_000_000 + sn,
    event: { type, revision: sn, connectionId: pid, ...(isWhole ? { connection: connection(pid, sn) } : {}) },
    writer: 'golden/1',
    epoch: 1,
  };
}

function connection(pid, sn) {
  return {
    id: pid.slice('connection:'.length),
    name: `näme ${sn}`,
    uri: `amqps://user:secret-${sn}@host:5671/x`,
    credentials: { type: 'plain', password: 'a:b' },
    large: parseJson('12345678901234567890.10'),
    'dotted.$key': { empty: {} },
  };
}
