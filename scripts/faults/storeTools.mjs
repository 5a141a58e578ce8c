// The closed store of a service, opened behind its back.
import { join } from 'node:path';
import { open } from 'lmdb';
import { FILE_OPTIONS } from '../../packages/persistence/dist/lmdb/lmdbLayout.js';
import { createStore, quietLog } from '../crash/parts.mjs';

/** Opens the store as the service does, or as a later release of it; closes it again. */
export async function inStore(folder, use, version = 1) {
  const store = createStore({ kind: 'lmdb', folder, log: quietLog }, version);
  await store.open();
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

/** Appends a copy of the newest event, with some members changed as another release might have them. */
export const appendRaw = (folder, pid, changed) =>
  inStore(folder, async (store) => {
    let last;
    for await (const entry of store.journal.read(pid, 0)) last = entry;
    const event = { ...last.event, ...changed };
    await store.journal.append([{ ...last, sn: last.sn + 1, type: event.type, event, writer: 'other' }]);
  });

const changes = {
  async flip(journal, pid, sn) {
    const frame = Buffer.from(journal.get([pid, sn]));
    frame[40] ^= 1;
    await journal.put([pid, sn], frame);
  },
  remove: (journal, pid, sn) => journal.remove([pid, sn]),
  copyOfNext: (journal, pid, sn) => journal.put([pid, sn], journal.get([pid, sn + 1])),
  copyOfFirst: (journal, pid, sn) => journal.put([pid, sn], journal.get([pid, 1])),
};

/** Damages the record of one place. */
export async function changeRecord(folder, pid, sn, change) {
  const env = open({ ...FILE_OPTIONS, path: join(folder, 'hawser.mdb'), overlappingSync: false });
  await changes[change](env.openDB({ name: 'journal', encoding: 'binary' }), pid, sn);
  await env.close();
}
