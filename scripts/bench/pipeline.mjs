#!/usr/bin/env node
// How the line compares with reading JSON: ratios of times within one run, the median of several; bytes allocated a message.
// usage: node --expose-gc scripts/bench/pipeline.mjs [--runs N]
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import {
  allPlaceholders,
  builtInEngines,
  compileConnection,
  compileRql,
  compileTemplate,
  createMapperRegistry,
  defaultPipelineLimits,
  parseConnection,
  parseRql,
} from '@hawser/core';
import { scriptLatencyRatios, scriptRatios } from './scripts.mjs';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '3' } } });
const runs = Math.max(1, Number(values.runs));
const environment = {
  now: () => 0,
  newId: randomUUID,
  engines: builtInEngines,
  limits: defaultPipelineLimits,
};

const text = JSON.stringify({
  topic: 'org.acme/sensor-1/things/twin/commands/modify',
  headers: { 'correlation-id': '1b671a64-40d5-491e-99b0-da01ff1f3341', 'response-required': false },
  path: '/features/temperature/properties/value',
  value: 31.5,
  revision: 7,
});
const headers = { 'content-type': 'application/vnd.eclipse.ditto+json', device: 'sensor-1', tenant: 'acme' };
const message = { headers, text };
const context = { headers, authSubjects: ['integration:x'], connectionId: 'c', now: 0 };

const [ditto] = createMapperRegistry({}, builtInEngines, environment).resolve([]);
const template = compileTemplate('{{ header:tenant }}/devices/{{ header:device }}', allPlaceholders);
const filter = compileRql(
  parseRql('and(gt(attributes/n,3),or(eq(attributes/place,"glass house"),exists(attributes/other)))'),
);
const subject = { thing: { attributes: { n: 5, place: 'glass house' } }, context: {} };
const source = compiledSource();

const works = {
  parse: () => JSON.parse(text),
  roundTrip: () => JSON.stringify(JSON.parse(text)),
  mapper: () => ditto.mapper.mapInbound(message, context),
  rql: () => filter(subject),
  template: () => template.first(context),
  line: () => source.mapInbound(message, { sourceIndex: 0, configuredAddress: 'a', address: 'a' }),
};

for (const work of Object.values(works)) rate(work, 200);
const results = [];
for (let run = 0; run < runs; run++) {
  results.push(Object.fromEntries(Object.entries(works).map(([name, work]) => [name, rate(work, 300)])));
}
const median = (of) => results.map(of).sort((a, b) => a - b)[results.length >> 1];

console.log(`message of ${text.length} B; median of ${runs} runs`);
report(
  'Ditto mapper inbound, speed of JSON.parse + JSON.stringify',
  (r) => r.mapper / r.roundTrip,
  '>= 0.35',
);
report('RQL filter of 3 terms, time of JSON.parse', (r) => r.parse / r.rql, '<= 0.2');
report('template of 2 placeholders, time of JSON.parse', (r) => r.parse / r.template, '<= 0.4');
report('whole inbound line, speed of JSON.parse + JSON.stringify', (r) => r.line / r.roundTrip);
for (const name of ['mapper', 'rql', 'template', 'line', 'parse'])
  console.log(`${name}: ${allocated(works[name])} B allocated a message`);

const middle = (numbers) => [...numbers].sort((a, b) => a - b)[numbers.length >> 1].toFixed(2);
const speeds = middle(await scriptRatios(runs, 400));
console.log(`JavaScript mapper under load, speed of quickjs alone: ${speeds} (aim >= 0.6)`);
const delays = middle(await scriptLatencyRatios(runs, 1500));
console.log(`p99 of a script beside one that never ends, of alone: ${delays} (aim <= 1.5)`);

function report(what, of, aim) {
  console.log(`${what}: ${median(of).toFixed(2)}${aim === undefined ? '' : ` (aim ${aim})`}`);
}

/** Calls a ms over about `ms` milliseconds. */
function rate(work, ms) {
  let calls = 0;
  const start = performance.now();
  let elapsed = 0;
  while (elapsed < ms) {
    for (let i = 0; i < 500; i++) work();
    calls += 500;
    elapsed = performance.now() - start;
  }
  return calls / elapsed;
}

/** Needs --expose-gc to be exact; a collection in between shows as less than nothing and is tried again. */
function allocated(work) {
  const calls = 2000;
  for (let attempt = 0; attempt < 20; attempt++) {
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < calls; i++) work();
    const bytes = Math.round((process.memoryUsage().heapUsed - before) / calls);
    if (bytes >= 0) return bytes;
  }
  return 'unknown';
}

function compiledSource() {
  const connection = parseConnection({
    id: 'c',
    connectionType: 'mqtt',
    connectionStatus: 'open',
    uri: 'tcp://broker.example.org:1883',
    sources: [
      {
        addresses: ['a'],
        authorizationContext: ['integration:x'],
        enforcement: { input: '{{ header:device }}', filters: ['{{ thing:name }}'] },
        headerMapping: { tenant: '{{ header:tenant }}' },
      },
    ],
  });
  return compileConnection(connection, environment).sources.get(0);
}
