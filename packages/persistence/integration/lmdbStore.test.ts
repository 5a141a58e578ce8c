import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeStore, RecordingLog, realClock } from '@hawser/testkit';
import { LmdbStore } from '../src/lmdb/lmdbStore.ts';

describeStore('the lmdb store', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'hawser-lmdb-'));
  const log = new RecordingLog();
  let store = new LmdbStore({ folder, clock: realClock, log });
  await store.open();
  return {
    store,
    async reopen() {
      await store.close();
      store = new LmdbStore({ folder, clock: realClock, log });
      await store.open();
      return store;
    },
    async dispose() {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
}, ['reopen']);
