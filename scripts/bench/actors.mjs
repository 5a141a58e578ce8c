#!/usr/bin/env node
// The control plane against bare nact: ratios within one run, the median of several. Each part runs in a process of its own.
// usage: node scripts/bench/actors.mjs [--smoke] [--only asks,saturated,dispatches,recovery,memory]
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fillStore } from './actorsStore.mjs';

const { values } = parseArgs({ options: { smoke: { type: 'boolean' }, only: { type: 'string' } } });
const isSmoke = values.smoke === true;
const runs = isSmoke ? 1 : 3;
const wanted = values.only?.split(',');
const folder = mkdtempSync(join(tmpdir(), 'hawser-bench-'));

const benches = {
  asks() {
    const rounds = isSmoke ? 4000 : 40_000;
    const pairs = run('asks', { rounds, runs });
    const rate = median(pairs.map(({ bare, own }) => own.perSecond / bare.perSecond));
    const latency = median(pairs.map(({ bare, own }) => own.p50Us / bare.p50Us));
    const { own } = pairs[0];
    print('retrieveConnection, 100 in flight', rate, '>= 0.25 of bare nact', `${own.perSecond.toFixed(0)}/s`);
    print('retrieveConnection, one by one, p50', latency, '<= 4 x bare nact', `${own.p50Us.toFixed(0)} µs`);
  },
  saturated() {
    const results = times(() => run('saturated', { seconds: isSmoke ? 1 : 4 }));
    const ratio = median(results.map(({ askP99Ms, loopP99Ms }) => askP99Ms / loopP99Ms));
    const { askP99Ms, loopP99Ms, messagesPerSecond } = results[0];
    const figures = `ask ${askP99Ms.toFixed(1)} ms, loop ${loopP99Ms.toFixed(1)} ms, ${messagesPerSecond.toFixed(0)} messages/s`;
    print('ask p99 while the data plane is saturated', ratio, "<= 5 x the event loop's p99", figures);
  },
  dispatches() {
    const { few, many } = run('dispatches', {});
    print('mailbox messages: 10,000 less 1,000 broker messages', many - few, '< 50', `${few} and ${many}`);
  },
  async recovery() {
    const [small, large] = isSmoke ? [500, 2000] : [10_000, 100_000];
    const medians = [];
    for (const count of [small, large]) {
      const store = await filled(count);
      const pairs = times(() => ({
        bare: again(() => run('bareRecovery', { folder: store, count })),
        own: run('recovery', { folder: store, count }),
      }));
      const ratio = median(pairs.map(({ bare, own }) => own.ms / bare.ms));
      const cpu = median(pairs.map(({ bare, own }) => own.cpuMs / bare.cpuMs));
      medians.push(median(pairs.map(({ own }) => own.ms)));
      print(
        `recovery of ${count} connections from lmdb`,
        ratio,
        '<= 2 x bare nact',
        `${medians.at(-1).toFixed(0)} ms, by processor time ${cpu.toFixed(2)}`,
      );
      rmSync(store, { recursive: true });
    }
    print(
      `recovery of ${large} against ${small}`,
      medians[1] / medians[0],
      `<= ${(large / small) * 1.2}`,
      '',
    );
    console.log(
      '  (no client opens here; opening is paced by hawser.recovery.*, by default 10 per 100 ms as in Ditto)',
    );
  },
  async memory() {
    const count = isSmoke ? 1000 : 10_000;
    const store = await filled(count);
    const { before, awake, passivated } = run('memory', { folder: store, count });
    const each = (bytes) => bytes / count;
    print(
      'memory of a closed connection, awake',
      each(awake.rss - before.rss) / 1000,
      '< 25 kB RSS',
      `${each(awake.heap - before.heap).toFixed(0)} bytes of heap`,
    );
    print(
      'memory of a passivated one over one never woken',
      each(passivated.heap - before.heap),
      '< 200 bytes of heap',
      `${each(passivated.rss - before.rss).toFixed(0)} bytes RSS`,
    );
    rmSync(store, { recursive: true });
  },
};

try {
  for (const [name, bench] of Object.entries(benches))
    if (wanted === undefined || wanted.includes(name)) await bench();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function run(part, options) {
  const script = join(import.meta.dirname, 'actorsParts.mjs');
  const args = ['--expose-gc', '--max-old-space-size=8000', script, part, JSON.stringify(options)];
  const { stdout, stderr, status } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    timeout: 600_000,
  });
  if (status !== 0) throw new Error(`${part}: ${stderr}`);
  return JSON.parse(stdout);
}

/** Bare nact draws the ids of its asks at random: of 100,000 with 1,000 under way two meet in one of 20 runs, which then fails. */
function again(measure) {
  for (let attempt = 1; ; attempt++) {
    try {
      return measure();
    } catch (error) {
      if (attempt === 3) throw error;
    }
  }
}

async function filled(count) {
  const store = join(folder, String(count));
  await fillStore(store, count);
  return store;
}

function times(measure) {
  return Array.from({ length: runs }, measure);
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
}

function print(what, figure, aim, detail) {
  console.log(`${what}: ${figure.toFixed(2)} (aim ${aim})${detail === '' ? '' : `; ${detail}`}`);
}
