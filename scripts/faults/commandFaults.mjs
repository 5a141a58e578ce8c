// Rows 1 and 2: the process is killed around the writing of events, snapshots and the removal of history.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const CRASH = fileURLToPath(new URL('../crash/crash.mjs', import.meta.url));

export const rows = [
  {
    row: 1,
    component: 'command path',
    title: 'SIGKILL before append, before flush, before reply, after reply',
    injectors: [],
    run: (t) =>
      crashAt(t, 8, [
        'before append',
        'after append, before flush',
        'after flush, before reply',
        'after reply',
      ]),
  },
  {
    row: 2,
    component: 'snapshots',
    title: 'SIGKILL during snapshot, before and during cleanup, during passivation',
    injectors: [],
    run: (t) =>
      crashAt(t, 8, [
        'during snapshot',
        'during passivation',
        'between snapshot and cleanup',
        'during cleanup',
      ]),
  },
];

/** Rounds of `npm run crash` at these points. */
async function crashAt(t, rounds, points) {
  const args = ['--store', 'lmdb', '--seed', '12', '--rounds', String(rounds)];
  const only = points.flatMap((point) => ['--only', point]);
  const child = spawn(process.execPath, [CRASH, ...args, ...only], { stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => child.kill());
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(output);
}
