import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';

const crash = (...args: readonly string[]) =>
  spawnSync(process.execPath, ['scripts/crash/crash.mjs', '--store', 'lmdb', '--seed', '7', ...args], {
    encoding: 'utf8',
  });

test('kills at named points lose nothing', () => {
  const { status, stdout } = crash('--rounds', '4');
  expect(stdout).toMatch(/4 rounds of seed 7 .*nothing lost/);
  expect(status).toBe(0);
});

test('a build that answers before it appends is found out', () => {
  const { status, stdout } = crash('--rounds', '4', '--break', 'reply-before-append');
  expect(stdout).toContain('acknowledged, and not in the journal');
  expect(status).toBe(1);
});
