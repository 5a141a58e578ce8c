import type { JsonObject } from '@hawser/core';
import { BackgroundCleanup, MemoryStore } from '@hawser/persistence';
import { RecordingLog, VirtualClock } from '@hawser/testkit';
import { beforeEach, expect, test } from '@jest/globals';
import { loadConfig } from '../config/config.ts';
import { cleanupConfigOf, cleanupConfigToJson } from './cleanupConfig.ts';
import { persistenceCleanup } from './storeActors.ts';

let cleanup: BackgroundCleanup;
beforeEach(() => {
  cleanup = new BackgroundCleanup({
    store: new MemoryStore(),
    config: cleanupConfigOf(loadConfig({ env: {} }).config),
    clock: new VirtualClock(),
    log: new RecordingLog(),
    pidPrefix: 'connection:',
    random: () => 0,
  });
});

const modify = async (config: JsonObject): Promise<JsonObject | undefined> =>
  (await persistenceCleanup(cleanup)({ type: 'common.commands:modifyConfig', config }, {}))?.json;

test('a change of the configuration is answered with the whole of it, durations in milliseconds', async () => {
  const before = cleanupConfigToJson(cleanup.config);
  expect(
    await modify({ 'quiet-period': '240d', enabled: 'false', 'reads-per-query': '7', other: 1 }),
  ).toEqual({
    type: 'common.responses:modifyConfig',
    status: 200,
    config: { ...before, 'quiet-period': 20_736_000_000, enabled: false, 'reads-per-query': 7 },
  });
  expect(cleanup.config.quietPeriodMs).toBe(20_736_000_000);
});

test('where the next walk begins can be told', async () => {
  await modify({ 'last-pid': 'connection:m' });
  expect(cleanup.health()).toEqual({ state: 'IN_QUIET_PERIOD', pid: 'connection:m' });
});

test.each<JsonObject>([
  { 'quiet-period': 0 },
  { 'quiet-period': '1 fortnight' },
  { interval: -1 },
  { interval: {} },
  { enabled: 'maybe' },
  { 'reads-per-query': 0 },
  { 'writes-per-credit': 1.5 },
  { 'credits-per-batch': null },
])('%j is refused, and nothing is changed', async (change) => {
  const before = cleanup.config;
  await expect(modify({ 'credits-per-batch': 5, ...change })).rejects.toMatchObject({ code: 'ask.error' });
  expect(cleanup.config).toEqual(before);
});

test('one value is read by its path, and commands of others are not understood', async () => {
  const actor = persistenceCleanup(cleanup);
  const answer = await actor({ type: 'common.commands:retrieveConfig', path: 'interval' }, { a: 'b' });
  expect(answer).toEqual({
    json: { type: 'common.responses:retrieveConfig', status: 200, config: 60_000 },
    headers: { a: 'b' },
  });
  expect(actor({ type: 'connectivity.commands:migrateEncryptionStatus' }, {})).toBeUndefined();
});
