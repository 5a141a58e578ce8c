#!/usr/bin/env node
// Puts the built program into few files, packages/service/bundle: Node then opens a dozen modules at a start instead of 700.
// Libraries stay outside, and so does everything that is loaded when it is wanted. The embedding API is not bundled.
// usage: tsc -b && node scripts/bundle.mjs
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const packages = join(root, 'packages');
const service = join(packages, 'service');
const outdir = join(service, 'bundle');

rmSync(outdir, { recursive: true, force: true });
const { metafile } = await build({
  // what starts as a program or thread of its own is looked for beside the module that starts it
  entryPoints: {
    main: join(service, 'dist/main.js'),
    scriptWorker: join(service, 'dist/scripts/scriptWorker.js'),
    checkChild: join(packages, 'persistence/dist/lmdb/checkChild.js'),
  },
  outdir,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  metafile: true,
  logLevel: 'warning',
  plugins: [{ name: 'libraries stay outside', setup: keepLibrariesOutside }],
});
checkDependencies(librariesOf(metafile));

function keepLibrariesOutside(esbuild) {
  esbuild.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
    kind === 'entry-point' || path.startsWith('@hawser/') ? undefined : { path, external: true },
  );
}

/** Names of the packages that the bundle imports. */
function librariesOf({ outputs }) {
  const paths = Object.values(outputs).flatMap(({ imports }) =>
    imports.filter(({ external }) => external).map(({ path }) => path),
  );
  const isBuiltIn = (path) => path.startsWith('node:') || builtinModules.includes(path);
  const nameOf = (path) =>
    path
      .split('/')
      .slice(0, path.startsWith('@') ? 2 : 1)
      .join('/');
  return new Set(paths.filter((path) => !isBuiltIn(path)).map(nameOf));
}

/** The bundle is a part of the service: what it imports has to be installed beside it, in the version of the library's owner. */
function checkDependencies(libraries) {
  const { dependencies: own } = manifestOf('service');
  const owned = new Map(
    readdirSync(packages).flatMap((name) => {
      const { dependencies = {}, private: isPrivate } = manifestOf(name);
      return name === 'service' || isPrivate ? [] : Object.entries(dependencies);
    }),
  );
  const wrong = [...libraries].filter(
    (name) => own[name] === undefined || own[name] !== (owned.get(name) ?? own[name]),
  );
  if (wrong.length === 0) return;
  const lines = wrong.map((name) => `  "${name}": "${owned.get(name)}"`);
  console.error(`packages/service/package.json must depend on what its bundle imports:\n${lines.join('\n')}`);
  process.exitCode = 1;
}

function manifestOf(name) {
  return JSON.parse(readFileSync(join(packages, name, 'package.json'), 'utf8'));
}
