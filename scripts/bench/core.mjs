#!/usr/bin/env node
// Reading and validating a typical connection of 3 kB, from text to verdict, against JSON.parse of the same text in the same run.
// usage: node scripts/bench/core.mjs [--rounds N]
import { parseArgs } from 'node:util';
import { parseConnection, parseJson, validateConnection } from '@hawser/core';
import { typicalConnection } from './typicalConnection.mjs';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '10000' } } });
const rounds = Number(values.rounds);
const AIM = 12;

const text = JSON.stringify(typicalConnection());
const json = JSON.parse(text);
const connection = parseConnection(json);

const steps = {
  'JSON.parse': () => JSON.parse(text),
  parseJson: () => parseJson(text),
  parseConnection: () => parseConnection(json),
  validateConnection: () => validateConnection(connection),
  all: () => validateConnection(parseConnection(parseJson(text))),
};

for (const step of Object.values(steps)) measure(step, rounds / 10);
const runs = [1, 2, 3].map(() =>
  Object.fromEntries(Object.entries(steps).map(([name, step]) => [name, measure(step, rounds)])),
);
const median = (numbers) => numbers.toSorted((a, b) => a - b)[numbers.length >> 1];
for (const name of Object.keys(steps))
  console.log(`${name}: ${median(runs.map((run) => run[name])).toFixed(1)} µs`);
const ratio = median(runs.map((run) => run.all / run['JSON.parse']));
console.log(`${text.length} characters; ratio ${ratio.toFixed(1)} (aim <= ${AIM})`);

/** Microseconds a call. */
function measure(step, times) {
  const started = performance.now();
  for (let i = 0; i < times; i++) step();
  return ((performance.now() - started) * 1000) / times;
}
