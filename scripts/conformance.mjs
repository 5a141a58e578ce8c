#!/usr/bin/env node
// Runs vector files by path and prints `folder/file: passed/total` a family. See docs/conformance.md.
// usage: node scripts/conformance.mjs [--verbose] [--only PREFIX] [--emit OUT] FILE...
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { silentLog, stringifyJson } from '@hawser/core';
import { createScriptEngine } from '@hawser/service/scripts';
import { readers as coreReaders, parseDisputes, runFamily, scriptReaders } from '@hawser/testkit/conformance';
import { httpReaders } from './conformance/httpReaders.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { verbose: { type: 'boolean' }, only: { type: 'string' }, emit: { type: 'string' } },
});
if (positionals.length === 0) {
  console.error('usage: node scripts/conformance.mjs [--verbose] [--only PREFIX] [--emit OUT] FILE...');
  process.exit(2);
}

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const disputes = parseDisputes(readFileSync(join(root, 'packages/testkit/vectors/disputed.json'), 'utf8'));
if (values.emit !== undefined) writeFileSync(values.emit, '');

const scripts = createScriptEngine({}, silentLog);
const readers = { ...coreReaders, ...scriptReaders(scripts), ...httpReaders };

let ran = 0;
let failed = 0;
let broken = 0;
for (const path of positionals) {
  const file = resolve(path);
  const name = `${basename(dirname(file))}/${basename(file, '.json')}`;
  try {
    const family = await runFamily(name, readFileSync(file, 'utf8'), readers, {
      only: values.only,
      disputes,
    });
    report(family, file);
  } catch (error) {
    broken++;
    console.log(`${name}: error: ${error instanceof Error ? error.message : error}`);
  }
}
await scripts.close();
if (ran === 0) console.log('no case ran');
process.exitCode = broken > 0 || failed > 0 || ran === 0 ? 1 : 0;

function report({ name, results }, file) {
  const passed = results.filter((result) => result.outcome === 'passed').length;
  const disputed = results.filter((result) => result.outcome === 'disputed');
  const wrong = results.filter((result) => result.outcome === 'failed');
  ran += results.length;
  failed += wrong.length;
  const note =
    disputed.length === 0 ? '' : ` (${disputed.length} disputed: ${disputed.map((d) => d.name).join('; ')})`;
  console.log(`${name}: ${passed}/${results.length}${note}`);
  for (const result of wrong)
    console.log(`  failed #${result.index} ${result.name}: ${shorten(result.difference)}`);
  if (values.verbose)
    for (const result of results) console.log(`  ${result.outcome} #${result.index} ${result.name}`);
  if (values.emit === undefined) return;
  for (const { index, name: caseName, value } of results) {
    appendFileSync(values.emit, `${stringifyJson({ file, index, name: caseName, value })}\n`);
  }
}

function shorten(text) {
  return values.verbose || text.length <= 600 ? text : `${text.slice(0, 600)}…`;
}
