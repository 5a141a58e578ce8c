import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MemoryStore, noteKey } from '@hawser/persistence';
import { RecordingLog } from '@hawser/testkit';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { loadConfig } from '../config/config.ts';
import { resolveKeys, type SecretKeysFound } from './secretKeys.ts';

const KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
const OTHER_KEY = 'Hx4dHBsaGRgXFhUUExIREA8ODQwLCgkIBwYFBAMCAQA=';
const ON = { CONNECTIVITY_CONNECTION_ENCRYPTION_ENABLED: 'true' };
const OFF = { CONNECTIVITY_CONNECTION_ENCRYPTION_ENABLED: 'false' };

let folder = '';
let store = new MemoryStore();
let log = new RecordingLog();
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hawser-keys-'));
  store = new MemoryStore();
  await store.open();
  log = new RecordingLog();
});
afterEach(() => rmSync(folder, { recursive: true }));

const resolve = (env: Record<string, string> = {}, kind = 'lmdb'): Promise<SecretKeysFound> => {
  const { config, given } = loadConfig({ env: { HAWSER_DATA: folder, ...env } });
  return resolveKeys({ config, given, upkeep: store.upkeep, kind, log });
};

test('without configuration the embedded store makes a key that only its owner reads, and finds it again', async () => {
  const made = await resolve();
  expect(made).toMatchObject({ origin: 'file', isNew: true, encryption: { enabled: true } });
  expect(statSync(join(folder, 'encryption.key')).mode & 0o777).toBe(0o600);
  const again = await resolve();
  expect(again).toMatchObject({ origin: 'file', isNew: false });
  expect(again.encryption.key).toBe(made.encryption.key);
});

test('a configured key comes first, and what the key file encrypted stays readable', async () => {
  const { encryption } = await resolve();
  const configured = await resolve({ CONNECTIVITY_CONNECTION_ENCRYPTION_KEY: KEY });
  expect(configured.origin).toBe('configured');
  expect(configured.encryption).toMatchObject({ enabled: true, key: KEY, oldKey: encryption.key });
});

test('who switches encryption off gets clear text and a warning', async () => {
  expect(await resolve(OFF)).toMatchObject({ origin: 'none', encryption: { enabled: false } });
  expect(JSON.stringify(log.lines)).toContain('stored in clear');
});

test("a server has Ditto's default, unless a key file is named", async () => {
  expect(await resolve({}, 'mongodb')).toMatchObject({ origin: 'none', encryption: { enabled: false } });
  const path = join(folder, 'elsewhere', 'key');
  expect(await resolve({ HAWSER_KEY_FILE: path }, 'mongodb')).toMatchObject({ origin: 'file', isNew: true });
});

test.each([
  ['encryption without a key', ON, /Missing 'symmetrical-key'/],
  [
    'twice the same key',
    { ...ON, CONNECTIVITY_CONNECTION_ENCRYPTION_KEY: KEY, CONNECTIVITY_CONNECTION_OLD_ENCRYPTION_KEY: KEY },
    /must be different/,
  ],
])('%s is refused as Ditto does', async (_, env, message) => {
  await expect(resolve(env)).rejects.toThrow(message);
});

test('a start without the key that the store was written with is refused, and makes no other one', async () => {
  await noteKey(store.upkeep, KEY);
  await expect(resolve()).rejects.toThrow(/restore .*encryption\.key/);
  await expect(resolve({ ...ON, CONNECTIVITY_CONNECTION_ENCRYPTION_KEY: OTHER_KEY })).rejects.toThrow(
    /not there/,
  );
  expect(await resolve({ CONNECTIVITY_CONNECTION_ENCRYPTION_KEY: KEY })).toMatchObject({
    origin: 'configured',
  });
});
