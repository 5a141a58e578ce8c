// Rows 1 to 3: the process is killed around the writing of events, snapshots, the removal of history, and deliveries.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const TEST = fileURLToPath(new URL('../test.mjs', import.meta.url));
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
  {
    row: 3,
    component: 'delivery',
    title: 'SIGKILL before the target confirms and before the source is settled: nothing lost',
    injectors: ['mosquitto', 'rabbitmq'],
    run: (t) => program(t, [TEST, '--integration', '--testPathPatterns', 'integration/delivery']),
  },
];

/** Rounds of `npm run crash` at these points. */
function crashAt(t, rounds, points) {
  const only = points.flatMap((point) => ['--only', point]);
  return program(t, [CRASH, '--store', 'lmdb', '--seed', '12', '--rounds', String(rounds), ...only]);
}

/** A program of its own; what it said is the reason when it fails. */
async function program(t, args) {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  t.after(() => child.kill());
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text) => {
      output += text;
    });
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(output);
}
