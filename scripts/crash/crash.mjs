#!/usr/bin/env node
// Kills the service's store and actors at named points, again and again on the same data, and checks after each kill that
// nothing acknowledged was lost.
// usage: npm run crash -- --store lmdb|mongodb [--rounds N] [--seed S] [--break reply-before-append] [--only POINT]…
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { randomOf } from '../random.mjs';
import { Fleet, whyMissing } from '../servers/fleet.mjs';
import { pickVisit, storePoints } from './failPoints.mjs';
import { Judge } from './judge.mjs';
import { runRound } from './round.mjs';

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'lmdb' },
    rounds: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    break: { type: 'string' },
    only: { type: 'string', multiple: true },
    verbose: { type: 'boolean', default: false },
  },
});
const kind = values.store;
const seed = Number(values.seed);
const random = randomOf(seed);
const folder = mkdtempSync(join(tmpdir(), 'hawser-crash-'));
const fleet = new Fleet(join(folder, 'servers'));

const ownPoints = [...Object.keys(storePoints), 'after reply'];
/** FerretDB is slower than a file. */
const pace = kind === 'mongodb' ? 0.4 : 1;
/** FerretDB reads a whole collection for every query: new databases keep it quick. The first rounds fill one. */
const ROUNDS_PER_DATABASE = 4;
const allPoints =
  kind === 'mongodb'
    ? [
        ...['after reply', 'during snapshot', 'between snapshot and cleanup', 'during cleanup'],
        ...['before append', 'server killed', 'during migration', 'during passivation'],
        ...[
          'after append, before flush',
          'server and service killed',
          'after flush, before reply',
          'during cleanup',
        ],
      ]
    : ['after reply', ...ownPoints.filter((point) => point !== 'after reply')];
const unknown = values.only?.filter((point) => !allPoints.includes(point)) ?? [];
if (unknown.length > 0) {
  console.error(`no such point: ${unknown.join(', ')}; there are: ${[...new Set(allPoints)].join(', ')}`);
  process.exit(2);
}
const points = values.only ?? allPoints;

process.exitCode = await main();

async function main() {
  const kills = new Map(points.map((point) => [point, 0]));
  const totals = { commands: 0, entries: 0 };
  const started = Date.now();
  let life = { judge: undefined, version: 1, store: undefined };
  try {
    for (let round = 0; round < Number(values.rounds); round++) {
      if (life.judge === undefined || (kind === 'mongodb' && round % ROUNDS_PER_DATABASE === 0))
        life = await newLife(round);
      const point = points[round % points.length];
      if (point === 'during migration') life.version++;
      const count = round === 0 ? 300 : Math.ceil(pickVisit(point, random) * pace);
      const { version, store, judge } = life;
      const plan = { round, point, count, version, store, breakage: values.break };
      const begun = Date.now();
      const { told, killedAt } = await runRound({ ...plan, seed: Math.floor(random() * 2 ** 31) }, fleet);
      if (killedAt !== undefined) kills.set(killedAt, kills.get(killedAt) + 1);
      const ended = Date.now();
      const { problems, commands, entries } = await judge.check(told, version);
      totals.commands += commands;
      totals.entries += entries;
      if (values.verbose)
        console.log(
          `round ${round}: ${killedAt ?? `not reached: ${point}`}, ${commands} answers in ${ended - begun} ms, ` +
            `judged in ${Date.now() - ended} ms`,
        );
      if (problems.length === 0) continue;
      console.log(`round ${round} of seed ${seed}, killed at <${killedAt}>: ${problems.length} problems`);
      for (const problem of problems.slice(0, 10)) console.log(`  ${problem}`);
      return 1;
    }
    for (const [point, times] of kills) console.log(`${String(times).padStart(5)}  ${point}`);
    const seconds = Math.round((Date.now() - started) / 1000);
    console.log(
      `${kind}: ${values.rounds} rounds of seed ${seed} in ${seconds} s, ` +
        `${totals.commands} answered commands and ${totals.entries} entries checked, nothing lost`,
    );
    return 0;
  } finally {
    await fleet.down();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A store without data, and who knows what must be in it. */
async function newLife(round) {
  const store = await newStore(round);
  return { store, judge: new Judge(store), version: 1 };
}

async function newStore(round) {
  if (kind === 'lmdb') return { kind, folder: join(folder, 'data') };
  const missing = whyMissing('mongodb');
  if (missing !== undefined) throw new Error(missing);
  await fleet.up('mongodb');
  return {
    kind,
    uri: fleet.env().HAWSER_TEST_MONGODB_URI,
    database: `hawser_test_crash_${process.pid}_${round}`,
  };
}
