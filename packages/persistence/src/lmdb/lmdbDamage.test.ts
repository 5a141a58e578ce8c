import {
  copyFileSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DamagedRecord, JournalEntry } from '@hawser/core';
import { entries, entry, RecordingLog, realClock, snapshot } from '@hawser/testkit';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Database, open } from 'lmdb';
import { createRecordCodec, type RecordCodec } from '../records.ts';
import { toFrame } from './frame.ts';
import { FILE_OPTIONS } from './lmdbLayout.ts';
import { LmdbStore } from './lmdbStore.ts';
import { DATA_FILE } from './storeFolder.ts';

const A = 'connection:a';
const B = 'connection:b';

let folder = '';
let log = new RecordingLog();
const file = () => join(folder, DATA_FILE);
const newStore = (records?: RecordCodec): LmdbStore =>
  new LmdbStore({ folder, clock: realClock, log, ...(records && { records }) });

async function opened(records?: RecordCodec): Promise<LmdbStore> {
  const store = newStore(records);
  await store.open();
  return store;
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

/** Changes the closed file behind the store's back. */
async function tamper(
  tree: string,
  change: (db: Database<Buffer, [string, number]>) => unknown,
): Promise<void> {
  const env = open<Buffer, string>({ ...FILE_OPTIONS, path: file(), overlappingSync: false });
  await change(env.openDB<Buffer, [string, number]>({ name: tree, encoding: 'binary' }));
  await env.close();
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hawser-damage-'));
  log = new RecordingLog();
  const store = await opened();
  await store.journal.append(entries(A, 1, 5));
  await store.journal.append(entries(B, 1, 5));
  await store.snapshots.save(snapshot(A, 3));
  await store.close();
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a damaged record', () => {
  const flip = (db: Database<Buffer, [string, number]>, sn: number): Promise<boolean> => {
    const frame = Buffer.from(db.get([A, sn]) ?? Buffer.alloc(0));
    frame[20] = (frame[20] ?? 0) ^ 1;
    return db.put([A, sn], frame);
  };

  test('stops the reading of its own connection, by id and number, and no other', async () => {
    await tamper('journal', (db) => flip(db, 4));
    const store = await opened();
    expect(log.lines).toContainEqual(
      expect.objectContaining({
        level: 'error',
        message: 'damaged record in the store',
        fields: { kind: 'entry', pid: A, sn: 4, reason: 'its checksum does not match' },
      }),
    );
    const read: number[] = [];
    await expect(
      (async () => {
        for await (const { sn } of store.journal.read(A, 0)) read.push(sn);
      })(),
    ).rejects.toMatchObject({ reason: 'corrupt', pid: A, sn: 4 });
    expect(read).toEqual([1, 2, 3]);
    expect(await collect(store.journal.read(B, 0))).toEqual(entries(B, 1, 5));
    await store.close();
  });

  test('is listed by a walk, which goes on after it, and is not overwritten', async () => {
    await tamper('journal', (db) => flip(db, 2));
    const store = await opened();
    const damaged: DamagedRecord[] = [];
    const found = await collect(store.upkeep.entries({ onDamaged: (record) => damaged.push(record) }));
    expect(damaged).toMatchObject([{ kind: 'entry', pid: A, sn: 2 }]);
    expect(found).toHaveLength(9);
    await expect(collect(store.upkeep.entries())).rejects.toMatchObject({ reason: 'corrupt' });
    await expect(store.journal.append([entry(A, 2)])).rejects.toMatchObject({ reason: 'duplicate' });
    await store.close();
  });

  test('as the newest one is listed whatever the tag, so that its owner finds out', async () => {
    await tamper('journal', (db) => flip(db, 5));
    const store = await opened();
    expect(await collect(store.journal.newest('connection:', 'always-alive'))).toEqual([
      { pid: A, sn: 5, type: 'persistence-actor-internal:damaged', tags: [] },
    ]);
    await store.close();
  });

  test('as a snapshot is refused on loading, and never counts as one that was taken until some time', async () => {
    await tamper('snapshots', (db) => flip(db, 3));
    const store = await opened();
    await expect(store.snapshots.latest(A)).rejects.toMatchObject({ reason: 'corrupt', pid: A, sn: 3 });
    expect(await collect(store.snapshots.newest('connection:'))).toMatchObject([{ pid: A, sn: 3 }]);
    expect(await collect(store.snapshots.newest('connection:', { takenUntil: Date.now() }))).toEqual([]);
    await store.close();
  });

  test.each<[string, (db: Database<Buffer, [string, number]>) => unknown, number]>([
    ['that is missing in the middle', (db) => db.remove([A, 3]), 3],
    ['that is missing at the beginning', (db) => db.remove([A, 1]), 1],
    ['of a far number', (db) => db.put([A, 1_000], db.get([A, 5]) ?? Buffer.alloc(0)), 6],
    ['that lies in the place of another', (db) => db.put([A, 3], db.get([A, 2]) ?? Buffer.alloc(0)), 3],
    ['of another connection', (db) => db.put([A, 3], db.get([B, 3]) ?? Buffer.alloc(0)), 3],
    ['of an unknown version', (db) => db.put([A, 3], toFrame(`{"v":7,"pid":"${A}","sn":3}`)), 3],
    ['that is no JSON', (db) => db.put([A, 3], toFrame('{')), 3],
    ['that is cut', (db) => db.put([A, 3], (db.get([A, 3]) ?? Buffer.alloc(9)).subarray(0, 30)), 3],
    ['that is empty', (db) => db.put([A, 3], Buffer.alloc(1)), 3],
  ])('%s quarantines its connection alone', async (_, change, sn) => {
    await tamper('journal', change);
    const store = await opened();
    await expect(collect(store.journal.read(A, 0))).rejects.toMatchObject({ reason: 'corrupt', pid: A, sn });
    expect(await collect(store.journal.read(B, 0))).toHaveLength(5);
    await store.close();
  });
});

