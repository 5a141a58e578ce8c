#!/usr/bin/env node
// The test command: unit tests, then the integration suites over the real servers that can be started here.
// usage: node scripts/test.mjs [--unit|--integration] [jest arguments …]
// HAWSER_REQUIRE_SERVERS=1: a missing server fails. HAWSER_TEST_SUMMARY=file: counts are written there as JSON.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Fleet, serverNames, whyMissing } from './servers/fleet.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const packages = ['core', 'actors', 'protocols', 'persistence', 'http', 'service', 'testkit'];
const args = process.argv.slice(2);
const only = args.find((arg) => arg === '--unit' || arg === '--integration');
const jestArgs = args.filter((arg) => arg !== only);
const required = process.env.HAWSER_REQUIRE_SERVERS === '1';
const folder = mkdtempSync(join(tmpdir(), 'hawser-test-'));
const rejections = join(folder, 'rejections.txt');
const guard = pathToFileURL(join(root, 'scripts/rejectionGuard.mjs'));
const guardEnv = {
  HAWSER_REJECTIONS: rejections,
  NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import ${guard}`.trim(),
};
const fleet = new Fleet(join(folder, 'servers'));
const totals = { passed: 0, failed: 0, skipped: 0 };

process.exitCode = await main();

async function main() {
  let failed = false;
  try {
    // The integration suites start the built service.
    if ((await command('npm', ['run', '-s', 'build'])) !== 0) return 1;
    if (only !== '--integration') failed = (await jest(packages, [])) || failed;
    if (only !== '--unit') failed = (await integration()) || failed;
    failed = reportRejections() || failed;
  } finally {
    await fleet.down();
    rmSync(folder, { recursive: true, force: true });
  }
  console.log(`Tests: ${totals.passed} passed, ${totals.failed} failed, ${totals.skipped} skipped`);
  if (process.env.HAWSER_TEST_SUMMARY) writeFileSync(process.env.HAWSER_TEST_SUMMARY, JSON.stringify(totals));
  return failed ? 1 : 0;
}

async function integration() {
  for (const name of serverNames) {
    const reason = whyMissing(name);
    if (reason === undefined) await fleet.up(name);
    else console.log(`${required ? 'MISSING' : 'SKIPPED'}: ${name}: ${reason}`);
  }
  return await jest(
    packages.map((name) => `${name}:integration`),
    ['--runInBand', '--testTimeout=120000'],
    fleet.env(),
  );
}

/** Rejections that nobody handled fail the run as a test would. */
function reportRejections() {
  if (!existsSync(rejections)) return false;
  console.log(readFileSync(rejections, 'utf8'));
  totals.failed++;
  return true;
}

/** Runs jest over the projects; true when anything failed. */
async function jest(projects, extra, env = {}) {
  const output = join(folder, `${projects[0].replaceAll(':', '-')}.json`);
  const jestBin = join(root, 'node_modules/jest/bin/jest.js');
  const code = await command(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--no-warnings=ExperimentalWarning',
      jestBin,
      '--json',
      `--outputFile=${output}`,
    ].concat(['--passWithNoTests', ...extra, ...jestArgs, '--selectProjects', ...projects]),
    { ...guardEnv, ...env },
  );
  const result = JSON.parse(readFileSync(output, 'utf8'));
  totals.passed += result.numPassedTests;
  totals.failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
  totals.skipped += result.numPendingTests;
  return code !== 0;
}

function command(program, programArgs, env = {}) {
  return new Promise((resolve, reject) => {
    // Jest's report goes to stderr and its JSON to the file: nothing of use is on stdout.
    const child = spawn(program, programArgs, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', programArgs.includes('--json') ? 'ignore' : 'inherit', 'inherit'],
    });
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
