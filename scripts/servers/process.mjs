// Small tools for starting and stopping real servers as plain processes on loopback.
import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, openSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { delimiter, join } from 'node:path';

export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** A port that was free a moment ago. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

export async function freePorts(names) {
  const ports = {};
  for (const name of names) ports[name] = await freePort();
  return ports;
}

/** The full path of a program, also in the sbin folders that a user's PATH leaves out; undefined when there is none. */
export function which(program) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/usr/local/sbin', '/sbin'];
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Starts a program in a session of its own, its output in a file. It outlives this process and is stopped by pid. */
export function startDetached(program, args, { env = process.env, output, cwd }) {
  const log = openSync(output, 'a');
  const child = spawn(program, args, { env, cwd, detached: true, stdio: ['ignore', log, log] });
  child.on('error', () => {});
  child.unref();
  return child.pid;
}

export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** SIGCONT (it may be frozen), SIGTERM, and SIGKILL when it is still there after `graceMs`. */
export async function stopPid(pid, { graceMs = 4000, signal = 'SIGTERM' } = {}) {
  if (!isAlive(pid)) return;
  for (const name of ['SIGCONT', signal]) kill(pid, name);
  const deadline = Date.now() + graceMs;
  while (isAlive(pid) && Date.now() < deadline) await sleep(50);
  kill(pid, 'SIGKILL');
  while (isAlive(pid) && Date.now() < deadline + 3000) await sleep(20);
}

function kill(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // already gone
  }
}

function canConnect(port) {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Waits until something listens on the port. @throws Error after `timeoutMs`, or when the process has gone */
export async function waitForPort(port, { timeoutMs = 60_000, pid, name = 'server' } = {}) {
  const deadline = Date.now() + timeoutMs;
  while (!(await canConnect(port))) {
    if (pid !== undefined && !isAlive(pid)) throw new Error(`${name} ended before its port ${port} opened`);
    if (Date.now() > deadline) throw new Error(`${name} did not open port ${port} within ${timeoutMs} ms`);
    await sleep(50);
  }
}

/** Runs a command to its end. @throws Error with its output when it fails */
export function run(program, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', ...options });
  if (error !== undefined || status !== 0) {
    throw new Error(`${program} ${args.join(' ')} failed: ${error?.message ?? `${stdout}${stderr}`.trim()}`);
  }
  return stdout;
}
