// The built service in a process of its own, as a user starts it, possibly below a tool that injects faults.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as timeout } from 'node:timers/promises';
import { nodeOptions, service } from '../startCommand.mjs';

const AUTHORIZATION = `Basic ${Buffer.from('devops:foobar').toString('base64')}`;

/** @param prefix program and arguments that the service is started with; @param uid of another user */
export function spawnHawser(t, { env = {}, prefix = [], uid, cwd } = {}) {
  const [program, ...args] = [...prefix, process.execPath, ...nodeOptions, ...service];
  const child = spawn(program, args, {
    env: {
      PATH: process.env.PATH,
      HTTP_PORT: '0',
      INSTANCE_INDEX: '1',
      HAWSER_DATA: join(t.folder, 'data'),
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    ...(uid === undefined ? {} : { uid, gid: uid }),
    ...(cwd === undefined ? {} : { cwd }),
  });
  const hawser = new Hawser(child);
  t.after(() => hawser.kill());
  return hawser;
}

/** As `spawnHawser`; resolves when the service is ready. */
export async function startHawser(t, options = {}) {
  const hawser = spawnHawser(t, options);
  await until('the service is ready', () => hawser.url !== undefined || hawser.end !== undefined, 60_000);
  if (hawser.url === undefined) throw new Error(`the service ended with ${hawser.end}: ${hawser.tail()}`);
  return hawser;
}

class Hawser {
  lines = [];
  url;
  /** Exit code or signal, once it has ended. */
  end;
  exited;
  #child;

  constructor(child) {
    this.#child = child;
    this.exited = new Promise((resolve) => {
      child.once('close', (code, signal) => {
        this.end = code ?? signal;
        resolve(this.end);
      });
    });
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (text) => this.#take(text));
  }

  #take(text) {
    const line = parsed(text);
    this.lines.push(line);
    if (line.msg === 'ready') this.url = line.url;
  }

  get pid() {
    return this.#child.pid;
  }

  /** All that it said. */
  get said() {
    return this.lines.map((line) => JSON.stringify(line)).join('\n');
  }

  tail() {
    return JSON.stringify(this.lines.slice(-4));
  }

  /** To the whole group: the service may run below a tool. */
  signal(name) {
    if (this.end !== undefined) return;
    try {
      process.kill(-this.#child.pid, name);
    } catch {
      // gone meanwhile
    }
  }

  async kill() {
    this.signal('SIGKILL');
    await this.exited;
  }

  /** Resolves to how it ended. @throws Error when it has not within `ms` */
  async ended(ms = 20_000) {
    const end = await Promise.race([this.exited, timeout(ms, 'still running', { ref: false })]);
    if (end === 'still running') throw new Error(`still running after ${ms} ms: ${this.tail()}`);
    return end;
  }

  async request(method, path, body, timeoutMs = 30_000) {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { authorization: AUTHORIZATION, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(timeoutMs),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: parsed(text), date: response.headers.get('date') };
  }

  /** One connectivity command; `status` is that of its answer, and 0 when the service is gone. */
  async command(name, more, timeoutMs = 30_000) {
    const piggyback = {
      targetActorSelection: '/system/sharding/connection',
      headers: { aggregate: false, timeout: `${Math.ceil(timeoutMs / 1000)}s` },
      piggybackCommand: { type: `connectivity.commands:${name}`, ...more },
    };
    try {
      const path = '/devops/piggyback/connectivity';
      const { body, date } = await this.request('POST', path, piggyback, timeoutMs + 5_000);
      return { status: body.status ?? 0, body, date };
    } catch (error) {
      return { status: 0, body: { error: String(error.cause ?? error) } };
    }
  }

  create(id, more = {}) {
    return this.command('createConnection', { connection: { ...closedConnection(id), ...more } });
  }

  retrieve(connectionId) {
    return this.command('retrieveConnection', { connectionId });
  }

  async statusOf(path) {
    return (await this.request('GET', path)).status;
  }
}

export const closedConnection = (id) => ({
  id,
  name: `name of ${id}`,
  connectionType: 'mqtt',
  connectionStatus: 'closed',
  uri: 'tcp://127.0.0.1:1',
  sources: [{ addresses: ['in'], qos: 1, authorizationContext: ['fault:subject'] }],
});

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return { text };
  }
}

/** Polls until the condition holds. @throws Error after `timeoutMs` */
export async function until(what, condition, timeoutMs = 20_000) {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${timeoutMs} ms`);
    await timeout(50);
  }
}

export const sleep = (ms) => timeout(ms);
