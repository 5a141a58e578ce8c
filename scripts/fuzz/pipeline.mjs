#!/usr/bin/env node
// Sends made-up connections, filters and messages through the line. Only Ditto's errors may come out, filters read the same
// once printed, no prototype changes, and none takes longer than 20 ms per 10 kB. Exits 1 otherwise. Short form: --runs 20000.
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
import { randomOf } from '../random.mjs';
import { createMutator } from './mutate.mjs';
import { createCases } from './pipelineCases.mjs';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '1000000' }, seed: { type: 'string' } },
});
const runs = Number(values.runs);
const seed = Number(values.seed ?? Date.now() % 2 ** 32);

const LIMIT_MS = 20;
const LIMIT_BYTES = 10_000;
/** One part of one case in so many is inflated. */
const INFLATE_EVERY = 50;
const environment = {
  now: () => 1_700_000_000_000,
  newId: () => 'id',
  engines: builtInEngines,
  limits: defaultPipelineLimits,
};
const placeholders = topicFilterPlaceholders;
const random = randomOf(seed);
const cases = createCases(random);
const HARD = ['{{ header:a }}', "fn:split(',')", '{{', 'a', '*?', '/', '(', '"', '\\', 'ü', ' | ', '0'];
const { inflate } = createMutator(random, HARD, LIMIT_BYTES);
const counts = {};
let isCounting = true;
let slowest = 0;
let failures = 0;

console.log(`fuzz:pipeline seed ${seed}, ${runs} runs`);
const started = performance.now();
for (let run = 0; run < runs && failures < 10; run++) await tryOne(run);
const seconds = ((performance.now() - started) / 1000).toFixed(1);
for (const [what, count] of Object.entries(counts).sort()) console.log(`  ${count} ${what}`);
console.log(`${failures} failures in ${seconds} s; slowest ${slowest.toFixed(1)} ms per 10 kB`);
process.exitCode = failures > 0 ? 1 : 0;

async function tryOne(run) {
  const input = inputOf(run);
  try {
    const ms = await timeOf(run % 2 === 0 ? judgeFilter : judgeLine, input);
    slowest = Math.max(slowest, ms);
    if (ms > LIMIT_MS) throw new Error(`took ${ms.toFixed(0)} ms per 10 kB`);
    if ({}.x !== undefined || {}.polluted !== undefined) throw new Error('a prototype was changed');
  } catch (error) {
    failures++;
    console.error(`run ${run}: ${error?.stack ?? error}\n${JSON.stringify(input).slice(0, 3000)}`);
  }
}

function inputOf(run) {
  const input = run % 2 === 0 ? filterInput() : lineInput();
  if (Math.floor(run / 2) % INFLATE_EVERY !== 0) return input;
  const parts = Object.keys(input);
  const part = parts[Math.floor(random() * parts.length)];
  return { ...input, [part]: inflate(input[part]) };
}

function filterInput() {
  return { text: cases.damage(cases.filter()), thing: cases.object() };
}

function lineInput() {
  return {
    connection: cases.connection(),
    headers: cases.headers(),
    text: cases.damage(JSON.stringify(cases.protocolMessage()), 0.2),
    published: cases.protocolMessage(),
  };
}

/** Milliseconds, per 10 kB of what is larger; of what seems slow the best of four, for the machine has other work. */
async function timeOf(judge, input) {
  const size = Math.max(1, JSON.stringify(input).length / LIMIT_BYTES);
  let best = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < 4 && best > LIMIT_MS; attempt++) {
    isCounting = attempt === 0;
    const before = performance.now();
    await judge(input);
    best = Math.min(best, (performance.now() - before) / size);
  }
  return best;
}

function judgeFilter({ text, thing }) {
  const node = unlessRefused('filter', () => parseRql(text, { placeholders }));
  if (node === undefined) return;
  const printed = printRql(node);
  if (printRql(parseRql(printed, { placeholders })) !== printed)
    throw new Error(`read differently: ${printed}`);
  const matches = unlessRefused('filter', () => compileRql(node));
  if (matches !== undefined) count(`filters ${matches({ thing, context: { headers: { a: 'b' } } })}`);
}

async function judgeLine({ connection, headers, text, published }) {
  const compiled = unlessRefused('connection', () =>
    compileConnection(parseConnection(connection), environment),
  );
  if (compiled === undefined) return;
  await receive(compiled, { headers, text });
  const signal = unlessRefused('protocol message', () => signalFromAdaptable(parseAdaptable(published)));
  if (signal === undefined) return;
  const readable = withHeaders(signal.headers, { 'ditto-read-subjects': '["s:1"]' });
  await publish(compiled, { ...signal, headers: readable });
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
  if (isCounting) counts[what] = (counts[what] ?? 0) + 1;
}
