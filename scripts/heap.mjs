#!/usr/bin/env node
// Opens and deletes connections on a transport in memory, again and again: the heap must not grow with the rounds.
// usage: node --expose-gc scripts/heap.mjs [--connections 1000] [--rounds 100]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startHawser } from '@hawser/service';
import { forEachOf, openStore } from './bench/actorsStore.mjs';
import { loopback } from './bench/loopback.mjs';

const { values } = parseArgs({
  options: {
    connections: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '100' },
  },
});
const connections = Number(values.connections);
const rounds = Number(values.rounds);
const LIMIT = 1.05;
const REGION = '/system/sharding/connection';

const folder = mkdtempSync(join(tmpdir(), 'hawser-heap-'));
const hawser = await startHawser({
  store: await openStore(folder),
  adapters: [loopback().adapter],
  probe: async () => undefined,
  // a deleted connection leaves memory soon, not after five minutes
  settings: { 'ditto.connectivity.connection.activity-check.deleted-interval': '50ms' },
});

try {
  let first;
  let last;
  for (let round = 1; round <= rounds; round++) {
    await openAndDelete();
    // every actor of the round leaves meanwhile
    await new Promise((resolve) => setTimeout(resolve, 300));
    last = heap();
    first ??= last;
    if (round % Math.ceil(rounds / 10) === 0 || round === 1) console.log(`round ${round}: ${last} bytes`);
  }
  const ratio = last / first;
  const isOk = ratio <= LIMIT;
  console.log(
    `heap after ${rounds} rounds of ${connections} connections: ${ratio.toFixed(3)} of round 1 (limit ${LIMIT}): ${isOk ? 'ok' : 'FAILED'}`,
  );
  process.exitCode = isOk ? 0 : 1;
} finally {
  await hawser.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function openAndDelete() {
  await forEachOf(connections, 50, async (number) => {
    const id = `heap-${number}`;
    const connection = {
      id,
      connectionType: 'mqtt',
      connectionStatus: 'closed',
      uri: 'tcp://in.process:1883',
      sources: [{ addresses: ['in'], qos: 1, authorizationContext: ['a:b'] }],
      targets: [
        { address: 'out', qos: 1, topics: ['_/_/things/live/messages'], authorizationContext: ['a:b'] },
      ],
    };
    await ask(201, { type: 'connectivity.commands:createConnection', connection });
    await ask(200, { type: 'connectivity.commands:openConnection', connectionId: id });
    await ask(204, { type: 'connectivity.commands:deleteConnection', connectionId: id });
  });
}

async function ask(expected, command) {
  const { json } = await hawser.ask(REGION, command, { timeout: '60s' });
  if (json.status !== expected) throw new Error(JSON.stringify(json));
}

/** Bytes in use. */
function heap() {
  for (let i = 0; i < 4; i++) globalThis.gc();
  return process.memoryUsage().heapUsed;
}
