import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('../../..', import.meta.url));

test('the example of the embedding API runs and prints what a device told', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['docs/examples/embedding/greenhouse.mjs'], {
    cwd: root,
    timeout: 30_000,
  });
  expect(stdout.trim().split('\n')).toEqual([
    'created   201 greenhouse',
    'signal    org.example/sensor-1/things/live/events/modified /features/temperature/properties/value 31.5',
    'settled   accepted',
    'published commands/sensor-1 { angle: 30 }',
    'status    open',
    'stopped',
  ]);
});
