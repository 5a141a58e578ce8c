import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';

const folder = fileURLToPath(new URL('../../../docs/examples/embedding/', import.meta.url));
const examples = readdirSync(folder).filter((name) => name.endsWith('.mjs'));

describe('the examples of embedding', () => {
  test.each(examples)('%s runs as it stands and ends by itself', async (name) => {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [join(folder, name)], {
      timeout: 30_000,
    });
    expect(stderr).toBe('');
    expect(stdout).not.toBe('');
  });
});
