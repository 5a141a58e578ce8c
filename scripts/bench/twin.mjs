#!/usr/bin/env node
// What the twin costs beside what lies below it: changes of things that are answered when they are durable, against a loop
// that reads the same messages and appends their events; queries; and how long the store takes to open with many things.
// usage: node scripts/bench/twin.mjs [--runs N] [--count N] [--things N] [--smoke]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { InProcessTwin } from '@hawser/actors';
import { parseAdaptable, parseJson, signalFromAdaptable } from '@hawser/core';
import { LmdbStore } from '@hawser/persistence';
import { systemClock as clock } from '../../packages/service/dist/systemClock.js';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    count: { type: 'string', default: '40000' },
    things: { type: 'string', default: '1000' },
    smoke: { type: 'boolean', default: false },
  },
});
const runs = values.smoke ? 1 : Number(values.runs);
const count = values.smoke ? 4000 : Number(values.count);
const things = values.smoke ? 200 : Number(values.things);
const IN_FLIGHT = 200;
const folder = mkdtempSync(join(tmpdir(), 'hawser-twin-'));
const log = {
  debug() {},
  info() {},
  warn: console.error,
  error: console.error,
  child: () => log,
  level: () => 'error',
};

const command = (thing, action, path, value) =>
  JSON.stringify({
    topic: `org.acme/thing-${thing}/things/twin/commands/${action}`,
    headers: { 'correlation-id': `c-${thing}` },
    path,
    ...(value === undefined ? {} : { value }),
  });
const update = (thing, n) =>
  command(thing, 'modify', '/features/temperature/properties/value', {
    celsius: n,
    unit: '°C',
    at: 'inside',
  });

try {
  const ratios = [];
  for (let run = 0; run < runs; run++) ratios.push(await measure(run));
  const middle = ratios.sort((a, b) => a - b)[Math.floor(ratios.length / 2)];
  console.log(`=> durable change of a thing: ${middle.toFixed(2)} of the loop, median of ${runs}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(0);

async function measure(run) {
  const loopRate = await bareLoop(join(folder, `loop-${run}`));
  const path = join(folder, `store-${run}`);
  const store = new LmdbStore({ folder: path, clock, log });
  await store.open();
  const twin = twinOver(store);
  for (let thing = 0; thing < things; thing++)
    await ask(
      twin,
      command(thing, 'create', '/', { features: { temperature: { properties: { value: {} } } } }),
    );
  const twinRate = await rate(count, (thing, n) => ask(twin, update(thing, n)));
  const queryRate = await rate(count, (thing) => ask(twin, command(thing, 'retrieve', '/features')));
  await store.close();

  const since = performance.now();
  const again = new LmdbStore({ folder: path, clock, log });
  await again.open();
  const opened = performance.now() - since;
  await again.close();
  const ratio = twinRate / loopRate;
  console.log(
    `change, ${IN_FLIGHT} in flight: ${twinRate.toFixed(0)}/s; loop: ${loopRate.toFixed(0)}/s; ratio ${ratio.toFixed(2)}; ` +
      `query: ${queryRate.toFixed(0)}/s; opened with ${things} things in ${opened.toFixed(0)} ms`,
  );
  return ratio;
}

/** Reads the messages and appends their events to the journal: what a twin without things would have to do. */
async function bareLoop(path) {
  const store = new LmdbStore({ folder: path, clock, log });
  await store.open();
  const last = new Map();
  const loopRate = await rate(count, (thing, n) => {
    const { path: at, value } = parseJson(update(thing, n));
    const [pid, sn] = [`thing:org.acme:thing-${thing}`, (last.get(thing) ?? 0) + 1];
    last.set(thing, sn);
    const type = 'things.events:featurePropertyModified';
    const event = {
      type,
      thingId: `org.acme:thing-${thing}`,
      revision: sn,
      featureId: 'temperature',
      property: at,
      value,
    };
    return store.journal.append([
      { pid, sn, type, tags: [], timestamp: clock.now(), event, writer: 'bench', epoch: 1 },
    ]);
  });
  await store.close();
  return loopRate;
}

function twinOver(store) {
  return new InProcessTwin({
    store,
    clock,
    log,
    instance: 'bench',
    authorization: 'static-grant',
    maxCached: 100_000,
  });
}

function ask(twin, text) {
  return new Promise((resolve, reject) => {
    const reply = (answer) => {
      if (answer.status < 300) resolve();
      else reject(new Error(JSON.stringify(answer.adaptable.value)));
    };
    twin.submit(signalFromAdaptable(parseAdaptable(parseJson(text))), { voyage: undefined, reply });
  });
}

/** Calls a second, by so many workers, each at a thing of its own at a time. */
async function rate(total, call) {
  let next = 0;
  const since = performance.now();
  await Promise.all(
    Array.from({ length: IN_FLIGHT }, async () => {
      for (let n = next++; n < total; n = next++) await call(n % things, n);
    }),
  );
  return (total / (performance.now() - since)) * 1000;
}
