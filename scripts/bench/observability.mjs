#!/usr/bin/env node
// What observation costs: messages per second of the line without counters and logs, with counters and muted logs, with
// counters and logs, with all that and Fluentd, with traces, and with logs in a build without tracing, in turns in the
// same run. Where the machine is shared, the processor time is the truer figure.
// usage: node scripts/bench/observability.mjs [--smoke] [--runs N] [--count N]
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compare, printRates, ratio } from './lineRun.mjs';

const { values } = parseArgs({
  options: {
    smoke: { type: 'boolean' },
    runs: { type: 'string', default: '3' },
    count: { type: 'string', default: '40000' },
  },
});
const script = join(dirname(fileURLToPath(import.meta.url)), 'lineChild.mjs');
const untraced = new URL('untraced.mjs', import.meta.url).href;
const subject = (name) => ({ name, script, args: [], mapping: 'Ditto', env: { OBSERVE: name } });
const subjects = [
  ...['off', 'muted', 'logs', 'fluentd', 'traced'].map(subject),
  { ...subject('logs'), name: 'untraced', execArgv: ['--import', untraced] },
];
/** `[subject, what it is compared with, least ratio]` */
const comparisons = [
  ['muted', 'off', 0.97],
  ['logs', 'off', 0.9],
  ['fluentd', 'off', 0.9],
  ['traced', 'off', undefined],
  // tracing that is off, beside a build that has none
  ['logs', 'untraced', 0.99],
];

const size = values.smoke
  ? { runs: 1, count: 1_000 }
  : { runs: Number(values.runs), count: Number(values.count) };
const results = await compare(subjects, size);
printRates(results);
for (const [name, baseline, aim] of comparisons) {
  const perSecond = ratio(results, name, baseline).toFixed(2);
  const perCpu = ratio(results, name, baseline, ({ cpuUs }) => 1 / cpuUs).toFixed(3);
  const wanted = aim === undefined ? '' : ` (aim ≥ ${aim})`;
  console.log(`ratio ${name}/${baseline} ${perSecond}, by processor time ${perCpu}${wanted}`);
}
