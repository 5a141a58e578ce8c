import {
  closeSync,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { LastFailure } from '@hawser/core';

export const LAST_FAILURE_FILE = 'last-failure.json';
/** Room for the report, taken beforehand: on a full disk nothing new can be written, but what is there can be overwritten. */
const RESERVE_FILE = 'last-failure.reserved';
const RESERVE_BYTES = 4096;

/** How a store ends the process. Does not return in the real one. */
export type EndProcess = () => void;

/** Without native clean-up: after a failed commit lmdb's heap is damaged, and an orderly exit may hang or lie. */
const killSelf: EndProcess = () => process.kill(process.pid, 'SIGKILL');

/** The report of the process before this one. */
export function readLastFailure(folder: string): LastFailure | undefined {
  try {
    const report = JSON.parse(readFileSync(join(folder, LAST_FAILURE_FILE), 'utf8')) as Partial<LastFailure>;
    const { at = '', during = '', cause = '', pid = 0 } = report;
    return { at, during, cause, pid };
  } catch {
    return undefined;
  }
}

/** An orderly end has been reached: the report is of no further use. */
export const forgetLastFailure = (folder: string): void =>
  rmSync(join(folder, LAST_FAILURE_FILE), { force: true });

export function reserveFailureReport(folder: string): void {
  const path = join(folder, RESERVE_FILE);
  if (!existsSync(path)) writeFileSync(path, ' '.repeat(RESERVE_BYTES), { flush: true });
}

/** One line on stderr and a report for the next start, both synchronous; then the end. */
export function failStop(
  folder: string,
  failure: LastFailure,
  log: (line: string) => void = writeLine,
  end: EndProcess = killSelf,
): void {
  const report = { level: 'error', message: 'the store ends the process', ...failure };
  log(`${JSON.stringify(report)}\n`);
  writeReport(folder, JSON.stringify(failure));
  end();
}

function writeLine(line: string): void {
  try {
    writeSync(2, line);
  } catch {
    // Nobody reads stderr any more; the report file still says it.
  }
}

function writeReport(folder: string, text: string): void {
  try {
    const reserved = join(folder, RESERVE_FILE);
    const file = openSync(reserved, existsSync(reserved) ? 'r+' : 'w');
    writeSync(file, text.slice(0, RESERVE_BYTES).padEnd(RESERVE_BYTES), 0);
    renameSync(reserved, join(folder, LAST_FAILURE_FILE));
    fsyncSync(file);
    closeSync(file);
  } catch {
    // A read-only or lost disk: the line on stderr is all there can be.
  }
}
