import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  defaultSecretPointers,
  type JournalEntry,
  parseJson,
  type Snapshot,
  type Store,
  stringifyJson,
} from '@hawser/core';
import { collect, MongoDouble, RecordingLog, realClock } from '@hawser/testkit';
import { describe, expect, test } from '@jest/globals';
import { BSON, MongoClient } from 'mongodb';
import { EncryptedStore } from '../src/encryption/encryptedStore.ts';
import { LmdbStore } from '../src/lmdb/lmdbStore.ts';
import { MongoStore } from '../src/mongo/mongoStore.ts';

interface Expected {
  readonly key: string;
  readonly database: string;
  readonly entries: readonly JournalEntry[];
  readonly snapshots: readonly Snapshot[];
  readonly highest: Readonly<Record<string, number>>;
}

const golden = join(process.cwd(), 'packages/persistence/golden');
const log = new RecordingLog();

const textOf = (version: string, name: string): string => readFileSync(join(golden, version, name), 'utf8');

/** Reads everything through the decryption, and goes on writing. */
async function check(stored: Store, { key, entries, snapshots, highest }: Expected): Promise<void> {
  const config = { enabled: true, key, oldKey: '', pointers: defaultSecretPointers };
  const store = new EncryptedStore(stored, config, log);
  await store.open();
  try {
    for (const [pid, sn] of Object.entries(highest)) {
      const found = await collect(store.journal.read(pid, 0));
      expect(stringifyJson(found as never)).toBe(
        stringifyJson(entries.filter((entry) => entry.pid === pid) as never),
      );
      expect(stringifyJson((await store.snapshots.latest(pid)) as never)).toBe(
        stringifyJson(snapshots.find((snapshot) => snapshot.pid === pid) as never),
      );
      expect(await store.journal.highestSn(pid)).toBe(sn);
      const last = found.at(-1);
      if (last !== undefined) await store.journal.append([{ ...last, sn: sn + 1 }]);
      expect(await store.journal.highestSn(pid)).toBe(sn + 1);
    }
  } finally {
    await store.close();
  }
}

describe.each(readdirSync(golden))(
  'the stores that release %s wrote are read and gone on with',
  (version) => {
    const expected = parseJson(textOf(version, 'expected.json')) as unknown as Expected;

    test('lmdb', async () => {
      const folder = mkdtempSync(join(tmpdir(), 'hawser-golden-'));
      cpSync(join(golden, version, 'lmdb'), folder, { recursive: true });
      await check(new LmdbStore({ folder, clock: realClock, log }), expected);
      rmSync(folder, { recursive: true });
    });

    test('MongoDB', async () => {
      const double = new MongoDouble();
      await double.start();
      const client = new MongoClient(double.uri);
      const dump = BSON.EJSON.parse(textOf(version, 'mongodb.json'), { relaxed: false }) as Record<
        string,
        BSON.Document[]
      >;
      for (const [name, documents] of Object.entries(dump))
        for (const document of documents)
          await client.db(expected.database).collection(name).insertOne(document);
      await client.close();
      const { database } = expected;
      await check(new MongoStore({ uri: double.uri, database, clock: realClock, log }), expected);
      await double.stop();
    });
  },
);
