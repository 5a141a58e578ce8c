#!/usr/bin/env node
// Messages per second of the line, MQTT QoS 1 → AMQP 0.9.1 with confirm, PUBACK after the confirm, beside the
// hand-written bridge of limits/bridge.js with the same acknowledgement semantics, in turns in the same run.
// usage: node scripts/bench/bridge.mjs [--runs N] [--count N]
// Servers: HAWSER_TEST_MQTT_URL and HAWSER_TEST_AMQP_URL, else started here.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compare, printRates } from './lineRun.mjs';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '3' }, count: { type: 'string', default: '10000' } },
});
const here = dirname(fileURLToPath(import.meta.url));
const subjects = [
  { name: 'bridge', script: join(here, 'limits/bridge.js'), args: ['bridge'] },
  { name: 'line', script: join(here, 'lineChild.mjs'), args: [], mapping: 'Ditto' },
];

const { bridge, line } = printRates(
  await compare(subjects, { runs: Number(values.runs), count: Number(values.count) }),
);
console.log(`ratio ${(line / bridge).toFixed(2)} (aim ≥ 0.7)`);
