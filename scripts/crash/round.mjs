// One life of the process under test: from its start to the SIGKILL that ends it.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as timeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const CHILD = fileURLToPath(new URL('./child.mjs', import.meta.url));
/** A point that is not reached by then is not reached in this round; the process is killed where it stands. */
const ROUND_MS = 5_000;
const START_MS = 30_000;

/** Does not keep this process alive once the other side of a race has won. */
const sleep = (ms) => timeout(ms, undefined, { ref: false });

/** @returns what the process told, and the point at which it was killed; undefined when its point was not reached */
export async function runRound(plan, fleet) {
  const child = spawn(process.execPath, [CHILD, JSON.stringify(plan)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
  const told = [];
  let killedAt;
  let onReady;
  const ready = new Promise((resolve) => {
    onReady = resolve;
  });
  const drained = new Promise((resolve) => {
    const lines = createInterface({ input: child.stdout });
    lines.on('line', (text) => {
      const line = JSON.parse(text);
      if (line.ready) onReady();
      else if (line.killedAt !== undefined) killedAt = line.killedAt;
      else told.push(line);
    });
    lines.once('close', resolve);
  });
  await Promise.race([ready, exited, sleep(START_MS)]);
  if (plan.point.startsWith('server')) killedAt = await killServer(plan, child, fleet);
  else await Promise.race([exited, sleep(ROUND_MS)]);
  child.kill('SIGKILL');
  const end = await exited;
  await drained;
  if (end !== 'SIGKILL') throw new Error(`the process under test ended by itself: ${end}`);
  return { told, killedAt };
}

async function killServer(plan, child, fleet) {
  const { point } = plan;
  await sleep(plan.count);
  await fleet.stop('mongodb', 'SIGKILL');
  if (point === 'server and service killed') child.kill('SIGKILL');
  else await sleep(300);
  await fleet.up('mongodb');
  if (point === 'server killed') await sleep(2_500);
  return point;
}
