import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithServers } from '@hawser/testkit';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { HawserProcess, until } from './hawserProcess.ts';

const KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
const OTHER_KEY = 'Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA=';
const CANARY = 'canary-9kQ7xW';
const MIGRATION = '/user/connectivityRoot/encryptionMigration';
const withKey = (key: string, oldKey?: string): Record<string, string> => ({
  CONNECTIVITY_CONNECTION_ENCRYPTION_ENABLED: 'true',
  CONNECTIVITY_CONNECTION_ENCRYPTION_KEY: key,
  ...(oldKey === undefined ? {} : { CONNECTIVITY_CONNECTION_OLD_ENCRYPTION_KEY: oldKey }),
});

let data: string;
let running: HawserProcess[] = [];
let printed: string[] = [];

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'hawser-secrets-'));
  printed = [];
});

afterEach(async () => {
  await Promise.all(running.map((hawser) => hawser.kill()));
  running = [];
  rmSync(data, { recursive: true, force: true });
});

async function start(env: Record<string, string>): Promise<HawserProcess> {
  const hawser = await HawserProcess.start({
    env: { HAWSER_DATA: data, LOG_LEVEL_APPLICATION: 'trace', CONNECTION_SNAPSHOT_THRESHOLD: '2', ...env },
  });
  running.push(hawser);
  return hawser;
}

async function stop(hawser: HawserProcess): Promise<void> {
  printed.push(JSON.stringify(hawser.lines));
  expect(await hawser.stop()).toBe(0);
}

/** A password that looks like a URI is one that Ditto would leave in clear. */
const connection = (id: string): Record<string, unknown> => ({
  id,
  name: id,
  connectionType: 'amqp-091',
  connectionStatus: 'closed',
  uri: `amqp://user:${CANARY}@127.0.0.1:5672/%2F`,
  sources: [{ addresses: ['q'], authorizationContext: ['a:b'] }],
  sshTunnel: {
    enabled: false,
    credentials: { type: 'plain', username: 'u', password: `a:${CANARY}` },
    validateHost: false,
    uri: 'ssh://127.0.0.1:22',
  },
});

const create = async (hawser: HawserProcess, id: string): Promise<void> => {
  const created = await hawser.piggyback({
    type: 'connectivity.commands:createConnection',
    connection: connection(id),
  });
  expect(created).toMatchObject({ status: 201 });
  // a second change, so that there is a snapshot too
  const modified = { ...connection(id), name: 'second' };
  expect(
    await hawser.piggyback({ type: 'connectivity.commands:modifyConnection', connection: modified }),
  ).toMatchObject({ status: 204 });
};

/** The secret as the owner of the connection reads it back; Ditto's answers hold it too. */
async function expectReadable(hawser: HawserProcess, id: string): Promise<void> {
  const { status, connection: found } = await hawser.piggyback({
    type: 'connectivity.commands:retrieveConnection',
    connectionId: id,
  });
  expect(status).toBe(200);
  const { sshTunnel } = found as { sshTunnel: { credentials: { password: string } } };
  expect(sshTunnel.credentials.password).toBe(`a:${CANARY}`);
}

const migrate = (hawser: HawserProcess, name: string, members = {}) =>
  hawser.piggyback({ type: `connectivity.commands:${name}`, ...members }, {}, MIGRATION);

async function migrated(hawser: HawserProcess): Promise<Record<string, unknown>> {
  expect(await migrate(hawser, 'migrateEncryption')).toMatchObject({ status: 202, phase: 'started' });
  let status: Record<string, unknown> = {};
  await until('the migration is done', async () => {
    status = await migrate(hawser, 'migrateEncryptionStatus');
    return status['phase'] === 'completed';
  });
  return status;
}

function filesWith(text: string): readonly string[] {
  return readdirSync(data, { recursive: true })
    .map((name) => join(data, String(name)))
    .filter((path) => statSync(path).isFile() && readFileSync(path).includes(text));
}

describe('secrets in the embedded store', () => {
  test('are nowhere in clear without any configuration, and back after a restart', async () => {
    const first = await start({});
    await create(first, 'c1');
    expect((await first.request('GET', '/status')).body).toMatchObject({ 'secrets-key': 'file' });
    await stop(first);
    expect(filesWith(CANARY)).toEqual([]);
    expect(filesWith('c1').length).toBeGreaterThan(0);
    const second = await start({});
    await expectReadable(second, 'c1');
    await stop(second);
    expect(printed.join('\n')).not.toContain(CANARY);
  });

  test('survive the rotation of the key, migrated over HTTP, after which the old one is needed no more', async () => {
    const first = await start(withKey(KEY));
    await create(first, 'c1');
    await stop(first);
    const second = await start({
      ...withKey(OTHER_KEY, KEY),
      CONNECTIVITY_ENCRYPTION_MIGRATION_MAX_DOCS_PER_MINUTE: '0',
    });
    await expectReadable(second, 'c1');
    expect(await migrated(second)).toMatchObject({
      snapshots: { processed: 1, failed: 0 },
      journalEvents: { processed: 2, failed: 0 },
    });
    expect(await migrate(second, 'migrateEncryption', { resume: true })).toMatchObject({
      status: 200,
      phase: 'already_completed',
    });
    expect(await migrate(second, 'migrateEncryptionAbort')).toMatchObject({
      payload: { error: 'ask.error', message: 'No migration is currently running.' },
    });
    await stop(second);
    const third = await start(withKey(OTHER_KEY));
    await expectReadable(third, 'c1');
    await stop(third);
    expect(filesWith(CANARY)).toEqual([]);
    expect(printed.join('\n')).not.toContain(CANARY);
  });

  test('are not opened without their key: the start is refused instead of losing connections', async () => {
    const first = await start(withKey(KEY));
    await create(first, 'c1');
    await stop(first);
    const refused = HawserProcess.spawn({ env: { HAWSER_DATA: data, ...withKey(OTHER_KEY) } });
    expect(await refused.exited).toBe(1);
    expect(refused.lines.at(-1)?.['reason']).toContain('encrypted with a key that is not there');
  });

  test('of a time before encryption are encrypted when encryption begins', async () => {
    const first = await start({ CONNECTIVITY_CONNECTION_ENCRYPTION_ENABLED: 'false' });
    await create(first, 'c1');
    expect(await migrate(first, 'migrateEncryptionStatus')).toMatchObject({
      payload: { error: 'ask.error' },
    });
    await stop(first);
    expect(filesWith(CANARY)).toHaveLength(1);
    const second = await start({});
    await until('the migration is done', async () => {
      const { phase } = await migrate(second, 'migrateEncryptionStatus');
      return phase === 'completed';
    });
    await expectReadable(second, 'c1');
    await stop(second);
  });
});

