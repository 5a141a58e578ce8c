#!/usr/bin/env node
// Time from process start to `ready` on an empty embedded journal, and resident memory then. Beside it: bare Node that prints a line.
// usage: node scripts/bench/start.mjs [--runs N]
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { nodeOptions, service } from '../startCommand.mjs';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } } });

const hawser = await repeat(() => {
  const data = mkdtempSync(join(tmpdir(), 'hawser-start-'));
  const env = { ...process.env, HAWSER_DATA: data, HTTP_PORT: '0', MONGO_DB_URI: '' };
  return measure([...nodeOptions, ...service], (line) => line.includes('"msg":"ready"'), env).finally(() =>
    rmSync(data, { recursive: true, force: true }),
  );
});
const bare = await repeat(() =>
  measure(['-e', 'console.log("up");setInterval(()=>{},1000)'], (line) => line === 'up'),
);

console.log(`ready after ${hawser.ms} ms (aim < 400), RSS ${hawser.rssMb} MB (aim < 120)`);
console.log(
  `bare node: first line after ${bare.ms} ms, RSS ${bare.rssMb} MB; ratio ${(hawser.ms / bare.ms).toFixed(1)}`,
);

async function repeat(once) {
  const results = [];
  for (let run = 0; run < Number(values.runs); run++) results.push(await once());
  const median = (key) => results.map((result) => result[key]).sort((a, b) => a - b)[results.length >> 1];
  return { ms: Math.round(median('ms')), rssMb: Math.round(median('rssMb')) };
}

function measure(args, isReady, env = process.env) {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let result;
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (result !== undefined || !isReady(line)) return;
      result = { ms: performance.now() - started, rssMb: residentMb(child.pid) };
      child.kill('SIGTERM');
    });
    child.once('close', (code) =>
      result === undefined ? reject(new Error(`ended with ${code} before it was ready`)) : resolve(result),
    );
  });
}

function residentMb(pid) {
  const kb = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kb) / 1024;
}
