#!/usr/bin/env node
// The unit tests and a quickstart on other Node versions than the one that runs this, taken from npm into node_modules/.cache.
// usage: node scripts/node-versions.mjs [22 24 …]
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
/** What is tested, as exact as the lock file. */
const VERSIONS = { 20: '20.19.5', 22: '22.23.3', 24: '24.9.0' };
const majors = process.argv.length > 2 ? process.argv.slice(2) : ['22', '24'];

let failed = 0;
for (const major of majors) {
  const node = install(major);
  const path = `${dirname(node)}:${process.env.PATH}`;
  for (const script of ['test:unit', 'quickstart']) {
    const args = ['run', '-s', script, ...(script === 'quickstart' ? ['--', '--once'] : [])];
    const started = performance.now();
    const { status, stdout, stderr } = spawnSync('npm', args, {
      cwd: root,
      env: { ...process.env, PATH: path },
      encoding: 'utf8',
    });
    const seconds = ((performance.now() - started) / 1000).toFixed(0);
    console.log(`node ${VERSIONS[major]}: ${script} ${status === 0 ? 'ok' : 'FAILED'} (${seconds} s)`);
    if (status === 0) continue;
    failed++;
    console.log(`${stdout}\n${stderr}`.slice(-20_000));
  }
}
process.exitCode = failed > 0 ? 1 : 0;

/** Path of the `node` of this major version. */
function install(major) {
  const version = VERSIONS[major];
  if (version === undefined) throw new Error(`unknown version ${major}: ${Object.keys(VERSIONS).join(', ')}`);
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const folder = join(root, 'node_modules', '.cache', 'hawser', `node-${version}`);
  const binary = join(folder, 'node_modules', name, 'bin', 'node');
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true });
    const { status, stderr } = spawnSync(
      'npm',
      ['install', '--prefix', folder, '--no-save', '--no-audit', '--no-fund', `${name}@${version}`],
      { encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`${name}@${version} cannot be installed: ${stderr}`);
  }
  return binary;
}
