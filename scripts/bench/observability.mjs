#!/usr/bin/env node
// What observation costs: messages per second of the line without counters and logs, with counters and muted logs, with
// counters and logs, and with all that and Fluentd, in turns in the same run.
// usage: node scripts/bench/observability.mjs [--smoke] [--runs N] [--count N]
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compare, printRates } from './lineRun.mjs';

const { values } = parseArgs({
  options: {
    smoke: { type: 'boolean' },
    runs: { type: 'string', default: '3' },
    count: { type: 'string', default: '10000' },
  },
});
const script = join(dirname(fileURLToPath(import.meta.url)), 'lineChild.mjs');
const aims = { off: 1, muted: 0.97, logs: 0.9, fluentd: 0.9, traced: undefined };
const subjects = Object.keys(aims).map((name) => ({
  name,
  script,
  args: [],
  mapping: 'Ditto',
  env: { OBSERVE: name },
}));

const size = values.smoke
  ? { runs: 1, count: 1_000 }
  : { runs: Number(values.runs), count: Number(values.count) };
const rates = printRates(await compare(subjects, size));
for (const [name, aim] of Object.entries(aims)) {
  if (name === 'off') continue;
  const ratio = (rates[name] / rates.off).toFixed(2);
  console.log(`ratio ${name}/off ${ratio}${aim === undefined ? '' : ` (aim ≥ ${aim})`}`);
}
