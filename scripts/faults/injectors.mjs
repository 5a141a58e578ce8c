// What a fault needs of the machine, each with a probe of its own: an injector that does nothing would make every row pass.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fleet, serverNames, whyMissing } from '../servers/fleet.mjs';
import { run, which } from '../servers/process.mjs';

const libFaketime = ['x86_64', 'aarch64']
  .map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketime.so.1`)
  .find(existsSync);

/** Environment of a process whose wall clock is moved by writing seconds into the file; its monotonic clock is not. */
export const faketimeEnv = (file) => ({
  LD_PRELOAD: libFaketime,
  FAKETIME_TIMESTAMP_FILE: file,
  FAKETIME_NO_CACHE: '1',
  FAKETIME_DONT_FAKE_MONOTONIC: '1',
});

/** By name: a probe that returns undefined when the injector works here, else why not. */
const probes = {
  tmpfs: () => mounted(['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs']),
  'loop image': () =>
    withFolder((folder) => {
      const image = join(folder, 'image');
      run('truncate', ['-s', '8m', image]);
      run(needed('mkfs.ext4'), ['-q', image]);
      return mounted(['-o', 'loop', image]);
    }),
  strace: () =>
    withFolder((folder) => {
      const script = "fs.fdatasync(1, (e) => process.exit(e?.code === 'EIO' ? 0 : 1))";
      const inject = ['-f', '-qq', '-o', join(folder, 'trace'), '-e', 'inject=fdatasync:error=EIO'];
      run(needed('strace'), [...inject, process.execPath, '-e', script]);
    }),
  prlimit: () => {
    const limit = run(needed('prlimit'), ['--nofile=64', 'sh', '-c', 'ulimit -n']);
    if (limit.trim() !== '64') throw new Error(`the limit is ${limit}`);
  },
  libfaketime: () =>
    withFolder((folder) => {
      if (libFaketime === undefined) throw new Error('not installed');
      const file = join(folder, 'time');
      writeFileSync(file, '+864000');
      const env = { PATH: process.env.PATH, ...faketimeEnv(file) };
      const now = Number(run(process.execPath, ['-p', 'Date.now()'], { env }));
      if (now - Date.now() < 800_000_000) throw new Error('the clock did not move');
    }),
  root: () => {
    if (process.getuid?.() !== 0) throw new Error('not root');
  },
  ...Object.fromEntries(serverNames.map((name) => [name, () => server(name)])),
};

function server(name) {
  const reason = whyMissing(name);
  if (reason !== undefined) throw new Error(reason);
}

/** Why the injector cannot be used here; undefined when its probe has worked. */
export function whyNot(name) {
  try {
    probes[name]();
    return undefined;
  } catch (error) {
    return error.message.split('\n')[0];
  }
}

function mounted(options) {
  return withFolder((folder) => {
    run(needed('mount'), [...options, folder]);
    run('umount', [folder]);
  });
}

function withFolder(use) {
  const folder = mkdtempSync(join(tmpdir(), 'hawser-probe-'));
  try {
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function needed(program) {
  const path = which(program);
  if (path === undefined) throw new Error(`${program} is not installed`);
  return path;
}

/** Mounts at a folder until the case has ended. */
export function mount(t, folder, options) {
  run('mount', [...options, folder]);
  t.after(() => spawnSync('umount', ['-l', folder]));
}

/** The real server behind MongoDB's protocol, until the case has ended. */
export async function startMongo(t) {
  const fleet = new Fleet(join(t.folder, 'servers'));
  t.after(() => fleet.down());
  await fleet.up('mongodb');
  return { fleet, uri: fleet.env().HAWSER_TEST_MONGODB_URI };
}
