import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { StoreError } from '@hawser/core';
import { checkFile } from './fileCheck.ts';
import { TREES } from './lmdbLayout.ts';

export const DATA_FILE = 'hawser.mdb';
/** Says that the store once held data: then an empty or missing file is a loss, not a new store. */
const INITIALISED_FILE = 'initialised.json';

/** Makes the folder and proves that it can be written. @throws StoreError `refused` with path and reason */
export function prepareFolder(folder: string): void {
  try {
    makeFolder(folder);
    syncWrite(folder, 'probe', '');
  } catch (error) {
    throw new StoreError('refused', `the folder ${folder} cannot be written: ${reasonOf(error)}`, {
      cause: error,
    });
  }
}

/** Node's own `recursive` never returns below a folder that takes no children, such as `/proc`. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  if (dirname(folder) !== folder) makeFolder(dirname(folder));
  mkdirSync(folder);
}

/**
 * Whether the folder holds a store whose file may be opened.
 *
 * @returns `new` when there has never been one
 * @throws StoreError `refused`
 */
export function judgeFolder(folder: string): 'new' | 'existing' {
  const file = join(folder, DATA_FILE);
  const state = checkFile(file);
  if (typeof state === 'object') throw new StoreError('refused', `${file} is damaged: ${state.damage}`);
  if (state === 'plausible') return 'existing';
  if (existsSync(join(folder, INITIALISED_FILE)))
    throw new StoreError(
      'refused',
      `${file} is ${state}, although the store was in use: restore it from a backup`,
    );
  return 'new';
}

/**
 * The same for a file that could be read, by what is in it.
 *
 * @param trees names of the trees in the file
 * @throws StoreError `refused`
 */
export function judgeContent(folder: string, trees: readonly string[], records: number): 'new' | 'existing' {
  const file = join(folder, DATA_FILE);
  const foreign = trees.find((tree) => !TREES.some((name) => name === tree));
  if (foreign !== undefined)
    throw new StoreError('refused', `${file} is not ours: it holds a tree named <${foreign}>`);
  if (records > 0) return 'existing';
  if (existsSync(join(folder, INITIALISED_FILE)))
    throw new StoreError(
      'refused',
      `${file} holds nothing, although the store was in use: restore it from a backup`,
    );
  return 'new';
}

export function markInitialised(folder: string, now: number): void {
  if (existsSync(join(folder, INITIALISED_FILE))) return;
  syncWrite(folder, INITIALISED_FILE, `${JSON.stringify({ since: new Date(now).toISOString() })}\n`);
}

/** Written, synced, renamed, and the folder synced: there wholly or not at all. */
function syncWrite(folder: string, name: string, text: string): void {
  const draft = join(folder, `${name}.${process.pid}.new`);
  const file = openSync(draft, 'w');
  writeSync(file, text);
  fsyncSync(file);
  closeSync(file);
  renameSync(draft, join(folder, name));
  const directory = openSync(folder, 'r');
  fsyncSync(directory);
  closeSync(directory);
}

const reasonOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? String(error);
