#!/usr/bin/env node
// Messages per second of the line, MQTT QoS 1 → AMQP 0.9.1 with confirm, PUBACK after the confirm, beside the
// hand-written bridge of limits/bridge.js with the same acknowledgement semantics, in turns in the same run.
// The line maps with the Ditto mapper (the messages are Ditto Protocol), with RawMessage (they are any bytes) and with scripts
// on both sides that read and write JSON.
// usage: node scripts/bench/bridge.mjs [--smoke] [--runs N] [--count N] [--profile FOLDER]
// Servers: HAWSER_TEST_MQTT_URL and HAWSER_TEST_AMQP_URL, else started here.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { compare, printRates, ratio } from './lineRun.mjs';

const { values } = parseArgs({
  options: {
    runs: { type: 'string' },
    count: { type: 'string' },
    smoke: { type: 'boolean', default: false },
    profile: { type: 'string' },
  },
});
const here = dirname(fileURLToPath(import.meta.url));
const line = join(here, 'lineChild.mjs');
const subjects = [
  { name: 'bridge', script: join(here, 'limits/bridge.js'), args: ['bridge'] },
  { name: 'Ditto', script: line, args: [], mapping: 'Ditto', aim: 0.7 },
  { name: 'RawMessage', script: line, args: [], mapping: 'RawMessage', aim: 0.8 },
  { name: 'JavaScript', script: line, args: [], mapping: 'JavaScript', aim: 0.4 },
];

const results = await compare(subjects, {
  count: Number(values.count ?? (values.smoke ? 1_000 : 40_000)),
  runs: Number(values.runs ?? (values.smoke ? 1 : 3)),
  profile: values.profile,
});
printRates(results);
for (const { name, aim } of subjects) {
  if (aim === undefined) continue;
  console.log(`${name}: ${ratio(results, name, 'bridge').toFixed(2)} of the bridge (aim ≥ ${aim})`);
}
