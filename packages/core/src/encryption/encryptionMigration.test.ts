import { describe, expect, test } from '@jest/globals';
import {
  type EncryptionConfig,
  encryptionConfigProblem,
  migrateSecrets,
  migrationMode,
} from './encryptionMigration.ts';
import { decryptSecrets, encryptSecrets } from './secretFields.ts';

const KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
const OLD_KEY = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=';
const fields = { pointers: ['/uri', '/credentials/password'], prefix: '' } as const;
const plain = { uri: 'tcp://u:p@h:1', credentials: { password: 'x' } };
const withKey = (key: string) => encryptSecrets(plain, fields, key);

const config = (enabled: boolean, key: string, oldKey: string): EncryptionConfig => ({
  enabled,
  key,
  oldKey,
  pointers: fields.pointers,
});

test.each([
  [true, KEY, OLD_KEY, 'rotateKey'],
  [true, KEY, '', 'encrypt'],
  [false, '', OLD_KEY, 'decrypt'],
  [false, KEY, OLD_KEY, 'decrypt'],
  [false, KEY, '', undefined],
  [false, '', '', undefined],
] as const)('enabled %s, key %j, old key %j: %s', (enabled, key, oldKey, mode) => {
  expect(migrationMode(config(enabled, key, oldKey))).toBe(mode);
});

test('a configuration that cannot work keeps the service from starting', () => {
  expect(encryptionConfigProblem(config(true, '', ''))).toMatch(/^Missing 'symmetrical-key'/);
  expect(encryptionConfigProblem(config(true, KEY, KEY))).toMatch(/must be different!/);
  expect(encryptionConfigProblem(config(true, KEY, OLD_KEY))).toBeUndefined();
  expect(encryptionConfigProblem(config(false, '', ''))).toBeUndefined();
});

describe('a stored document', () => {
  test('under the old key goes under the new one, and is then done', () => {
    const rotate = config(true, KEY, OLD_KEY);
    const result = migrateSecrets(withKey(OLD_KEY), fields, rotate);
    if (result.outcome !== 'processed') throw new Error(result.outcome);
    expect(decryptSecrets(result.json, fields, { key: KEY })).toEqual(plain);
    expect(migrateSecrets(result.json, fields, rotate)).toEqual({ outcome: 'skipped' });
  });

  test('in clear text is encrypted, and is then done', () => {
    const encrypt = config(true, KEY, '');
    const result = migrateSecrets(plain, fields, encrypt);
    if (result.outcome !== 'processed') throw new Error(result.outcome);
    expect(migrateSecrets(result.json, fields, encrypt)).toEqual({ outcome: 'skipped' });
  });

  test('that is half encrypted is finished', () => {
    const half = { ...plain, credentials: withKey(KEY)['credentials'] };
    const result = migrateSecrets(half, fields, config(true, KEY, ''));
    if (result.outcome !== 'processed') throw new Error(result.outcome);
    expect(decryptSecrets(result.json, fields, { key: KEY })).toEqual(plain);
  });

  test('is decrypted when encryption was switched off', () => {
    const decrypt = config(false, '', OLD_KEY);
    expect(migrateSecrets(withKey(OLD_KEY), fields, decrypt)).toEqual({ outcome: 'processed', json: plain });
    expect(migrateSecrets(plain, fields, decrypt)).toEqual({ outcome: 'skipped' });
  });

  test('without secrets is skipped in every mode', () => {
    for (const each of [config(true, KEY, OLD_KEY), config(true, KEY, ''), config(false, '', OLD_KEY)])
      expect(migrateSecrets({ uri: 'tcp://h:1' }, fields, each)).toEqual({ outcome: 'skipped' });
  });

  test('that no key opens has failed', () => {
    const other = encryptSecrets(plain, fields, OLD_KEY.replace('A', 'B'));
    expect(migrateSecrets(other, fields, config(true, KEY, OLD_KEY)).outcome).toBe('failed');
  });
});
