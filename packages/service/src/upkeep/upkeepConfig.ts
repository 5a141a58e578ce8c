import type { EncryptionConfig, JsonObject, JsonValue } from '@hawser/core';
import type { CleanupConfig, MigrationPace } from '@hawser/persistence';
import type { Config } from '../config/config.ts';
import { parseDurationMs } from '../config/duration.ts';

export function encryptionConfigOf(config: Config): EncryptionConfig {
  const encryption = 'ditto.connectivity.connection.encryption';
  return {
    enabled: config[`${encryption}.encryption-enabled`],
    key: config[`${encryption}.symmetrical-key`],
    oldKey: config[`${encryption}.old-symmetrical-key`],
    pointers: config[`${encryption}.json-pointers`],
  };
}

export const migrationPaceOf = (config: Config): MigrationPace => ({
  batchSize: config['ditto.connectivity.connection.encryption.migration.batch-size'],
  maxDocumentsPerMinute:
    config['ditto.connectivity.connection.encryption.migration.max-documents-per-minute'],
});

export function cleanupConfigOf(config: Config): CleanupConfig {
  const cleanup = 'ditto.connectivity.connection.cleanup';
  return {
    enabled: config[`${cleanup}.enabled`],
    historyRetentionMs: config[`${cleanup}.history-retention-duration`],
    quietPeriodMs: config[`${cleanup}.quiet-period`],
    intervalMs: config[`${cleanup}.interval`],
    timerThresholdMs: config[`${cleanup}.timer-threshold`],
    creditsPerBatch: config[`${cleanup}.credits-per-batch`],
    readsPerQuery: config[`${cleanup}.reads-per-query`],
    writesPerCredit: config[`${cleanup}.writes-per-credit`],
    deleteFinalDeletedSnapshot: config[`${cleanup}.delete-final-deleted-snapshot`],
  };
}

type Kind = 'boolean' | 'count' | 'durationMs';

/** Ditto's keys, each with our field, what it holds, and the least value. */
const cleanupKeys: Readonly<Record<string, readonly [keyof CleanupConfig, Kind, number]>> = {
  enabled: ['enabled', 'boolean', 0],
  'history-retention-duration': ['historyRetentionMs', 'durationMs', 0],
  'quiet-period': ['quietPeriodMs', 'durationMs', 1],
  interval: ['intervalMs', 'durationMs', 1],
  'timer-threshold': ['timerThresholdMs', 'durationMs', 1],
  'credits-per-batch': ['creditsPerBatch', 'count', 0],
  'reads-per-query': ['readsPerQuery', 'count', 1],
  'writes-per-credit': ['writesPerCredit', 'count', 1],
  'delete-final-deleted-snapshot': ['deleteFinalDeletedSnapshot', 'boolean', 0],
};

/** With Ditto's keys (internal/utils/persistent-actors/.../cleanup/DefaultCleanupConfig.java, `render`). */
export const cleanupConfigToJson = (config: CleanupConfig): JsonObject =>
  Object.fromEntries(
    Object.entries(cleanupKeys).map(([key, [field, kind]]) => [
      key,
      kind === 'durationMs' ? durationText(config[field] as number) : config[field],
    ]),
  );

/** The configuration with some keys changed; others than Ditto's are ignored. @throws Error naming the key that cannot be taken */
export function changedCleanupConfig(config: CleanupConfig, changes: JsonObject): CleanupConfig {
  const changed = Object.entries(changes)
    .filter(([key]) => Object.hasOwn(cleanupKeys, key))
    .map(([key, value]) => {
      const [field, kind, least] = cleanupKeys[key] as readonly [keyof CleanupConfig, Kind, number];
      const taken = readAs(kind, value, least);
      if (taken === undefined) throw new Error(`<${key}> cannot be <${JSON.stringify(value)}>.`);
      return [field, taken];
    });
  return { ...config, ...(Object.fromEntries(changed) as Partial<CleanupConfig>) };
}

function readAs(kind: Kind, value: JsonValue | undefined, least: number): number | boolean | undefined {
  if (kind === 'boolean') return typeof value === 'boolean' ? value : undefined;
  const isText = kind === 'durationMs' && typeof value === 'string';
  const number = isText ? parseDurationMs(value) : typeof value === 'number' ? value : undefined;
  if (number === undefined || number < least) return undefined;
  return kind === 'durationMs' || Number.isSafeInteger(number) ? number : undefined;
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
] as const;

function durationText(ms: number): string {
  const unit = UNITS.find(([, length]) => ms > 0 && ms % length === 0);
  return unit === undefined ? `${ms}ms` : `${ms / unit[1]}${unit[0]}`;
}
