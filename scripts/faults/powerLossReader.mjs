// Opens files that a power loss might have left; what lmdb cannot bear ends this process, not the one that asks.
// For each path on stdin one line of JSON: the highest contiguous number of each lane, or what is wrong.
import { createInterface } from 'node:readline';
import { checkFile } from '../../packages/persistence/dist/lmdb/fileCheck.js';
import { openTables } from '../../packages/persistence/dist/lmdb/lmdbTables.js';
import { currentRecords } from '../../packages/persistence/dist/records.js';

for await (const path of createInterface({ input: process.stdin }))
  process.stdout.write(`${JSON.stringify(await read(path))}\n`);

async function read(path) {
  const state = checkFile(path);
  if (state === 'absent' || state === 'empty') return { highest: 0, most: 0 };
  if (state !== 'plausible') return { problem: state.damage };
  const { env, journal } = openTables(path, currentRecords);
  try {
    const lanes = [0, 1, 2, 3].map((lane) => {
      let last = 0;
      for (const record of journal.chunk(`connection:c${lane}`, 1, 1_000)) {
        const { sn } = journal.decode(record);
        if (sn !== last + 1) throw new Error(`${sn} follows ${last}`);
        last = sn;
      }
      return last;
    });
    return { highest: Math.min(...lanes), most: Math.max(...lanes) };
  } catch (error) {
    return { problem: error.message };
  } finally {
    await env.close();
  }
}
