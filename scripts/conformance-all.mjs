#!/usr/bin/env node
// Runs every vector family of the repository but those that pending.json names with the reason, and prints those too.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const vectors = join(root, 'packages/testkit/vectors');
const pending = JSON.parse(readFileSync(join(vectors, 'pending.json'), 'utf8'));

const families = ['oracle', 'commands', 'connections', 'pipeline'].flatMap((folder) =>
  readdirSync(join(vectors, folder)).map((file) => `${folder}/${file.replace(/\.json$/, '')}`),
);
const files = families.filter((name) => !(name in pending)).map((name) => join(vectors, `${name}.json`));
const { status } = spawnSync(process.execPath, [join(root, 'scripts/conformance.mjs'), ...files], {
  stdio: 'inherit',
});
for (const [name, reason] of Object.entries(pending)) console.log(`NOT YET: ${name}: ${reason}`);
process.exitCode = status ?? 1;
