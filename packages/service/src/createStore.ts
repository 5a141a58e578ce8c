import type { Clock, Log, Store } from '@hawser/core';
import { LmdbStore } from '@hawser/persistence';
import type { Config } from './config/config.ts';

/** MongoDB when it is configured, else the embedded journal. */
export function createStore(config: Config, clock: Clock, log: Log): Store {
  return new LmdbStore({
    folder: config['hawser.data'],
    clock,
    log,
    minFreeBytes: config['hawser.min-free-bytes'],
  });
}