describe('a damaged file is refused and never becomes an empty store:', () => {
  const refused = async (because: RegExp): Promise<void> => {
    await expect(newStore().open()).rejects.toMatchObject({
      reason: 'refused',
      message: expect.stringMatching(because),
    });
    await expect(newStore().open()).rejects.toMatchObject({ reason: 'refused' });
  };

  test('missing', () => {
    rmSync(file());
    return refused(/is absent, although the store was in use/);
  });

  test('zero bytes long', () => {
    truncateSync(file(), 0);
    return refused(/is empty, although the store was in use/);
  });

  test('cut in half', () => {
    truncateSync(file(), Math.floor(readFileSync(file()).length / 2 / 4096) * 4096);
    return refused(/is damaged/);
  });

  test.each([1, 100, 4096, 5000, 8192])('cut to %i bytes', (size) => {
    truncateSync(file(), size);
    return refused(/is damaged/);
  });

  test.each([0, 1])('with garbage in meta page %i', (page) => {
    const handle = openSync(file(), 'r+');
    writeSync(handle, Buffer.alloc(4096, 0xa5), 0, 4096, page * 4096);
    return refused(/is damaged: meta page/);
  });

  test('with garbage in every other page, found by a process that dies of it or says so', () => {
    const { length } = readFileSync(file());
    const handle = openSync(file(), 'r+');
    for (let at = 8192; at < length; at += 4096) writeSync(handle, Buffer.alloc(4096, 0xa5), 0, 4096, at);
    return refused(/is damaged: reading it ended with/);
  });

  test('text', () => {
    writeFileSync(file(), 'not a database\n'.repeat(1_000));
    return refused(/is damaged/);
  });

  test('another empty lmdb file', async () => {
    rmSync(file());
    await open<Buffer, string>({ ...FILE_OPTIONS, path: file() }).close();
    return refused(/holds nothing, although the store was in use|is damaged/);
  });

  test('an lmdb file of someone else', async () => {
    rmSync(file());
    const env = open<Buffer, string>({ ...FILE_OPTIONS, path: file() });
    await env.openDB<Buffer, string>({ name: 'accounts', encoding: 'binary' }).put('x', Buffer.from('1'));
    await env.close();
    return refused(/is not ours: it holds a tree named <accounts>/);
  });
});

test('a store whose creation was cut off before its first entry begins anew', async () => {
  rmSync(folder, { recursive: true });
  const store = await opened();
  await store.close();
  rmSync(join(folder, 'initialised.json'));
  truncateSync(file(), 0);
  const again = await opened();
  await again.journal.append([entry(A, 1)]);
  await again.close();
});

describe('the schema version', () => {
  /** A later release, in which entries have a marker. */
  const next = createRecordCodec([
    (record) => ({ ...record, e: { ...(record['e'] as JournalEntry['event']), upcast: true } }),
  ]);

  test('of a newer release is refused and nothing is written', async () => {
    await (await opened(next)).close();
    const before = readFileSync(file());
    await expect(newStore().open()).rejects.toMatchObject({
      reason: 'refused',
      message: expect.stringContaining('schema version 2, this release knows 1'),
    });
    expect(readFileSync(file()).equals(before)).toBe(true);
  });

  test('of an older release is brought up, and a migration killed anywhere goes on', async () => {
    const copy = `${file()}.copy`;
    const store = await opened();
    for (let i = 0; i < 30; i++) await store.journal.append(entries(`connection:m${i}`, 1, 10));
    await store.close();
    copyFileSync(file(), copy);
    for (const killAt of [0, 1, 99, 100, 101, 250, 309]) {
      copyFileSync(copy, file());
      await migrateAndBreakAfter(killAt);
      await migrateAndBreakAfter(0);
      const again = await opened(next);
      const found = await collect(again.upkeep.entries());
      expect(found).toHaveLength(310);
      expect(found.every(({ event }) => event['upcast'] === true)).toBe(true);
      expect(await again.upkeep.readMeta('schema')).toEqual({ version: 2 });
      await again.close();
    }
  });

  async function migrateAndBreakAfter(writes: number): Promise<void> {
    let left = writes;
    const failing: RecordCodec = {
      ...next,
      entryRecord(one) {
        if (left-- === 0) throw new Error('killed');
        return next.entryRecord(one);
      },
    };
    await expect(opened(failing)).rejects.toThrow(/killed/);
  }
});
