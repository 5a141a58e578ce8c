import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { takeProcessLock } from './processLock.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hawser-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a folder that is held is refused with the holder named', async () => {
  const lock = await takeProcessLock(folder);
  await expect(takeProcessLock(folder)).rejects.toMatchObject({
    reason: 'refused',
    message: expect.stringContaining(`pid ${process.pid} on `),
  });
  await lock.release();
});

test('a released lock can be taken again, and leaves nothing behind but one dead socket', async () => {
  for (let round = 0; round < 5; round++) await (await takeProcessLock(folder)).release();
  expect(readdirSync(folder).sort()).toEqual(['lock.5', 'lock.json']);
});

test('of many that find the same dead lock one wins', async () => {
  await (await takeProcessLock(folder)).release();
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => takeProcessLock(folder)));
  const won = outcomes.filter((outcome) => outcome.status === 'fulfilled');
  expect(won).toHaveLength(1);
  for (const { value } of won) await value.release();
});

test('a plain file in the place of the socket is no living holder', async () => {
  writeFileSync(join(folder, 'lock.7'), '');
  const lock = await takeProcessLock(folder);
  expect(readdirSync(folder)).toContain('lock.8');
  await lock.release();
});

test('a path too long for a socket address works too', async () => {
  const deep = join(folder, 'x'.repeat(100), 'y'.repeat(100));
  mkdirSync(deep, { recursive: true });
  const lock = await takeProcessLock(deep);
  await expect(takeProcessLock(deep)).rejects.toMatchObject({ reason: 'refused' });
  await lock.release();
});
