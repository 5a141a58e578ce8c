export { LmdbStore, type LmdbStoreOptions } from './lmdb/lmdbStore.ts';
export { MemoryStore } from './memory/memoryStore.ts';
export { MongoStore, type MongoStoreOptions } from './mongo/mongoStore.ts';
