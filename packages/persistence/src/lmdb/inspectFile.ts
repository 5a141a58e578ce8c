import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { StoreError } from '@hawser/core';
import type { CheckReport } from './checkChild.ts';

const TIMEOUT_MS = 600_000;
const MAX_STDERR_CHARS = 2_000;

/** The built module also when this one runs from its source, as in tests: Node starts no TypeScript. */
const CHILD = new URL(
  import.meta.url.endsWith('.ts') ? '../../dist/lmdb/checkChild.js' : './checkChild.js',
  import.meta.url,
);

/**
 * Reads the whole file in a child process.
 *
 * @throws StoreError `refused` when the child did not live through it
 */
export async function inspectFile(path: string): Promise<CheckReport> {
  const { code, signal, stdout, stderr } = await runChild(path);
  if (code === 0) return JSON.parse(stdout) as CheckReport;
  const end = signal === null ? `exit code ${code}` : signal;
  throw new StoreError(
    'refused',
    `${path} is damaged: reading it ended with ${end} ${firstLine(stderr)}`.trim(),
  );
}

interface ChildEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

function runChild(path: string): Promise<ChildEnd> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [fileURLToPath(CHILD), path], {
      env: {},
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: TIMEOUT_MS,
      killSignal: 'SIGKILL',
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(0, MAX_STDERR_CHARS);
    });
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
}

const firstLine = (text: string): string => /^.*(?:Error|MDB_).*$/m.exec(text)?.[0].trim() ?? '';
