import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LmdbStore } from '@hawser/persistence';
import { entries, RecordingLog, realClock } from '@hawser/testkit';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { HawserProcess, until } from './hawserProcess.ts';

let data: string;
let running: HawserProcess[] = [];
const file = (name = 'hawser.mdb') => join(data, name);

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'hawser-store-'));
});

afterEach(async () => {
  await Promise.all(running.map((hawser) => hawser.kill()));
  running = [];
  rmSync(data, { recursive: true, force: true });
});

async function start(env: Record<string, string> = {}): Promise<HawserProcess> {
  const hawser = await HawserProcess.start({ env: { HAWSER_DATA: data, ...env } });
  running.push(hawser);
  return hawser;
}

/** Starts what must refuse; resolves to the reason that it gives. */
async function refusal(): Promise<string> {
  const hawser = HawserProcess.spawn({ env: { HAWSER_DATA: data } });
  expect(await hawser.exited).toBe(1);
  return String(hawser.lines.at(-1)?.['reason']);
}

const create = (hawser: HawserProcess, id: string) =>
  hawser.piggyback({
    type: 'connectivity.commands:createConnection',
    connection: {
      id,
      name: `name-of-${id}`,
      connectionType: 'mqtt',
      connectionStatus: 'closed',
      uri: 'tcp://127.0.0.1:1883',
      sources: [{ addresses: ['t'], authorizationContext: ['a:b'], qos: 1 }],
    },
  });

const retrieve = (hawser: HawserProcess, connectionId: string) =>
  hawser.piggyback({ type: 'connectivity.commands:retrieveConnection', connectionId });

async function withStore<T>(use: (store: LmdbStore) => Promise<T>): Promise<T> {
  const store = new LmdbStore({ folder: data, clock: realClock, log: new RecordingLog() });
  await store.open();
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

describe('a store that fails ends the process', () => {
  test('and the next one tells why in its log and in /status, until an orderly end', async () => {
    const first = await start();
    await create(first, 'c1');
    renameSync(file(), file('elsewhere'));
    await create(first, 'c2').catch(() => undefined);
    expect(await first.exited).toBe('SIGKILL');
    expect(await refusal()).toContain('restore it from a backup');
    renameSync(file('elsewhere'), file());
    const second = await start();
    expect((await second.request('GET', '/status')).body['last-failure']).toMatchObject({
      during: 'commit',
      cause: expect.stringContaining('was removed or replaced'),
      pid: first.pid,
    });
    expect(second.lines).toContainEqual(expect.objectContaining({ level: 'error', during: 'commit' }));
    expect(await retrieve(second, 'c1')).toMatchObject({ status: 200 });
    expect(await second.stop()).toBe(0);
    const third = await start();
    expect((await third.request('GET', '/status')).body['last-failure']).toBeNull();
  });
});

const isRoot = process.getuid?.() === 0;
(isRoot ? test : test.skip)(
  'commands are refused before the disk is full, and taken again when there is room',
  async () => {
    const run = (program: string, ...args: readonly string[]) =>
      expect(spawnSync(program, args).status).toBe(0);
    run('mount', '-t', 'tmpfs', '-o', 'size=32m', 'tmpfs', data);
    try {
      const hawser = await start({ HAWSER_MIN_FREE_BYTES: String(16 * 2 ** 20) });
      expect(await create(hawser, 'c0')).toMatchObject({ status: 201 });
      writeFileSync(file('ballast'), Buffer.alloc(20 * 2 ** 20));
      let answer: Record<string, unknown> = {};
      for (let i = 1; i < 100 && answer['status'] !== 503; i++) answer = await create(hawser, `c${i}`);
      expect(answer).toMatchObject({ status: 503, error: 'connectivity:connection.unavailable' });
      expect(await retrieve(hawser, 'c0')).toMatchObject({ status: 200 });
      expect((await hawser.request('GET', '/alive')).status).toBe(200);
      rmSync(file('ballast'));
      await until('commands are taken again', async () => (await create(hawser, 'later'))['status'] === 201);
      expect(await hawser.stop()).toBe(0);
    } finally {
      await Promise.all(running.map((hawser) => hawser.kill()));
      run('umount', data);
    }
  },
);

test('one corrupt record quarantines its connection alone', async () => {
  const first = await start();
  for (const id of ['good', 'bad']) await create(first, id);
  await first.stop();
  const bytes = readFileSync(file());
  for (let at = bytes.indexOf('name-of-bad'); at >= 0; at = bytes.indexOf('name-of-bad', at + 1))
    bytes.write('NAME', at);
  writeFileSync(file(), bytes);
  const second = await start();
  expect(second.lines).toContainEqual(
    expect.objectContaining({ msg: 'damaged record in the store', pid: 'connection:bad', sn: 1 }),
  );
  expect(await retrieve(second, 'good')).toMatchObject({ status: 200 });
  expect(await retrieve(second, 'bad')).toMatchObject({ status: 503 });
  // nothing overwrites what is left of it
  expect((await create(second, 'bad'))['status']).not.toBe(201);
  expect((await second.request('GET', '/ready')).status).toBe(200);
});

describe('the schema', () => {
  test('of a newer release is refused, and nothing is written', async () => {
    await (await start()).stop();
    await withStore((store) => store.upkeep.writeMeta('schema', { version: 99 }));
    const before = readFileSync(file());
    expect(await refusal()).toContain('schema version 99, this release knows 1');
    expect(readFileSync(file()).equals(before)).toBe(true);
  });

  test('of an older one is brought up, killed at whatever point', async () => {
    const pids = Array.from({ length: 30 }, (_, index) => `connection:c${String(index).padStart(2, '0')}`);
    await withStore(async (store) => {
      for (const pid of pids) await store.journal.append(entries(pid, 1, 100));
      await store.upkeep.writeMeta('schema', { version: 0 });
    });
    let kills = 0;
    for (let delayMs = 0; ; delayMs += 25) {
      const hawser = HawserProcess.spawn({ env: { HAWSER_DATA: data } });
      running.push(hawser);
      const isMigrating = () => hawser.lines.some(({ msg }) => msg === 'store migration begins');
      await until('it migrates', () => isMigrating() || hawser.lines.some(({ msg }) => msg === 'ready'));
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      await hawser.kill();
      if (hawser.lines.some(({ msg }) => msg === 'store migration done')) break;
      kills++;
    }
    expect(kills).toBeGreaterThan(0);
    await withStore(async ({ upkeep, journal }) => {
      expect(await upkeep.readMeta('schema')).toEqual({ version: 1 });
      for (const pid of pids) expect(await journal.highestSn(pid)).toBe(100);
      let found = 0;
      for await (const entry of upkeep.entries()) found += entry.event['n'] === entry.sn ? 1 : 0;
      expect(found).toBe(3_000);
    });
  });
});
