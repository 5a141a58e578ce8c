import { askError, type DittoError, type JsonObject, type JsonValue } from '@hawser/core';
import type { CleanupConfig } from '@hawser/persistence';
import type { Config } from '../config/config.ts';
import { parseDurationMs } from '../config/duration.ts';

const SECTION = 'ditto.connectivity.connection.cleanup';

export const cleanupConfigOf = (config: Config): CleanupConfig => ({
  enabled: config[`${SECTION}.enabled`],
  historyRetentionMs: config[`${SECTION}.history-retention-duration`],
  quietPeriodMs: config[`${SECTION}.quiet-period`],
  intervalMs: config[`${SECTION}.interval`],
  timerThresholdMs: config[`${SECTION}.timer-threshold`],
  creditsPerBatch: config[`${SECTION}.credits-per-batch`],
  readsPerQuery: config[`${SECTION}.reads-per-query`],
  writesPerCredit: config[`${SECTION}.writes-per-credit`],
  deleteFinalDeletedSnapshot: config[`${SECTION}.delete-final-deleted-snapshot`],
});

type Reader<T> = (value: JsonValue) => T | undefined;

const boolean: Reader<boolean> = (value) => {
  const text = String(value);
  return text === 'true' || text === 'false' ? text === 'true' : undefined;
};
const duration =
  (min: number): Reader<number> =>
  (value) => {
    const ms = typeof value === 'object' ? undefined : parseDurationMs(String(value));
    return ms !== undefined && ms >= min && ms <= Number.MAX_SAFE_INTEGER ? ms : undefined;
  };
const int =
  (min: number): Reader<number> =>
  (value) => {
    const number = typeof value === 'object' || value === '' ? Number.NaN : Number(value);
    return Number.isSafeInteger(number) && number >= min ? number : undefined;
  };

/** Ditto's names in their order of rendering, with Ditto's bounds (internal/utils/persistent-actors/.../cleanup/DefaultCleanupConfig.java). */
const members: {
  readonly [K in keyof CleanupConfig]: readonly [name: string, read: Reader<CleanupConfig[K]>];
} = {
  creditsPerBatch: ['credits-per-batch', int(0)],
  deleteFinalDeletedSnapshot: ['delete-final-deleted-snapshot', boolean],
  enabled: ['enabled', boolean],
  historyRetentionMs: ['history-retention-duration', duration(0)],
  intervalMs: ['interval', duration(1)],
  quietPeriodMs: ['quiet-period', duration(1)],
  readsPerQuery: ['reads-per-query', int(1)],
  timerThresholdMs: ['timer-threshold', duration(1)],
  writesPerCredit: ['writes-per-credit', int(1)],
};

/** As Ditto renders it: durations are milliseconds. */
export const cleanupConfigToJson = (config: CleanupConfig): JsonObject =>
  Object.fromEntries(
    Object.entries(members).map(([member, [name]]) => [name, config[member as keyof CleanupConfig]]),
  );

/** The configuration with the given members changed; others are ignored. @throws DittoError `ask.error` */
export function changedCleanupConfig(config: CleanupConfig, change: JsonObject): CleanupConfig {
  const changes = Object.entries(members).flatMap(([member, [name, read]]) => {
    if (!Object.hasOwn(change, name)) return [];
    const value = read(change[name] ?? null);
    if (value === undefined) throw invalid(name);
    return [[member, value] as const];
  });
  return { ...config, ...Object.fromEntries(changes) };
}

const invalid = (name: string): DittoError => askError(`The value of <${name}> is invalid.`);
