#!/usr/bin/env node
// Random stories of commands, crashes, moves and store faults against the real actors; see packages/testkit/src/model.
// usage: node scripts/model.mjs [--runs 10000] [--seed S [--path P]] [--break reply-before-append]
// With --break the actors answer before their journal is written: the run must then fail.
import { parseArgs } from 'node:util';
import { startActorSystem } from '@hawser/actors';
import { checkModel } from '@hawser/testkit/without-jest';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000' },
    seed: { type: 'string' },
    path: { type: 'string' },
    break: { type: 'string' },
  },
});
if (values.break !== undefined && values.break !== 'reply-before-append') {
  console.error(`--break knows reply-before-append, not ${values.break}`);
  process.exit(2);
}

const started = performance.now();
const report = await checkModel(startActorSystem, {
  runs: Number(values.runs),
  ...(values.seed === undefined ? {} : { seed: Number(values.seed) }),
  ...(values.path === undefined ? {} : { path: values.path }),
  ...(values.break === undefined ? {} : { breaks: values.break }),
});
if (report.text !== '') console.log(report.text);
const seconds = ((performance.now() - started) / 1000).toFixed(1);
console.log(
  `model: ${report.runs} stories, seed ${report.seed}, ${seconds} s: ${report.isOk ? 'ok' : 'FAILED'}`,
);
process.exitCode = report.isOk ? 0 : 1;
