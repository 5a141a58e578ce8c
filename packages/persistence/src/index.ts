export { MemoryStore } from './memory/memoryStore.ts';
