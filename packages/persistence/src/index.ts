export { EncryptedStore } from './encryption/encryptedStore.ts';
export { EncryptionMigration, type EncryptionMigrationParts } from './encryption/encryptionMigration.ts';
export type { MigrationPace } from './encryption/migrationRun.ts';
export { LmdbStore, type LmdbStoreOptions } from './lmdb/lmdbStore.ts';
export { MemoryStore } from './memory/memoryStore.ts';
export { MongoStore, type MongoStoreOptions } from './mongo/mongoStore.ts';
