import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type CommandLine, curlBlocksOf, isAsShown } from './commandLines.ts';
import { HawserProcess } from './hawserProcess.ts';
import { startBroker, type ThrowawayBroker } from './throwawayBroker.ts';

const pages = [
  'README.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => `docs/${file}`),
];
const linesOf = (page: string): readonly CommandLine[] => curlBlocksOf(readFileSync(page, 'utf8'));

let data: string;
let hawser: HawserProcess;
let broker: ThrowawayBroker;

beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'hawser-docs-'));
  broker = await startBroker();
  hawser = await HawserProcess.start({ env: { HAWSER_DATA: data } });
});

afterEach(async () => {
  await hawser.kill();
  await broker.close();
  rmSync(data, { recursive: true, force: true });
});

/** Pastes the block into a shell; the addresses alone, and the variables for them, are those of this test. */
function paste(script: string): Promise<string> {
  const here = script
    .replaceAll('http://127.0.0.1:8080', hawser.url)
    .replaceAll('tcp://127.0.0.1:1883', `tcp://127.0.0.1:${broker.port}`);
  return new Promise((resolve, reject) => {
    const shell = spawn('bash', ['-c', here], {
      env: { PATH: process.env['PATH'], HAWSER: hawser.url, ID: 'devices-in' },
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: 60_000,
    });
    let printed = '';
    shell.stdout.on('data', (chunk: Buffer) => {
      printed += chunk.toString('utf8');
    });
    shell.once('error', reject);
    shell.once('close', (code) =>
      code === 0 ? resolve(printed.trim()) : reject(new Error(`ended with ${code}: ${here}`)),
    );
  });
}

/** What was printed, where it is not what the page shows; true when it is. */
async function outcome({ script, printed, language }: CommandLine): Promise<unknown> {
  const actual = await paste(script);
  if (printed === undefined) return `nothing is shown of: ${actual}`;
  const isEqual =
    language === 'json'
      ? isAsShown(JSON.parse(printed), JSON.parse(actual))
      : isAsShown(printed.trim(), actual);
  return isEqual || `printed ${actual}`;
}

describe('the curl sessions of', () => {
  test.each(pages.filter((page) => linesOf(page).length > 0))('%s print what is shown', async (page) => {
    for (const line of linesOf(page))
      expect([page, line.line, await outcome(line)]).toEqual([page, line.line, true]);
  });

  test('README.md and docs/connections.md are among them', () => {
    for (const page of ['README.md', 'docs/connections.md']) expect(linesOf(page).length).toBeGreaterThan(4);
  });
});

describe('an answer is as it is shown', () => {
  test.each([
    [{ a: 1 }, { a: 1, more: 2 }],
    ['b…', 'bcd'],
    [['…'], [1, 2]],
    [[1, '…'], [1]],
  ])('%j by %j', (shown, actual) => {
    expect(isAsShown(shown, actual)).toBe(true);
  });

  test.each([
    [{ a: 1 }, { b: 1 }],
    [{ a: 1 }, { a: 2 }],
    ['b…', 'cd'],
    [[1], [1, 2]],
    [[1, '…'], []],
    [{}, []],
    ['1', 1],
  ])('%j, and not by %j', (shown, actual) => {
    expect(isAsShown(shown, actual)).toBe(false);
  });
});
