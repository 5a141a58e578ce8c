import { silentLog } from '@hawser/core';
import { entries, snapshot, turns } from '@hawser/testkit';
import { expect, test } from '@jest/globals';
import { MemoryStore } from './memory/memoryStore.ts';
import { migrateSchema } from './schema.ts';

test('a migration asks little of the server at once, and writes every record', async () => {
  const store = new MemoryStore();
  await store.journal.append(entries('connection:a', 1, 30));
  await store.snapshots.save(snapshot('connection:a', 30));
  let atOnce = 0;
  let most = 0;
  let written = 0;
  const slowly = async (): Promise<boolean> => {
    most = Math.max(most, ++atOnce);
    await turns(3);
    atOnce--;
    written++;
    return true;
  };
  const upkeep = { ...store.upkeep, replaceEntry: slowly, replaceSnapshot: slowly };
  await migrateSchema(upkeep, 2, false, silentLog);
  expect(written).toBe(31);
  expect(most).toBeLessThanOrEqual(4);
  expect(await store.upkeep.readMeta('schema')).toEqual({ version: 2 });
});
