// Appends batches to a new store, and says on stdout what was confirmed, so that a trace has both in their order.
// Argument: the folder.
import { writeSync } from 'node:fs';
import { createStore } from '../crash/parts.mjs';

const store = createStore({ kind: 'lmdb', folder: process.argv[2] }, 1);
await store.open();
writeSync(1, 'opened\n');
for (let batch = 1; batch <= 25; batch++) {
  const lanes = Array.from({ length: 4 }, (_, lane) => {
    const event = { type: 'connectivity.events:connectionOpened', batch, filler: 'x'.repeat(lane * 700) };
    const pid = `connection:c${lane}`;
    return store.journal.append([
      { pid, sn: batch, type: event.type, tags: [], timestamp: batch, event, writer: 'w', epoch: 1 },
    ]);
  });
  await Promise.all(lanes);
  if (batch % 5 === 0)
    await store.snapshots.save({ pid: 'connection:c0', sn: batch, timestamp: 1, state: {} });
  writeSync(1, `confirmed ${batch}\n`);
}
process.kill(process.pid, 'SIGKILL');
