/*
 * Run as a process of its own before the service maps the file: walks over every record, so that what would end the
 * process by a signal ends this one. Prints one line of JSON. Argument: the data file.
 */
import type { DamagedRecord } from '@hawser/core';
import { type Database, open } from 'lmdb';
import { fromFrame } from './frame.ts';
import { FILE_OPTIONS, TREES } from './lmdbLayout.ts';
import type { RecordKey } from './recordTable.ts';

export interface CheckReport {
  /** Trees that the file holds; none of ours: new or foreign. */
  readonly trees: readonly string[];
  readonly records: number;
  readonly damaged: readonly DamagedRecord[];
}

const MAX_REPORTED = 1_000;

function check(path: string): CheckReport {
  const env = open<Buffer, string>({ ...FILE_OPTIONS, path, readOnly: true });
  const trees = [...env.getKeys()].map(String);
  const damaged: DamagedRecord[] = [];
  let records = 0;
  for (const name of TREES.filter((tree) => trees.includes(tree))) {
    const tree = env.openDB<Buffer, RecordKey | string>({ name, encoding: 'binary' });
    records += walk(tree, name, damaged);
  }
  return { trees, records, damaged };
}

function walk(
  tree: Database<Buffer, RecordKey | string>,
  name: (typeof TREES)[number],
  damaged: DamagedRecord[],
): number {
  let records = 0;
  for (const { key, value } of tree.getRange()) {
    records++;
    const content = fromFrame(value);
    if ('text' in content || damaged.length >= MAX_REPORTED) continue;
    const [pid, sn] = typeof key === 'string' ? [key, 0] : key;
    damaged.push({ kind: name === 'snapshots' ? 'snapshot' : 'entry', pid, sn, reason: content.damage });
  }
  return records;
}

process.stdout.write(`${JSON.stringify(check(process.argv[2] ?? ''))}\n`);
