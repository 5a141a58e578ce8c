// Rows 22 to 26: MongoDB away, stepping down, losing replies, written to by others. The double speaks MongoDB's protocol and
// misbehaves on demand; row 23 also kills the real server that the machine has.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MongoDouble } from '../../packages/testkit/dist/mongo/mongoDouble.js';
import { createStore } from '../crash/parts.mjs';
import { freePort } from '../servers/process.mjs';
import { startBroker } from './brokers.mjs';
import { closedConnection, sleep, spawnHawser, startHawser, until } from './hawser.mjs';
import { startMongo } from './injectors.mjs';

const DATABASE = 'connectivity';
const JOURNAL = `${DATABASE}.hawser_journal`;
const SECRET = 'canary-5ecret';
const at = (uri) => ({ env: { MONGO_DB_URI: uri, MONGO_DB_DATABASE: DATABASE } });

export const rows = [
  {
    row: 22,
    component: 'MongoDB',
    title: 'unreachable at start: alive, not ready, commands 503; ready by itself when the server comes',
    injectors: [],
    async run(t) {
      const port = await freePort();
      const hawser = await startHawser(t, at(`mongodb://127.0.0.1:${port}/`));
      assert.equal(await hawser.statusOf('/alive'), 200);
      assert.equal(await hawser.statusOf('/ready'), 503);
      const { status, body } = await hawser.create('early');
      assert.deepEqual([status, body.error], [503, 'connectivity:connection.unavailable']);
      await startDouble(t, {}, port);
      await until('ready', async () => (await hawser.statusOf('/ready')) === 200, 60_000);
      await until('commands work', async () => (await hawser.create('late')).status === 201, 30_000);
      assert.equal(await hawser.statusOf('/alive'), 200);
    },
  },
  {
    row: 23,
    component: 'MongoDB',
    title:
      'killed and away for 15 seconds while connections are open: no session closes, commands are refused, then work',
    injectors: ['mongodb'],
    async run(t) {
      const { fleet, uri } = await startMongo(t);
      const broker = await startBroker(t);
      const hawser = await startHawser(t, at(uri));
      const open = { connectionStatus: 'open', uri: broker.uri };
      await until('commands work', async () => (await hawser.create('open', open)).status === 201);
      await until('the client is there', () => broker.connects === 1);
      await fleet.stop('mongodb', 'SIGKILL');
      const until15 = Date.now() + 15_000;
      while (Date.now() < until15) {
        const { status } = await hawser.create(`refused-${Date.now()}`);
        assert.equal(status, 503);
        assert.equal(await hawser.statusOf('/alive'), 200);
        await sleep(300);
      }
      await fleet.up('mongodb');
      await until('commands work', async () => (await hawser.create('after')).status === 201, 40_000);
      assert.equal((await hawser.retrieve('open')).status, 200);
      assert.equal(broker.connects, 1, 'the client was never closed');
      assert.equal(broker.broker.connectedClients, 1);
    },
  },
  {
    row: 24,
    component: 'MongoDB',
    title:
      'step-down between write and reply, lost replies, write concern errors: success, and exactly one event',
    injectors: [],
    async run(t) {
      const faults = [
        ...[
          'applyThenDrop',
          'drop',
          'notWritablePrimary',
          'applyThenNotWritablePrimary',
          'writeConcernError',
        ],
      ];
      let inserts = 0;
      // every other insert misbehaves, in each way in turn
      const fault = () => (inserts++ % 2 === 0 ? faults[((inserts / 2) % faults.length) | 0] : 'reply');
      const double = await startDouble(t, { fault, knowsRetries: false });
      const hawser = await startHawser(t, at(double.uri));
      await until('ready', async () => (await hawser.statusOf('/ready')) === 200);
      for (let i = 0; i < 20; i++) {
        const { status, body } = await hawser.create(`c${i}`);
        assert.equal(status, 201, JSON.stringify(body));
      }
      assert.ok(inserts >= 30, `${inserts} inserts: each fault was met`);
      const { documents } = double.collections.get(JOURNAL);
      assert.equal(documents.length, 20);
      assert.equal(new Set(documents.map(({ pid }) => pid)).size, 20);
    },
  },
  {
    row: 25,
    component: 'MongoDB',
    title: 'another writer took the number: the command is refused, the actor reads again, nothing forks',
    injectors: [],
    async run(t) {
      const double = await startDouble(t);
      const hawser = await startHawser(t, at(double.uri));
      await until('ready', async () => (await hawser.statusOf('/ready')) === 200);
      assert.equal((await hawser.create('shared')).status, 201);
      await appendAsAnother(double.uri, 'connection:shared', 'name of the other');
      const mine = { ...closedConnection('shared'), name: 'mine' };
      const { status } = await hawser.command('modifyConnection', { connection: mine });
      assert.ok(status === 409 || status === 503, `${status}`);
      await until('it reads again', async () => (await hawser.retrieve('shared')).status === 200, 30_000);
      assert.equal((await hawser.retrieve('shared')).body.connection.name, 'name of the other');
      assert.equal((await hawser.command('modifyConnection', { connection: mine })).status, 204);
      const sns = double.collections.get(JOURNAL).documents.map(({ sn }) => Number(sn));
      assert.deepEqual(sns, [1, 2, 3]);
    },
  },
  {
    row: 26,
    component: 'MongoDB',
    title:
      'credentials refused, wrong TLS authority, index dropped, connection too large: typed errors, no secret told',
    injectors: [],
    async run(t) {
      const double = await startDouble(t);
      const plain = double.uri.replace('mongodb://', '');
      const ca = join(t.folder, 'ca.pem');
      writeFileSync(ca, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
      const refusing = [
        `mongodb://user:${SECRET}@${plain}?authSource=admin`,
        `mongodb://user:${SECRET}@${plain}?tls=true&tlsCAFile=${ca}&serverSelectionTimeoutMS=1000`,
      ];
      for (const uri of refusing) await isDownQuietly(t, uri);
      await indexComesBack(t, double);
      await tooLarge(t, double);
    },
  },
];

async function startDouble(t, options, port) {
  const double = new MongoDouble(options);
  await double.start(port);
  t.after(() => double.stop());
  return double;
}

/** Appends a change of the name behind the last event, as a process on another machine would. */
async function appendAsAnother(uri, pid, name) {
  const store = createStore({ kind: 'mongodb', uri, database: DATABASE }, 1);
  await store.open();
  await until('the store is there', async () => (await store.health()).status === 'UP');
  for await (const entry of store.journal.read(pid, 0)) {
    const type = 'connectivity.events:connectionModified';
    const connection = { ...entry.event.connection, name };
    await store.journal.append([
      { ...entry, sn: entry.sn + 1, type, writer: 'another', event: { ...entry.event, type, connection } },
    ]);
    break;
  }
  await store.close();
}

/** The service may refuse to start or stay not ready; what it says never has the password. */
async function isDownQuietly(t, uri) {
  const hawser = spawnHawser(t, at(uri));
  await until('it has decided', () => hawser.url !== undefined || hawser.end !== undefined, 30_000);
  if (hawser.end === undefined) {
    assert.equal(await hawser.statusOf('/ready'), 503);
    const { status, body } = await hawser.create('never');
    assert.equal(status, 503);
    assert.doesNotMatch(JSON.stringify(body), new RegExp(SECRET));
    const { body: health } = await hawser.request('GET', '/status/health');
    assert.doesNotMatch(JSON.stringify(health), new RegExp(SECRET));
  } else assert.equal(hawser.end, 1);
  assert.doesNotMatch(hawser.said, new RegExp(SECRET));
  await hawser.kill();
}

async function indexComesBack(t, double) {
  const hawser = await startHawser(t, at(double.uri));
  await until('commands work', async () => (await hawser.create('indexed')).status === 201);
  await hawser.kill();
  double.collections.get(JOURNAL).indexes.delete('hawser_pid_sn');
  const again = await startHawser(t, at(double.uri));
  await until('ready', async () => (await again.statusOf('/ready')) === 200);
  assert.ok(double.collections.get(JOURNAL).indexes.has('hawser_pid_sn'));
  assert.equal((await again.retrieve('indexed')).status, 200);
  await again.kill();
}

async function tooLarge(t, double) {
  const env = { ...at(double.uri).env, HAWSER_HTTP_MAX_BODY_BYTES: String(64 * 2 ** 20) };
  const hawser = await startHawser(t, { env });
  await until('ready', async () => (await hawser.statusOf('/ready')) === 200);
  const { documents } = double.collections.get(JOURNAL);
  const before = documents.length;
  const { status } = await hawser.create('huge', { name: 'x'.repeat(17 * 2 ** 20) });
  assert.equal(status, 413);
  assert.equal(documents.length, before);
  assert.equal((await hawser.create('small')).status, 201);
}
