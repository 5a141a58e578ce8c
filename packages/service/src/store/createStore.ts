import type { Clock, Log, Store } from '@hawser/core';
import { type BreakerSettings, LmdbStore, MongoStore } from '@hawser/persistence';
import type { Config } from '../config/config.ts';

/** MongoDB when it is configured, else the embedded journal. */
export function createStore(config: Config, clock: Clock, log: Log): Store {
  const uri = mongoUriOf(config);
  if (uri !== undefined) {
    return new MongoStore({
      uri,
      database: config['ditto.mongodb.database'],
      clock,
      log,
      ignoreDitto: config['hawser.ignore-ditto'],
      journalBreaker: breakerOf(config, 'journal'),
      snapshotBreaker: breakerOf(config, 'snapshots'),
    });
  }
  return new LmdbStore({
    folder: config['hawser.data'],
    clock,
    log,
    minFreeBytes: config['hawser.min-free-bytes'],
  });
}

/** `MONGO_DB_URI`, else Ditto's older pair of host and port. */
function mongoUriOf(config: Config): string | undefined {
  if (config['ditto.mongodb.uri'] !== '') return config['ditto.mongodb.uri'];
  const host = config['ditto.mongodb.hostname'];
  return host === '' ? undefined : `mongodb://${host}:${config['ditto.mongodb.port']}/`;
}

function breakerOf(config: Config, name: 'journal' | 'snapshots'): BreakerSettings {
  const key = `pekko-contrib-mongodb-persistence-connection-${name}.circuit-breaker` as const;
  return {
    maxFailures: config[`${key}.max-failures`],
    callTimeoutMs: config[`${key}.call-timeout`],
    resetTimeoutMs: config[`${key}.reset-timeout`],
  };
}
