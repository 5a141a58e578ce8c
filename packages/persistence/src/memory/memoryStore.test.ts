import { describeStore } from '@hawser/testkit';
import { MemoryStore } from './memoryStore.ts';

describeStore('the memory store', async () => {
  const store = new MemoryStore();
  await store.open();
  const reopen = async () => {
    await store.close();
    await store.open();
    return store;
  };
  return { store, heapIsShared: true, reopen, dispose: () => store.close() };
}, ['reopen']);
