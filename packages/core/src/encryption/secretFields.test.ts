import { describe, expect, test } from '@jest/globals';
import type { JsonObject } from '../json/jsonValue.ts';
import {
  decryptSecrets,
  defaultSecretPointers,
  encryptSecrets,
  hasEncryptedSecrets,
} from './secretFields.ts';

const KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
const OTHER_KEY = 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=';
const fields = { pointers: defaultSecretPointers, prefix: '' } as const;
const zeroIv = () => new Uint8Array(12);

const encrypted = (json: JsonObject) => encryptSecrets(json, fields, KEY, zeroIv);

describe('encrypting', () => {
  test('is stable for one source of vectors, and differs for another', () => {
    const json = { credentials: { password: 'pw' } };
    expect(encrypted(json)).toEqual(encrypted(json));
    expect(encryptSecrets(json, fields, KEY)).not.toEqual(encrypted(json));
  });

  test('touches nothing but the secrets and keeps the order of members', () => {
    const json = {
      id: 'c',
      uri: 'tcp://u:p@h:1',
      credentials: { type: 'plain', password: 'x', username: 'u' },
      z: 1,
    };
    const result = encrypted(json);
    expect(Object.keys(result)).toEqual(Object.keys(json));
    expect(Object.keys(result['credentials'] as JsonObject)).toEqual(Object.keys(json.credentials));
    expect(result).toMatchObject({ id: 'c', credentials: { type: 'plain', username: 'u' }, z: 1 });
    expect(json.credentials.password).toBe('x');
  });

  test.each([
    ['tcp://h:1', 'has no user info'],
    ['tcp://u@h:1', 'has no password'],
    ['urn:abc', 'is opaque'],
    ['http://u:p@my_host:1', 'has no server as authority'],
  ])('leaves %s, which %s', (uri) => {
    expect(encrypted({ uri })).toEqual({ uri });
  });

  test.each(['tcp://u:p%40ss@h:1/x?u=p', 'tcp://u:a:b@h', 'tcp://u:@h', 'amqp://user:user@user:1'])(
    'replaces only the password of %s',
    (uri) => {
      const result = String(encrypted({ uri })['uri']);
      expect(result).toMatch(/^[a-z]+:\/\/u(?:ser)?:encrypted_[\w-]+=*@/);
      expect(decryptSecrets({ uri: result }, fields, { key: KEY })).toEqual({ uri });
    },
  );

  test.each([{ uri: 1 }, { uri: null }, { credentials: 'x' }, { credentials: { password: ['x'] } }, {}])(
    'leaves %j',
    (json) => {
      expect(encrypted(json)).toEqual(json);
    },
  );

  test('a member called __proto__ stays what it is', () => {
    const json = JSON.parse('{"__proto__":{"password":"x"},"credentials":{"__proto__":1,"password":"x"}}');
    const result = encrypted(json);
    expect(Object.keys(result)).toEqual(['__proto__', 'credentials']);
    expect(({} as Record<string, unknown>)['password']).toBeUndefined();
  });

  test.each(['', 'AAAA', 'not base64!', 'AAAAAAAAAAAAAAAAAAAAAA=='])('refuses the key %j', (key) => {
    expect(() => encryptSecrets({ uri: 'tcp://u:p@h:1' }, fields, key)).toThrow(
      'Encryption of connection field failed. Verify that the configured encryption key is a valid 256-bit AES key.',
    );
    expect(encryptSecrets({ uri: 'tcp://h:1' }, fields, key)).toEqual({ uri: 'tcp://h:1' });
  });
});

describe('decrypting', () => {
  const json = {
    credentials: { password: 'pw' },
    sshTunnel: { credentials: { privateKey: '-----BEGIN\nü' } },
  };

  test('gives back what was encrypted, with or without padding of the key', () => {
    for (const key of [KEY, KEY.replaceAll('=', '')])
      expect(decryptSecrets(encrypted(json), fields, { key })).toEqual(json);
  });

  test('leaves clear text', () => {
    expect(decryptSecrets(json, fields, { key: KEY })).toEqual(json);
    expect(decryptSecrets(json, fields, { key: 'no key' })).toEqual(json);
  });

  test('takes the old key when the current one does not fit', () => {
    expect(decryptSecrets(encrypted(json), fields, { key: OTHER_KEY, oldKey: KEY })).toEqual(json);
  });

  test.each([undefined, OTHER_KEY])('without a key that fits tells so (old key %s)', (oldKey) => {
    const keys = { key: OTHER_KEY, oldKey };
    expect(() => decryptSecrets(encrypted(json), fields, keys)).toThrow(
      oldKey === undefined
        ? 'Decryption of connection field failed. Verify that the configured encryption key matches the key used to encrypt the data.'
        : 'Decryption of connection field failed with both current and old keys. Verify that the configured encryption keys match the keys used to encrypt the data.',
    );
  });

  test.each(['encrypted_', 'encrypted_!!', 'encrypted_AAAA', `encrypted_${'A'.repeat(40)}`])(
    'a broken value %s is a refusal, no crash',
    (password) => {
      expect(() => decryptSecrets({ credentials: { password } }, fields, { key: KEY })).toThrow(
        /^Decryption/,
      );
    },
  );

  test('finds the connection of an event', () => {
    const inEvent = { pointers: defaultSecretPointers, prefix: '/connection' } as const;
    const event = { type: 't', connection: json };
    const stored = encryptSecrets(event, inEvent, KEY, zeroIv);
    expect(stored).toEqual({ type: 't', connection: encrypted(json) });
    expect(hasEncryptedSecrets(stored, inEvent)).toBe(true);
    expect(hasEncryptedSecrets(event, inEvent)).toBe(false);
    expect(decryptSecrets(stored, inEvent, { key: KEY })).toEqual(event);
  });

  test('a secret that looks like a URI is encrypted where whole secrets are asked for, and read back by any reader', () => {
    const whole = { ...fields, wholeSecrets: true };
    const plain = { uri: 'tcp://u:p@h:1', credentials: { password: 'pa:ss', clientSecret: 'x://u:p@h' } };
    expect(encrypted(plain)['credentials']).toMatchObject({ password: 'pa:ss' });
    const stored = encryptSecrets(plain, whole, KEY, zeroIv);
    expect(JSON.stringify(stored['credentials'])).not.toMatch(/pa:ss|x:/);
    expect(stored['uri']).toBe(encrypted(plain)['uri']);
    expect(decryptSecrets(stored, fields, { key: KEY })).toEqual(plain);
    expect(decryptSecrets(encrypted(plain), whole, { key: KEY })).toEqual(plain);
  });

  test('pointers may name members with a slash', () => {
    const odd = { pointers: ['/a~1b/~0'], prefix: '' } as const;
    const result = encryptSecrets({ 'a/b': { '~': 'x' } }, odd, KEY, zeroIv);
    expect(hasEncryptedSecrets(result, odd)).toBe(true);
  });
});
