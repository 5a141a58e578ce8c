import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { entry, RecordingLog, realClock } from '@hawser/testkit';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import {
  failStop,
  forgetLastFailure,
  readLastFailure,
  reserveFailureReport,
} from '../src/lmdb/lastFailure.ts';
import { LmdbStore, type LmdbStoreOptions } from '../src/lmdb/lmdbStore.ts';
import { DATA_FILE } from '../src/lmdb/storeFolder.ts';

const PID = 'connection:a';

let folder = '';
let log = new RecordingLog();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hawser-failure-'));
  log = new RecordingLog();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const storeWith = (options: Partial<LmdbStoreOptions> = {}): LmdbStore =>
  new LmdbStore({ folder, clock: realClock, log, ...options });

test('a file that is removed under the store ends the process at the next append, which is not confirmed', async () => {
  let ends = 0;
  const store = storeWith({ endProcess: () => ends++ });
  await store.open();
  await store.journal.append([entry(PID, 1)]);
  rmSync(join(folder, DATA_FILE));
  await expect(store.journal.append([entry(PID, 2)])).rejects.toMatchObject({ reason: 'unavailable' });
  expect(ends).toBe(1);
  expect(readLastFailure(folder)).toMatchObject({
    during: 'commit',
    cause: expect.stringContaining('was removed or replaced'),
    pid: process.pid,
  });
  await expect(store.journal.highestSn(PID)).rejects.toMatchObject({ reason: 'unavailable' });
  expect(await store.health()).toMatchObject({ status: 'DOWN' });
  await store.close();
});

test('the next start reads the report, logs it and shows it; an orderly end forgets it', async () => {
  const failure = { at: '2026-01-01T00:00:00.000Z', during: 'commit', cause: 'No space left', pid: 7 };
  failStop(
    folder,
    failure,
    () => {},
    () => {},
  );
  const store = storeWith();
  await store.open();
  expect(store.lastFailure).toEqual(failure);
  expect(log.lines).toContainEqual({
    level: 'error',
    message: 'the store ended the previous process',
    fields: failure,
  });
  await store.close();
  const again = storeWith();
  await again.open();
  expect(again.lastFailure).toBeUndefined();
  await again.close();
});

test('the report goes into room that was taken beforehand, and the log line names the cause', () => {
  reserveFailureReport(folder);
  const lines: string[] = [];
  const failure = { at: '2026-01-01T00:00:00.000Z', during: 'commit', cause: 'a "quoted" cause', pid: 7 };
  failStop(
    folder,
    failure,
    (line) => lines.push(line),
    () => {},
  );
  expect(lines).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'error', cause: 'a "quoted" cause' });
  expect(readFileSync(join(folder, 'last-failure.json'), 'utf8')).toHaveLength(4096);
  expect(readLastFailure(folder)).toEqual(failure);
  forgetLastFailure(folder);
  expect(readLastFailure(folder)).toBeUndefined();
});

test('a full disk refuses appends early and leaves reading and deleting alone', async () => {
  let free = 1_000_000_000;
  const store = storeWith({ freeBytes: () => free, minFreeBytes: 100_000_000 });
  await store.open();
  await store.journal.append([entry(PID, 1)]);
  free = 100_000_001;
  await expect(
    (async () => {
      for (let sn = 2; sn < 10_000; sn++) await store.journal.append([entry(PID, sn)]);
    })(),
  ).rejects.toMatchObject({ reason: 'unavailable', message: expect.stringContaining('bytes free') });
  const highest = await store.journal.highestSn(PID);
  await store.journal.deleteTo(PID, highest - 1);
  expect(await store.journal.lowestSn(PID)).toBe(highest);
  free = 1_000_000_000;
  await store.journal.append([entry(PID, highest + 1)]);
  await store.close();
});

test('a start on a full disk is refused with a clear message', async () => {
  await expect(storeWith({ freeBytes: () => 5 }).open()).rejects.toMatchObject({
    reason: 'refused',
    message: expect.stringContaining('bytes free'),
  });
});

test('a folder that cannot be made is refused with path and reason', async () => {
  await expect(
    new LmdbStore({ folder: '/proc/nowhere/data', clock: realClock, log }).open(),
  ).rejects.toMatchObject({
    reason: 'refused',
    message: expect.stringMatching(/\/proc\/nowhere\/data.*ENOENT/),
  });
});

test('a second store on the same folder is refused while the first is open', async () => {
  const store = storeWith();
  await store.open();
  await expect(storeWith().open()).rejects.toMatchObject({
    reason: 'refused',
    message: expect.stringContaining(`held by another process: pid ${process.pid}`),
  });
  await store.close();
  const next = storeWith();
  await next.open();
  await next.close();
});
