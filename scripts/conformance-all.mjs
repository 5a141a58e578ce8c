#!/usr/bin/env node
// Runs every vector family of the repository.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const vectors = join(root, 'packages/testkit/vectors');

const files = ['oracle', 'commands', 'connections', 'pipeline'].flatMap((folder) =>
  readdirSync(join(vectors, folder)).map((file) => join(vectors, folder, file)),
);
const { status } = spawnSync(process.execPath, [join(root, 'scripts/conformance.mjs'), ...files], {
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
