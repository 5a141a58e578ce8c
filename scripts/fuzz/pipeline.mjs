#!/usr/bin/env node
// Sends made-up connections, filters and messages through the line. Only Ditto's errors may come out, filters read the same
// once printed, no prototype changes, and no case takes longer than 100 ms. Exits 1 otherwise.
// usage: node scripts/fuzz/pipeline.mjs [--runs N] [--seed S]
import { parseArgs } from 'node:util';
import {
  builtInEngines,
  compileConnection,
  compileRql,
  defaultPipelineLimits,
  isDittoError,
  parseAdaptable,
  parseConnection,
  parseRql,
  printRql,
  signalFromAdaptable,
  topicFilterPlaceholders,
  withHeaders,
} from '@hawser/core';
import { randomOf } from './mutate.mjs';
import { createCases } from './pipelineCases.mjs';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '200000' }, seed: { type: 'string' } },
});
const runs = Number(values.runs);
const seed = Number(values.seed ?? Date.now() % 2 ** 32);

const LIMIT_MS = 100;
const environment = {
  now: () => 1_700_000_000_000,
  newId: () => 'id',
  engines: builtInEngines,
  limits: defaultPipelineLimits,
};
const placeholders = topicFilterPlaceholders;
const cases = createCases(randomOf(seed));
const counts = {};
let slowest = 0;
let failures = 0;
let input;

console.log(`fuzz:pipeline seed ${seed}, ${runs} runs`);
const started = performance.now();
for (let run = 0; run < runs && failures < 10; run++) await tryOne(run);
const seconds = ((performance.now() - started) / 1000).toFixed(1);
for (const [what, count] of Object.entries(counts).sort()) console.log(`  ${count} ${what}`);
console.log(`${failures} failures in ${seconds} s; slowest ${slowest.toFixed(1)} ms`);
process.exitCode = failures > 0 ? 1 : 0;

async function tryOne(run) {
  const start = performance.now();
  try {
    await (run % 2 === 0 ? filterCase() : lineCase());
    const ms = performance.now() - start;
    slowest = Math.max(slowest, ms);
    if (ms > LIMIT_MS) throw new Error(`took ${ms.toFixed(0)} ms`);
    if ({}.x !== undefined || {}.polluted !== undefined) throw new Error('a prototype was changed');
  } catch (error) {
    failures++;
    console.error(`run ${run}: ${error?.stack ?? error}\n${JSON.stringify(input).slice(0, 3000)}`);
  }
}

function filterCase() {
  const text = cases.damage(cases.filter());
  const thing = cases.object();
  input = { text, thing };
  const node = unlessRefused('filter', () => parseRql(text, { placeholders }));
  if (node === undefined) return;
  const printed = printRql(node);
  if (printRql(parseRql(printed, { placeholders })) !== printed)
    throw new Error(`read differently: ${printed}`);
  const matches = unlessRefused('filter', () => compileRql(node));
  if (matches !== undefined) count(`filters ${matches({ thing, context: { headers: { a: 'b' } } })}`);
}

async function lineCase() {
  const connection = cases.connection();
  const message = {
    headers: cases.headers(),
    text: cases.damage(JSON.stringify(cases.protocolMessage()), 0.2),
  };
  const published = cases.protocolMessage();
  input = { connection, message, published };
  const compiled = unlessRefused('connection', () =>
    compileConnection(parseConnection(connection), environment),
  );
  if (compiled === undefined) return;
  await receive(compiled, message);
  const signal = unlessRefused('protocol message', () => signalFromAdaptable(parseAdaptable(published)));
  if (signal === undefined) return;
  const headers = withHeaders(signal.headers, { 'ditto-read-subjects': '["s:1"]' });
  await publish(compiled, { ...signal, headers });
}

async function receive(compiled, message) {
  const origin = { sourceIndex: 0, configuredAddress: 'a', address: 'a' };
  for (const { outcome, error, signals } of await compiled.sources.get(0).mapInbound(message, origin)) {
    count(`mappers ${outcome}`);
    if (error !== undefined) refuse('mapper', error);
    for (const each of signals) {
      if ('error' in each) refuse(each.stage, each.error);
      else count('signals received');
    }
  }
}

async function publish(compiled, signal) {
  for (const target of [...compiled.selectTargets(signal), ...compiled.replyTargets.values()]) {
    const fields = target.extraFields(signal);
    const enriched = fields.length === 0 ? {} : target.enrich(signal, cases.object());
    if (enriched === undefined) continue;
    for (const { results } of await target.mapOutbound(signal, enriched.extra)) {
      for (const result of results) {
        if ('error' in result) refuse('publication', result.error);
        else count('publish' in result ? 'messages published' : 'messages dropped');
      }
    }
  }
}

/** Undefined when the answer is one of Ditto's errors. */
function unlessRefused(what, make) {
  try {
    return make();
  } catch (error) {
    refuse(what, error);
    return undefined;
  }
}

function refuse(what, error) {
  if (!isDittoError(error)) throw error;
  count(`${what} refused`);
}

function count(what) {
  counts[what] = (counts[what] ?? 0) + 1;
}
