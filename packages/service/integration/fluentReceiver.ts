import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

const binary = join(process.cwd(), 'node_modules/.cache/hawser/fluentreceiver');

/** The receiver is built on first use; without Go and without a build it cannot run. */
export function receiverMissing(): string | undefined {
  if (existsSync(binary)) return undefined;
  try {
    mkdirSync(dirname(binary), { recursive: true });
    execFileSync('go', ['build', '-o', binary, '.'], { cwd: join(process.cwd(), 'scripts/fluentreceiver') });
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

export interface Received {
  /** Nanoseconds since 1970. */
  readonly time: number;
  readonly body: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** The OpenTelemetry Collector's receiver in a process of its own. */
export class FluentReceiver {
  readonly #child: ChildProcess;
  readonly received: Received[];

  private constructor(child: ChildProcess, received: Received[]) {
    this.#child = child;
    this.received = received;
  }

  /** Resolves when it listens. Several in turn may share `received`. */
  static start(port: number, received: Received[] = []): Promise<FluentReceiver> {
    const child = spawn(binary, [`127.0.0.1:${port}`], { stdio: ['ignore', 'pipe', 'inherit'] });
    return new Promise((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`the receiver ended with ${code}`)));
      createInterface({ input: child.stdout }).on('line', (line) => {
        const entry = JSON.parse(line) as Received | { readonly ready: true };
        if ('ready' in entry) resolve(new FluentReceiver(child, received));
        else received.push(entry);
      });
    });
  }

  signal(name: NodeJS.Signals): void {
    this.#child.kill(name);
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGKILL');
    await exited;
  }
}
