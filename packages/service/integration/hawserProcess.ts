import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const BIN = join(process.cwd(), 'packages/service/bin/hawser.js');

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
}

/** The built service in a process of its own, as a user starts it. */
export class HawserProcess {
  readonly #child: ChildProcess;
  readonly lines: Record<string, unknown>[] = [];
  readonly exited: Promise<number | NodeJS.Signals | null>;
  url = '';

  private constructor(child: ChildProcess) {
    this.#child = child;
    this.exited = new Promise((resolve) => child.once('exit', (code, signal) => resolve(code ?? signal)));
  }

  /** Resolves when the service says `ready`. @throws Error when it ends before */
  static async start({ env = {}, args = [] }: StartOptions): Promise<HawserProcess> {
    const hawser = HawserProcess.spawn({ env, args });
    const code = await Promise.race([hawser.#ready, hawser.exited]);
    if (code !== 'ready')
      throw new Error(`hawser ended with ${code}: ${JSON.stringify(hawser.lines.slice(-5))}`);
    return hawser;
  }

  /** Starts without waiting, for cases in which it must refuse. */
  static spawn({ env = {}, args = [] }: StartOptions): HawserProcess {
    const child = spawn(process.execPath, [BIN, 'start', ...args], {
      env: { PATH: process.env['PATH'] ?? '', HTTP_PORT: '0', INSTANCE_INDEX: '1', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const hawser = new HawserProcess(child);
    hawser.#read(child);
    return hawser;
  }

  #ready: Promise<'ready'> = Promise.resolve('ready');

  #read(child: ChildProcess): void {
    this.#ready = new Promise((resolve) => {
      const take = (line: string): void => {
        const entry = parse(line);
        this.lines.push(entry);
        if (entry['msg'] !== 'ready') return;
        this.url = String(entry['url']);
        resolve('ready');
      };
      for (const stream of [child.stdout, child.stderr]) {
        if (stream !== null) createInterface({ input: stream }).on('line', take);
      }
    });
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  /** SIGKILL and the end of the process. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.exited;
  }

  /** SIGTERM; resolves to the exit code. */
  async stop(): Promise<number | NodeJS.Signals | null> {
    this.#child.kill('SIGTERM');
    return await this.exited;
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async request(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { authorization: basic('devops', 'foobar'), 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: parse(text), text, headers: response.headers };
  }

  /** A piggyback command as people send it with curl, not aggregated. */
  async piggyback(
    command: Record<string, unknown>,
    headers: Record<string, unknown> = {},
    target?: string,
  ): Promise<Record<string, unknown>> {
    const selection =
      target ??
      (command['type'] === 'connectivity.commands:retrieveAllConnectionIds'
        ? '/user/connectivityRoot/connectionIdsRetrieval/singleton'
        : '/system/sharding/connection');
    const { body } = await this.request('POST', '/devops/piggyback/connectivity', {
      targetActorSelection: selection,
      headers: { aggregate: false, timeout: '60s', ...headers },
      piggybackCommand: command,
    });
    return body;
  }
}

export interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
  readonly text: string;
  readonly headers: Headers;
}

export const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return { text };
  }
}

/** Polls until the condition holds. @throws Error after `timeoutMs` */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
  timeoutMs = 30_000,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`${what}: not within ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
