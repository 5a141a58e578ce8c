import { defaultSecretPointers, type EncryptionConfig, type JsonObject } from '@hawser/core';
import { describeStore, entry, RecordingLog, realClock, snapshot } from '@hawser/testkit';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { MemoryStore } from '../memory/memoryStore.ts';
import { EncryptedStore } from './encryptedStore.ts';
import { EncryptionMigration } from './encryptionMigration.ts';

const KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
const OTHER_KEY = 'Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA=';
const PID = 'connection:a';
const CANARY = 'canary-7Qx';

const config = (parts: Partial<EncryptionConfig> = {}): EncryptionConfig => ({
  enabled: true,
  key: KEY,
  oldKey: '',
  pointers: defaultSecretPointers,
  ...parts,
});

const connection: JsonObject = {
  id: 'a',
  uri: `amqps://user:${CANARY}@host:5671/x`,
  credentials: {
    type: 'hmac',
    key: CANARY,
    clientSecret: CANARY,
    password: CANARY,
    parameters: { accessKey: CANARY, secretKey: CANARY, sharedKey: CANARY },
  },
  sshTunnel: { credentials: { password: CANARY, privateKey: CANARY } },
};
const created = entry(PID, 1, { event: { type: 'connectivity.events:connectionCreated', connection } });
const state = snapshot(PID, 1, { __lifecycle: 'ACTIVE', ...connection });

describeStore('an encrypted store', async () => {
  const store = new EncryptedStore(new MemoryStore(), config(), new RecordingLog());
  await store.open();
  return { store, heapIsShared: true, dispose: () => store.close() };
});

let inner = new MemoryStore();
let log = new RecordingLog();
beforeEach(() => {
  inner = new MemoryStore();
  log = new RecordingLog();
});
afterEach(() => inner.close());

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

async function opened(parts: Partial<EncryptionConfig> = {}): Promise<EncryptedStore> {
  const store = new EncryptedStore(inner, config(parts), log);
  await store.open();
  return store;
}

/** Everything that lies in the store, as text. */
const stored = async (): Promise<string> =>
  JSON.stringify([await collect(inner.upkeep.entries()), await collect(inner.upkeep.snapshots())]);

async function fill(store: EncryptedStore): Promise<void> {
  await store.journal.append([created]);
  await store.snapshots.save(state);
}

async function expectReadable(store: EncryptedStore): Promise<void> {
  expect(await collect(store.journal.read(PID, 0, 1))).toEqual([created]);
  expect(await store.snapshots.latest(PID)).toEqual(state);
}

describe('secrets', () => {
  test('are nowhere in what is stored, and come back in clear', async () => {
    const store = await opened();
    await fill(store);
    expect(await stored()).not.toContain(CANARY);
    expect(await stored()).toContain('amqps://user:encrypted_');
    await expectReadable(store);
  });

  test('are written in clear when encryption is off, and still decrypted on reading', async () => {
    await fill(await opened());
    const store = await opened({ enabled: false });
    await expectReadable(store);
    await store.journal.append([{ ...created, sn: 2 }]);
    expect(await stored()).toContain(CANARY);
  });

  test('of the old key are read while keys are rotated', async () => {
    await fill(await opened());
    await expectReadable(await opened({ key: OTHER_KEY, oldKey: KEY }));
    await expectReadable(await opened({ enabled: false, key: '', oldKey: KEY }));
  });

  test('of an unknown key quarantine their connection and are not shown', async () => {
    await fill(await opened());
    const store = await opened({ key: OTHER_KEY });
    await expect(collect(store.journal.read(PID, 0))).rejects.toMatchObject({
      reason: 'corrupt',
      pid: PID,
      sn: 1,
      message: expect.stringContaining('Verify that the configured encryption key matches'),
    });
    await expect(store.snapshots.latest(PID)).rejects.toMatchObject({ reason: 'corrupt' });
  });

  test('stay encrypted without a key, which is said once', async () => {
    await fill(await opened());
    const store = await opened({ enabled: false, key: '' });
    await collect(store.journal.read(PID, 0));
    await store.snapshots.latest(PID);
    expect(log.lines).toEqual([expect.objectContaining({ level: 'warn' })]);
  });
});

test.each<[string, Partial<EncryptionConfig>, RegExp]>([
  ['without a key', { key: '' }, /^Missing 'symmetrical-key'\./],
  ['with two equal keys', { oldKey: KEY }, /must be different!/],
  ['with a key that is none', { key: 'c2hvcnQ=' }, /valid 256-bit AES key/],
])('a start %s is refused', async (_, parts, message) => {
  await expect(opened(parts)).rejects.toMatchObject({
    reason: 'refused',
    message: expect.stringMatching(message),
  });
});

