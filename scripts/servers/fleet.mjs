// The servers of a test run: started in one temporary folder, remembered in its state.json, stopped by pid.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kafka } from './kafka.mjs';
import { mongodb } from './mongodb.mjs';
import { mosquitto } from './mosquitto.mjs';
import { isAlive, stopPid } from './process.mjs';
import { proton } from './proton.mjs';
import { rabbitmq } from './rabbitmq.mjs';
import { sshd } from './sshd.mjs';

export const servers = { mosquitto, rabbitmq, mongodb, kafka, proton, sshd };
export const serverNames = Object.keys(servers);

/** Why a server cannot be started here; undefined when it can. @throws Error for an unknown name */
export function whyMissing(name) {
  if (!Object.hasOwn(servers, name))
    throw new Error(`unknown server ${name}: there are ${serverNames.join(', ')}`);
  return servers[name].missing();
}

export class Fleet {
  #folder;
  #stateFile;

  constructor(folder) {
    this.#folder = folder;
    this.#stateFile = join(folder, 'state.json');
  }

  get folder() {
    return this.#folder;
  }

  /** `{name: {ports, pids, env}}` of what was started. */
  state() {
    return existsSync(this.#stateFile) ? JSON.parse(readFileSync(this.#stateFile, 'utf8')) : {};
  }

  /** Environment variables with the URLs of all servers of the fleet. */
  env() {
    const started = Object.values(this.state()).map(({ env }) => env);
    return Object.assign({ HAWSER_SERVERS_DIR: this.#folder }, ...started);
  }

  isUp(name) {
    const entry = this.state()[name];
    return entry?.pids.every(isAlive) ?? false;
  }

  /** Starts the server unless it runs; a stopped one comes back on the same ports with its data. */
  async up(name) {
    const reason = whyMissing(name);
    if (reason !== undefined) throw new Error(reason);
    if (this.isUp(name)) return;
    const folder = join(this.#folder, name);
    mkdirSync(folder, { recursive: true });
    const known = this.state()[name]?.ports;
    this.#remember(name, await servers[name].start(folder, known));
  }

  /** Stops the server and keeps its data. `signal` SIGKILL ends it without a chance to clean up. */
  async stop(name, signal = 'SIGTERM') {
    for (const pid of this.state()[name]?.pids ?? []) await stopPid(pid, { signal });
  }

  /** Stops everything and removes the folder. */
  async down() {
    await Promise.all(Object.keys(this.state()).map((name) => this.stop(name, 'SIGKILL')));
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  #remember(name, entry) {
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(this.#stateFile, JSON.stringify({ ...this.state(), [name]: entry }, null, 2));
  }
}
