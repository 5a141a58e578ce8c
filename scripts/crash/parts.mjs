// What the process under test and its judge have in common: a clock, a log, stores, random numbers from a seed.
import { writeSync } from 'node:fs';
import { LmdbStore, MongoStore } from '@hawser/persistence';
import { createRecordCodec } from '../../packages/persistence/dist/records.js';

export const PID_PREFIX = 'connection:';
export const CONNECTIONS = 50;
export const connectionIds = Array.from({ length: CONNECTIONS }, (_, i) => `c-${String(i).padStart(2, '0')}`);

export const systemClock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, Math.min(delayMs, 2 ** 31 - 1)).unref();
    return () => clearTimeout(timer);
  },
};

/** Errors alone, on stderr, at once. */
export const errorLog = {
  trace() {},
  debug() {},
  info() {},
  warn() {},
  error: (message, fields) => writeSync(2, `${message} ${JSON.stringify(fields, printable)}\n`),
  child: () => errorLog,
};

export const quietLog = { ...errorLog, error() {}, child: () => quietLog };

const printable = (_key, value) => (value instanceof Error ? String(value.stack) : value);

/** Ditto's, but for the reset: a round sees a dead server and its return. */
const breaker = { maxFailures: 5, callTimeoutMs: 5_000, resetTimeoutMs: 300 };

/** @param version schema version, from 1; each is the one before, written again */
export function createStore(
  { kind, folder, uri, database, log = errorLog },
  version,
  wrapCodec = (codec) => codec,
) {
  const records = wrapCodec(createRecordCodec(Array.from({ length: version - 1 }, () => (record) => record)));
  const parts = { clock: systemClock, log, records };
  if (kind === 'lmdb') return new LmdbStore({ ...parts, folder });
  return new MongoStore({ ...parts, uri, database, journalBreaker: breaker, snapshotBreaker: breaker });
}

/** A whole number from `least` to `most`. */
export const between = (random, least, most) => least + Math.floor(random() * (most - least + 1));
