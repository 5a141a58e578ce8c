#!/usr/bin/env node
// The table of faults: each row is one case that breaks something on purpose and checks what the service does.
// usage: npm run faults -- [--list] [--only N[,N…]]
// A row whose injector does not work on this machine is reported as not run, never as passed. HAWSER_REQUIRE_SERVERS=1: it fails.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { rows as journalRows } from './commandFaults.mjs';
import { whyNot } from './injectors.mjs';
import { rows as lmdbRows } from './lmdbFaults.mjs';
import { rows as mongoRows } from './mongoFaults.mjs';
import { rows as powerRows } from './powerLoss.mjs';
import { rows as processRows } from './processFaults.mjs';

const isStrict = process.env.HAWSER_REQUIRE_SERVERS === '1';
const ROW_TIMEOUT_MS = 120_000;
const table = [...journalRows, ...processRows, ...lmdbRows, ...powerRows, ...mongoRows].sort(
  (a, b) => a.row - b.row,
);

const { values } = parseArgs({ options: { list: { type: 'boolean' }, only: { type: 'string' } } });
const wanted = values.only?.split(',').map(Number);
const unknown = wanted?.filter((row) => !table.some((one) => one.row === row)) ?? [];
if (unknown.length > 0) {
  console.error(`no such row: ${unknown.join(', ')}`);
  process.exit(2);
}

const probed = new Map();
/** Why the row cannot run here. */
function missingFor({ injectors }) {
  for (const name of injectors) if (!probed.has(name)) probed.set(name, whyNot(name));
  const missing = injectors.find((name) => probed.get(name) !== undefined);
  return missing === undefined ? undefined : `${missing}: ${probed.get(missing)}`;
}

process.exitCode = values.list
  ? list()
  : await runAll(table.filter(({ row }) => wanted?.includes(row) ?? true));

function list() {
  for (const one of table) {
    const missing = missingFor(one);
    const needs = one.injectors.join(', ') || 'nothing';
    console.log(
      `${label(one)}  [needs ${needs}: ${missing === undefined ? 'works here' : `missing, ${missing}`}]`,
    );
  }
  return 0;
}

async function runAll(rows) {
  const counts = { passed: 0, failed: 0, 'not run': 0 };
  for (const one of rows) {
    const started = Date.now();
    const { result, why } = await runRow(one);
    counts[result]++;
    const seconds = ((Date.now() - started) / 1000).toFixed(1);
    console.log(`${label(one)}  ${result} (${seconds} s)${why === undefined ? '' : `\n       ${why}`}`);
  }
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts['not run']} not run`);
  return counts.failed > 0 ? 1 : 0;
}

async function runRow(one) {
  const missing = missingFor(one);
  if (missing !== undefined) return { result: isStrict ? 'failed' : 'not run', why: missing };
  const folder = mkdtempSync(join(tmpdir(), `hawser-fault-${one.row}-`));
  const cleanups = [];
  const t = { folder, after: (cleanup) => cleanups.push(cleanup) };
  try {
    await Promise.race([one.run(t), timedOut()]);
    return { result: 'passed' };
  } catch (error) {
    return {
      result: 'failed',
      why: String(error.stack ?? error)
        .split('\n')
        .slice(0, 6)
        .join('\n       '),
    };
  } finally {
    for (const cleanup of cleanups.reverse()) await cleanup();
    rmSync(folder, { recursive: true, force: true });
  }
}

function timedOut() {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`not done within ${ROW_TIMEOUT_MS} ms`)), ROW_TIMEOUT_MS).unref();
  });
}

function label({ row, component, title }) {
  return `${String(row).padStart(4)}  ${component.padEnd(12)} ${title}`;
}