describe('the cleanup', () => {
  const CLEANUP = '/user/connectivityRoot/persistenceCleanup';

  test('tells its state and its configuration, is paused, resumed, and removes old history', async () => {
    const hawser = await start({ CLEANUP_QUIET_PERIOD: '1h', CONNECTION_SNAPSHOT_THRESHOLD: '1' });
    const ask = (command: Record<string, unknown>) => hawser.piggyback(command, {}, CLEANUP);
    await create(hawser, 'c1');
    expect(await ask({ type: 'status.commands:retrieveHealth' })).toEqual({
      type: 'status.responses:retrieveHealth',
      status: 200,
      statusInfo: { status: 'UP', details: [{ INFO: { state: 'IN_QUIET_PERIOD', pid: '' } }] },
    });
    const { config } = await ask({ type: 'common.commands:retrieveConfig' });
    expect(config).toEqual({
      'credits-per-batch': 1,
      'delete-final-deleted-snapshot': false,
      enabled: true,
      'history-retention-duration': 2_592_000_000,
      interval: 60_000,
      'quiet-period': 3_600_000,
      'reads-per-query': 100,
      'timer-threshold': 150,
      'writes-per-credit': 100,
    });
    const modify = (change: Record<string, unknown>) =>
      ask({ type: 'common.commands:modifyConfig', config: change });
    expect(await modify({ enabled: false })).toMatchObject({ status: 200, config: { enabled: false } });
    expect(await modify({ interval: 'soon' })).toMatchObject({ payload: { error: 'ask.error' } });
    expect(await ask({ type: 'common.commands:shutdown', reason: { type: 'invalid-reason' } })).toMatchObject(
      { type: 'common.responses:shutdown', status: 200 },
    );
    await modify({
      enabled: true,
      interval: 10,
      'quiet-period': 10,
      'history-retention-duration': 0,
      'timer-threshold': '10s',
    });
    await until('history is removed', async () => {
      const { status } = await hawser.piggyback(
        { type: 'connectivity.commands:retrieveConnection', connectionId: 'c1' },
        { 'at-historical-revision': 1 },
      );
      return status === 404;
    });
    await expectReadable(hawser, 'c1');
    await stop(hawser);
    const second = await start({});
    await expectReadable(second, 'c1');
    await stop(second);
  });
});

describeWithServers('secrets in MongoDB', ['mongodb'], ({ mongodb: uri }) => {
  const database = `hawser_test_secrets_${process.pid}`;
  const withMongo = (env: Record<string, string>) =>
    start({ MONGO_DB_URI: uri, MONGO_DB_DATABASE: database, ...env });

  const dump = async (): Promise<string> => {
    const client = new MongoClient(uri);
    try {
      const names = await client.db(database).listCollections().toArray();
      const contents = await Promise.all(
        names.map(({ name }) => client.db(database).collection(name).find().toArray()),
      );
      return JSON.stringify(contents);
    } finally {
      await client.close();
    }
  };

  afterEach(async () => {
    const client = new MongoClient(uri);
    await client.db(database).dropDatabase();
    await client.close();
  });

  test('are encrypted with the configured key, and readable after rotation', async () => {
    const first = await withMongo(withKey(KEY));
    await create(first, 'c1');
    await stop(first);
    const stored = await dump();
    expect(stored).toContain('c1');
    expect(stored).not.toContain(CANARY);
    const second = await withMongo({
      ...withKey(OTHER_KEY, KEY),
      CONNECTIVITY_ENCRYPTION_MIGRATION_MAX_DOCS_PER_MINUTE: '0',
    });
    await expectReadable(second, 'c1');
    expect(await migrated(second)).toMatchObject({ journalEvents: { processed: 2, failed: 0 } });
    await stop(second);
    const third = await withMongo(withKey(OTHER_KEY));
    await expectReadable(third, 'c1');
    await stop(third);
    expect(await dump()).not.toContain(CANARY);
    expect(printed.join('\n')).not.toContain(CANARY);
  });

  test("lie in clear without a key, as Ditto's, and the log says so", async () => {
    const hawser = await withMongo({});
    await create(hawser, 'c1');
    expect(JSON.stringify(hawser.lines)).toContain('stored in clear');
    expect((await hawser.request('GET', '/status')).body).toMatchObject({ 'secrets-key': 'none' });
    await stop(hawser);
    expect(await dump()).toContain(CANARY);
  });
});
