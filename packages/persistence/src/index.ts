export {
  BackgroundCleanup,
  type CleanupConfig,
  type CleanupHealth,
  type CleanupParts,
} from './cleanup/backgroundCleanup.ts';
export { timedStore } from './cleanup/timedStore.ts';
export { EncryptedStore } from './encryption/encryptedStore.ts';
export { EncryptionMigration, type EncryptionMigrationParts } from './encryption/encryptionMigration.ts';
export {
  createKeyFile,
  findNotedKey,
  type KeyFile,
  type NotedKey,
  noteKey,
  readKeyFile,
} from './encryption/keyFile.ts';
export type { MigrationPace } from './encryption/migrationRun.ts';
export { LmdbStore, type LmdbStoreOptions } from './lmdb/lmdbStore.ts';
export { MemoryStore } from './memory/memoryStore.ts';
export type { BreakerSettings } from './mongo/circuitBreaker.ts';
export { MongoStore, type MongoStoreOptions } from './mongo/mongoStore.ts';
