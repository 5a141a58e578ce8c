#!/usr/bin/env node
// Packs every publishable package, installs the tarballs in an empty folder, imports each, asks the program its version and
// starts it.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
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
  if (!existsSync(join(folder, 'node_modules/@hawser/service/bundle/main.js')))
    throw new Error('the program comes without its bundle: npm run build');
  console.log(`hawser start: ready after ${await startFrom(folder)} ms`);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Starts the installed program and stops it; resolves to the time until it was ready, ms. */
async function startFrom(cwd) {
  const since = performance.now();
  const env = { PATH: process.env.PATH, HTTP_PORT: '0', HAWSER_DATA: join(cwd, 'data') };
  const child = spawn(join(cwd, 'node_modules/.bin/hawser'), ['start'], { cwd, env });
  const exited = once(child, 'exit');
  let said = '';
  const ready = new Promise((resolve) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (data) => {
        said += data;
        if (said.includes('"msg":"ready"')) resolve('ready');
      });
  });
  const patience = setTimeout(30_000, 'too late', { ref: false });
  const outcome = await Promise.race([ready, exited, patience]);
  const took = Math.round(performance.now() - since);
  child.kill('SIGTERM');
  const [code] = await exited;
  if (outcome !== 'ready' || code !== 0)
    throw new Error(`hawser start ended with ${code}: ${said.slice(-2_000)}`);
  return took;
}

function run(program, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed: ${error?.message ?? stderr}`);
  return stdout;
}
