import type { Command, JsonObject } from '@hawser/core';
import { MemoryStore } from '@hawser/persistence';
import { silentLog, VirtualClock } from '@hawser/testkit';
import { describe, expect, test } from '@jest/globals';
import { loadConfig } from '../config/config.ts';
import { cleanupSingle } from './cleanupSingle.ts';
import { cleanupConfigOf } from './upkeepConfig.ts';

function single(set: readonly string[] = []) {
  const clock = new VirtualClock();
  const { config } = loadConfig({ env: {}, set });
  const cleanup = cleanupSingle({
    store: new MemoryStore(),
    config: cleanupConfigOf(config),
    clock,
    log: silentLog,
    pidPrefix: 'connection:',
    random: () => 0,
  });
  cleanup.start();
  const ask = (command: Command) => (cleanup.handler(command, {}) as { json: JsonObject } | undefined)?.json;
  return { ask, cleanup };
}

describe('the cleanup of old history', () => {
  test('tells its state as health', () => {
    const { ask, cleanup } = single();
    expect(ask({ type: 'status.commands:retrieveHealth' })).toEqual({
      type: 'status.responses:retrieveHealth',
      status: 200,
      statusInfo: { status: 'UP', details: [{ INFO: { state: 'IN_QUIET_PERIOD', pid: '' } }] },
    });
    cleanup.stop();
  });

  test("tells its configuration with Ditto's keys", () => {
    const { ask, cleanup } = single(['ditto.connectivity.connection.cleanup.timer-threshold=2s']);
    expect(ask({ type: 'common.commands:retrieveConfig', path: undefined })?.['config']).toEqual({
      enabled: true,
      'history-retention-duration': '30d',
      'quiet-period': '5m',
      interval: '1m',
      'timer-threshold': '2s',
      'credits-per-batch': 1,
      'reads-per-query': 100,
      'writes-per-credit': 100,
      'delete-final-deleted-snapshot': false,
    });
    cleanup.stop();
  });

  test('changes what is named and goes on where it is told to', () => {
    const { ask, cleanup } = single();
    const config = { 'quiet-period': '240d', 'last-pid': 'connection:x', unknown: 1 };
    expect(ask({ type: 'common.commands:modifyConfig', config })).toMatchObject({
      type: 'common.responses:modifyConfig',
      config: { enabled: true, 'quiet-period': '240d' },
    });
    expect(ask({ type: 'status.commands:retrieveHealth' })).toMatchObject({
      statusInfo: { details: [{ INFO: { pid: 'connection:x' } }] },
    });
    cleanup.stop();
  });

  test.each([
    { 'quiet-period': 'soon' },
    { 'quiet-period': 0 },
    { enabled: 'yes' },
    { 'reads-per-query': 0.5 },
  ])('refuses %j and changes nothing', (config) => {
    const { ask, cleanup } = single();
    const before = ask({ type: 'common.commands:retrieveConfig', path: undefined });
    expect(() => ask({ type: 'common.commands:modifyConfig', config })).toThrow(/cannot be/);
    expect(ask({ type: 'common.commands:retrieveConfig', path: undefined })).toEqual(before);
    cleanup.stop();
  });

  test('is silent about what it does not understand', () => {
    const { ask, cleanup } = single();
    expect(ask({ type: 'connectivity.commands:retrieveAllConnectionIds' })).toBeUndefined();
    cleanup.stop();
  });
});
