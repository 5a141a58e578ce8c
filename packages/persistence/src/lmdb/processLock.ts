import { randomBytes } from 'node:crypto';
import { linkSync, readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { StoreError } from '@hawser/core';
import { socketPath } from './socketPath.ts';

const LOCK_NAME = /^lock\.(\d+)$/;
const HOLDER_FILE = 'lock.json';
const PROBE_TIMEOUT_MS = 500;

/** A held lock on a folder. The kernel gives it back when the process ends, however it ends. */
export interface ProcessLock {
  release(): Promise<void>;
}

/**
 * Takes the folder for this process alone. Node has no `flock`, so the lock is a listening Unix socket in the folder: only
 * a living process accepts on it, across containers that share the folder too, and after SIGKILL a connection is refused.
 *
 * Sockets are numbered, `lock.1`, `lock.2`, …; the highest number counts. A dead one is never removed by others and never
 * reused: its successor takes the next number by an exclusive link, then removes the lower ones. So two processes that
 * find the same dead lock cannot both win, however slow one of them is.
 *
 * @throws StoreError `refused` naming the holder's process id
 */
export async function takeProcessLock(folder: string): Promise<ProcessLock> {
  const own = `lock-${process.pid}-${randomBytes(4).toString('hex')}`;
  const server = await listen(socketPath(folder, own));
  try {
    const number = await takeNumber(folder, own);
    writeFileSync(join(folder, HOLDER_FILE), JSON.stringify({ pid: process.pid, host: hostname() }));
    removeBelow(folder, number);
    return { release: () => closed(server) };
  } catch (error) {
    await closed(server);
    throw error;
  } finally {
    removeQuietly(join(folder, own));
  }
}

async function takeNumber(folder: string, own: string): Promise<number> {
  for (;;) {
    const highest = highestNumber(folder);
    if (highest > 0 && (await isAlive(socketPath(folder, `lock.${highest}`)))) throw held(folder);
    const mine = highest + 1;
    if (!tryLink(join(folder, own), join(folder, `lock.${mine}`))) continue;
    // A listing may miss a number that is taken while it is read, the next one does not: the highest number wins.
    if (Math.max(highestNumber(folder), highestNumber(folder)) === mine) return mine;
    removeQuietly(join(folder, `lock.${mine}`));
  }
}

const highestNumber = (folder: string): number =>
  Math.max(0, ...readdirSync(folder).map((name) => Number(LOCK_NAME.exec(name)?.[1] ?? 0)));

function removeBelow(folder: string, number: number): void {
  for (const name of readdirSync(folder))
    if (Number(LOCK_NAME.exec(name)?.[1] ?? number) < number) removeQuietly(join(folder, name));
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Gone already: Node removes the name that a server was bound to.
  }
}

function listen(path: string): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => resolve(server.unref()));
  });
}

const closed = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()));

/** A process that is stopped or busy is alive too: the kernel accepts for it. */
function isAlive(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.setTimeout(PROBE_TIMEOUT_MS);
    const answer = (alive: boolean): void => {
      socket.destroy();
      resolve(alive);
    };
    socket.once('connect', () => answer(true));
    socket.once('timeout', () => answer(true));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      answer(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT'),
    );
  });
}

function held(folder: string): StoreError {
  return new StoreError('refused', `the store in ${folder} is held by another process: ${holder(folder)}`);
}

function holder(folder: string): string {
  try {
    const { pid, host } = JSON.parse(readFileSync(join(folder, HOLDER_FILE), 'utf8'));
    return `pid ${pid} on ${host}`;
  } catch {
    return 'pid unknown';
  }
}