describe('the migration', () => {
  const pace = { batchSize: 2, maxDocumentsPerMinute: 0 };
  const migration = (parts: Partial<EncryptionConfig>): EncryptionMigration =>
    new EncryptionMigration({ upkeep: inner.upkeep, config: config(parts), pace, clock: realClock, log });

  async function ended(run: EncryptionMigration): Promise<JsonObject> {
    for (;;) {
      const status = await run.status();
      if (status['migrationActive'] === false) return status;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  async function fillMany(parts: Partial<EncryptionConfig>): Promise<void> {
    const store = await opened(parts);
    for (const name of ['a', 'b', 'c', 'd', 'e']) {
      await store.journal.append([{ ...created, pid: `connection:${name}` }]);
      await store.journal.append([entry(`connection:${name}`, 2)]);
      await store.snapshots.save({ ...state, pid: `connection:${name}` });
    }
  }

  const counts = (processed: number, skipped: number) => ({ processed, skipped, failed: 0 });

  test('encrypts clear text, and doing it again changes nothing', async () => {
    await fillMany({ enabled: false, key: '' });
    const run = migration({});
    expect(await run.migrate(false, false)).toMatchObject({ status: 202, phase: 'started', resumed: false });
    expect(await ended(run)).toMatchObject({
      phase: 'completed',
      snapshots: counts(5, 0),
      journalEvents: counts(5, 5),
      progress: { lastProcessedSnapshotPid: 'connection:e', lastProcessedJournalPid: 'connection:e' },
    });
    expect(await stored()).not.toContain(CANARY);
    await expectReadable(await opened());
    const before = await stored();
    await run.migrate(false, false);
    expect(await ended(run)).toMatchObject({ snapshots: counts(0, 5), journalEvents: counts(0, 10) });
    expect(await stored()).toBe(before);
  });

  test('rotates keys and decrypts', async () => {
    await fillMany({});
    const rotation = migration({ key: OTHER_KEY, oldKey: KEY });
    await rotation.migrate(false, false);
    expect(await ended(rotation)).toMatchObject({ snapshots: counts(5, 0), journalEvents: counts(5, 5) });
    await expectReadable(await opened({ key: OTHER_KEY }));
    const decryption = migration({ enabled: false, key: '', oldKey: OTHER_KEY });
    await decryption.migrate(false, false);
    await ended(decryption);
    await expectReadable(await opened({ enabled: false, key: '' }));
  });

  test('counts and writes nothing in a dry run', async () => {
    await fillMany({ enabled: false, key: '' });
    const before = await stored();
    const run = migration({});
    await run.migrate(true, false);
    expect(await ended(run)).toMatchObject({
      dryRun: true,
      snapshots: counts(5, 0),
      journalEvents: counts(5, 5),
    });
    expect(await stored()).toBe(before);
    expect(await migration({}).migrate(false, true)).toMatchObject({ phase: 'already_completed' });
  });

  test('goes on where a process that was killed had noted its progress', async () => {
    await fillMany({ enabled: false, key: '' });
    const failing = { ...inner.upkeep, replaceEntry: () => Promise.reject(new Error('killed')) };
    const killed = new EncryptionMigration({
      upkeep: failing,
      config: config(),
      pace,
      clock: realClock,
      log,
    });
    await killed.migrate(false, false);
    expect(await ended(killed)).toMatchObject({ phase: 'journal', snapshots: counts(5, 0) });
    const next = migration({});
    expect(await next.migrate(false, true)).toMatchObject({ status: 202, resumed: true });
    expect(await ended(next)).toMatchObject({
      phase: 'completed',
      snapshots: counts(5, 0),
      journalEvents: counts(5, 5),
    });
    expect(await stored()).not.toContain(CANARY);
    expect(await next.migrate(false, true)).toMatchObject({ status: 200, phase: 'already_completed' });
  });

  test('can be aborted once, and refuses to run twice', async () => {
    await fillMany({ enabled: false, key: '' });
    const run = migration({});
    const started = run.migrate(false, false);
    await expect(run.migrate(false, false)).rejects.toMatchObject({
      code: 'ask.error',
      message: /already in progress/,
    });
    await started;
    expect(await run.abort()).toMatchObject({ status: 200, phase: 'aborted:snapshots' });
    await expect(run.abort()).rejects.toMatchObject({ message: 'No migration is currently running.' });
    expect(await run.status()).toMatchObject({ phase: 'aborted:snapshots', migrationActive: false });
  });

  test('is refused without keys', async () => {
    await expect(migration({ enabled: false, key: '' }).migrate(false, false)).rejects.toMatchObject({
      code: 'ask.error',
      message: 'Encryption is not enabled and no old key configured. Cannot migrate without encryption keys.',
    });
  });
});
