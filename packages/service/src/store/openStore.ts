import { Timing } from '@hawser/actors';
import type { Clock, Log, Store } from '@hawser/core';
import {
  BackgroundCleanup,
  EncryptedStore,
  EncryptionMigration,
  noteKey,
  timedStore,
} from '@hawser/persistence';
import type { Config } from '../config/config.ts';
import { cleanupConfigOf } from './cleanupConfig.ts';
import { createStore } from './createStore.ts';
import { type KeyOrigin, resolveKeys } from './secretKeys.ts';

/** The store as the actors see it, and what works on it beside them. */
export interface OpenStore {
  readonly store: Store;
  /** Time of the writes of the journal. */
  readonly journalTiming: Timing;
  readonly cleanup: BackgroundCleanup;
  /** Where there is a key to migrate with. */
  readonly migration: EncryptionMigration | undefined;
  /** Where the key of the stored secrets comes from. */
  readonly keyOrigin: KeyOrigin;
  /** Stops what works beside the actors, then closes the store. */
  close(): Promise<void>;
}

export interface OpenStoreOptions {
  readonly config: Config;
  /** Keys that were set by the operator. */
  readonly given: ReadonlySet<string>;
  readonly clock: Clock;
  readonly log: Log;
  /** In place of the one that the configuration names. */
  readonly store?: Store | undefined;
}

/** Opens the configured store with its secrets encrypted. @throws StoreError when the data cannot be used */
export async function openStore(options: OpenStoreOptions): Promise<OpenStore> {
  const { config, given, clock, log } = options;
  const stored = options.store ?? createStore(config, clock, log);
  // before the keys: a key is made by the one process that holds the folder
  await stored.open();
  try {
    const { encryption, origin, isNew } = await resolveKeys({
      config,
      given,
      upkeep: stored.upkeep,
      kind: stored.kind,
      log,
    });
    const encrypted = new EncryptedStore(stored, encryption, log);
    await encrypted.open();
    const journalTiming = new Timing();
    const { store, slowestMs } = timedStore(encrypted, clock, (ms) => journalTiming.add(ms));
    const cleanup = new BackgroundCleanup({
      store,
      config: cleanupConfigOf(config),
      clock,
      log,
      pidPrefix: 'connection:',
      random: Math.random,
      latencyMs: slowestMs,
    });
    const migration = EncryptionMigration.isConfigured(encryption)
      ? new EncryptionMigration({
          upkeep: stored.upkeep,
          config: encryption,
          pace: {
            batchSize: config['ditto.connectivity.connection.encryption.migration.batch-size'],
            maxDocumentsPerMinute:
              config['ditto.connectivity.connection.encryption.migration.max-documents-per-minute'],
          },
          clock,
          log,
        })
      : undefined;
    if (encryption.enabled) void rememberKey(stored, encryption.key, log);
    if (isNew && (await holdsEvents(stored))) await migration?.migrate(false, false);
    cleanup.start();
    const close = async (): Promise<void> => {
      cleanup.stop();
      migration?.stop();
      await store.close();
    };
    return { store, journalTiming, cleanup, migration, keyOrigin: origin, close };
  } catch (error) {
    await stored.close();
    throw error;
  }
}

/** A server that is not reached yet is told at the next start. */
async function rememberKey(store: Store, key: string, log: Log): Promise<void> {
  try {
    await noteKey(store.upkeep, key);
  } catch (error) {
    log.debug('the key of the stored secrets is not noted yet', { error });
  }
}

async function holdsEvents({ journal }: Store): Promise<boolean> {
  for await (const _ of journal.newest('')) return true;
  return false;
}
