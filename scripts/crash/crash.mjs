#!/usr/bin/env node
// Kills the service's store and actors at named points, again and again on the same data, and checks after each kill that
// nothing acknowledged was lost.
// usage: npm run crash -- --store lmdb|mongodb [--rounds N] [--seed S] [--break reply-before-append] [--only POINT]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Fleet, whyMissing } from '../servers/fleet.mjs';
import { pickVisit, storePoints } from './failPoints.mjs';
import { Judge } from './judge.mjs';
import { randomOf } from './parts.mjs';
import { runRound } from './round.mjs';

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'lmdb' },
    rounds: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    break: { type: 'string' },
    only: { type: 'string' },
    verbose: { type: 'boolean', default: false },
  },
});
const kind = values.store;
const seed = Number(values.seed);
const random = randomOf(seed);
const folder = mkdtempSync(join(tmpdir(), 'hawser-crash-'));
const fleet = new Fleet(join(folder, 'servers'));

const ownPoints = [...Object.keys(storePoints), 'after reply'];
const points = kind === 'mongodb' ? [...ownPoints, 'server killed', 'server and service killed'] : ownPoints;
if (values.only !== undefined && !points.includes(values.only)) {
  console.error(`no such point; there are: ${points.join(', ')}`);
  process.exit(2);
}

process.exitCode = await main();

async function main() {
  const kills = new Map(points.map((point) => [point, 0]));
  const started = Date.now();
  try {
    const store = await prepareStore();
    const judge = new Judge(store);
    let version = 1;
    for (let round = 0; round < Number(values.rounds); round++) {
      // The first round fills the store; it is killed after an answer.
      const point = values.only ?? (round === 0 ? 'after reply' : points[(round - 1) % points.length]);
      if (point === 'during migration') version++;
      const count = round === 0 ? 300 : pickVisit(point, random);
      const plan = {
        round,
        seed: Math.floor(random() * 2 ** 31),
        point,
        count,
        version,
        store,
        breakage: values.break,
      };
      const { told, killedAt } = await runRound(plan, fleet);
      if (killedAt !== undefined) kills.set(killedAt, kills.get(killedAt) + 1);
      const problems = await judge.check(told, version);
      if (values.verbose)
        console.log(`round ${round}: ${killedAt ?? `not reached: ${point}`}, ${told.length} lines`);
      if (problems.length === 0) continue;
      console.log(`round ${round} of seed ${seed}, killed at <${killedAt}>: ${problems.length} problems`);
      for (const problem of problems.slice(0, 10)) console.log(`  ${problem}`);
      return 1;
    }
    for (const [point, times] of kills) console.log(`${String(times).padStart(5)}  ${point}`);
    const seconds = Math.round((Date.now() - started) / 1000);
    console.log(
      `${kind}: ${values.rounds} rounds of seed ${seed} in ${seconds} s, ` +
        `${judge.commandsChecked} answered commands and ${judge.entriesChecked} entries checked, nothing lost`,
    );
    return 0;
  } finally {
    await fleet.down();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function prepareStore() {
  if (kind === 'lmdb') return { kind, folder: join(folder, 'data') };
  const missing = whyMissing('mongodb');
  if (missing !== undefined) throw new Error(missing);
  await fleet.up('mongodb');
  return { kind, uri: fleet.env().HAWSER_TEST_MONGODB_URI, database: `crash${process.pid}` };
}
