#!/usr/bin/env node
// Connections of the vectors, mutated, through parsing, writing and validation. Only Ditto errors may come out, and none may
// take longer than 50 ms per 100 kB. Exits 1 otherwise. Short form: --runs 50000 (some seconds).
// usage: node scripts/fuzz/model.mjs [--runs N] [--seed S]
import { readdirSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import {
  checkClientConfiguration,
  connectionToJson,
  DittoError,
  defaultHonoConfig,
  parseConnection,
  parseStoredConnection,
  resolveHonoConnection,
  validateConnection,
} from '@hawser/core';
import { randomOf } from '../random.mjs';
import { createMutator } from './mutate.mjs';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '1000000' }, seed: { type: 'string' } },
});
const runs = Number(values.runs);
const seed = Number(values.seed ?? Date.now() % 2 ** 32);
const random = randomOf(seed);

const LIMIT_MS = 50;
const LIMIT_BYTES = 100_000;
/** One document in so many is inflated. */
const INFLATE_EVERY = 500;

const documents = connectionsOfVectors();
const { mutate, inflate } = createMutator(random, textsOf(documents));
const counts = { accepted: 0, refused: 0 };
let slowest = 0;
let failures = 0;

console.log(`fuzz:model seed ${seed}, ${runs} runs from ${documents.length} connections`);
const started = performance.now();
for (let run = 0; run < runs && failures < 10; run++) tryOne(run, documentOf(run));
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(
  `${counts.accepted} accepted, ${counts.refused} refused, ${failures} failures in ${seconds} s; slowest ${slowest.toFixed(1)} ms`,
);
process.exitCode = failures > 0 ? 1 : 0;

function documentOf(run) {
  let json = documents[Math.floor(random() * documents.length)];
  for (let times = 1 + Math.floor(random() * 3); times > 0; times--) json = mutate(json);
  return run % INFLATE_EVERY === 0 ? inflate(json) : json;
}

function tryOne(run, json) {
  try {
    const ms = timeOf(json);
    slowest = Math.max(slowest, ms);
    if (ms > LIMIT_MS) report(run, json, `took ${ms.toFixed(0)} ms`);
  } catch (error) {
    report(run, json, String(error?.stack ?? error));
  }
}

/** Milliseconds per 100 kB; of what seems slow the best of four, for the machine has other work. */
function timeOf(json) {
  let best = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 4; attempt++) {
    const before = performance.now();
    const isAccepted = judge(json);
    best = Math.min(best, performance.now() - before);
    if (attempt === 0) counts[isAccepted ? 'accepted' : 'refused']++;
    if (best <= LIMIT_MS) return best;
  }
  return best / Math.max(1, JSON.stringify(json).length / LIMIT_BYTES);
}

function judge(json) {
  attempt(() => parseStoredConnection(json));
  return attempt(() => {
    const connection = parseConnection(json);
    const written = connectionToJson(connection, { hidden: true });
    if (JSON.stringify(written) === undefined) throw new Error('not written');
    attempt(() => resolveHonoConnection(connection, defaultHonoConfig));
    validateConnection(connection);
    checkClientConfiguration(connection);
  });
}

function attempt(step) {
  try {
    step();
    return true;
  } catch (error) {
    if (error instanceof DittoError) return false;
    throw error;
  }
}

function report(run, json, what) {
  failures++;
  const text = JSON.stringify(json);
  console.error(
    `run ${run}: ${what}\n  ${text.length > 2000 ? `${text.slice(0, 2000)}… (${text.length})` : text}`,
  );
}

function connectionsOfVectors() {
  const folder = new URL('../../packages/testkit/vectors/', import.meta.url);
  const read = (path) => JSON.parse(readFileSync(new URL(path, folder), 'utf8'));
  const own = readdirSync(new URL('connections/', folder)).flatMap((file) => read(`connections/${file}`));
  const oracle = ['connection', 'connection-validation'].flatMap(
    (name) => read(`oracle/${name}.json`).vectors,
  );
  const all = [
    ...own.map(({ connectionJson }) => connectionJson),
    ...oracle.map(({ input }) => input.connection),
  ];
  return all.filter((json) => attempt(() => parseConnection(json)));
}

/** Every key and text of the documents, and what is known to be hard. */
function textsOf(list) {
  const texts = new Set([
    '{{',
    '}}',
    '{{ fn:',
    ' | ',
    '{{ header:a | fn:',
    "'",
    '%',
    '%2',
    '?filter=',
    '&',
    '(',
    ',',
    '://',
    '@',
  ]);
  const walk = (json) => {
    if (typeof json === 'string' && json.length < 200) texts.add(json);
    if (json === null || typeof json !== 'object') return;
    for (const [key, value] of Object.entries(json)) {
      texts.add(key);
      walk(value);
    }
  };
  for (const json of list) walk(json);
  return [...texts];
}
