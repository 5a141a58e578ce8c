#!/usr/bin/env node
// Packs every publishable package, installs the tarballs in an empty folder, imports each and asks the program its version.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = mkdtempSync(join(tmpdir(), 'hawser-tarballs-'));

const packages = readdirSync(join(root, 'packages'))
  .map((name) => JSON.parse(readFileSync(join(root, 'packages', name, 'package.json'), 'utf8')))
  .filter((manifest) => manifest.private !== true);

try {
  const tarballs = packages.map(({ name }) => {
    const [{ filename }] = JSON.parse(
      run('npm', ['pack', '--json', '--pack-destination', folder, '-w', name], root),
    );
    return join(folder, filename);
  });
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'empty', private: true, type: 'module' }),
  );
  run('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...tarballs], folder);
  for (const { name } of packages) {
    const exported = Number(
      run(
        process.execPath,
        ['-e', `import('${name}').then((m) => console.log(Object.keys(m).length))`],
        folder,
      ),
    );
    if (!(exported > 0)) throw new Error(`${name} exports nothing`);
    console.log(`${name}: ${exported} names`);
  }
  const version = run(join(folder, 'node_modules/.bin/hawser'), ['--version'], folder).trim();
  const expected = packages.find(({ name }) => name === '@hawser/service').version;
  if (version !== expected) throw new Error(`hawser --version printed ${version}, expected ${expected}`);
  console.log(`hawser --version: ${version}`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function run(program, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed: ${error?.message ?? stderr}`);
  return stdout;
}
