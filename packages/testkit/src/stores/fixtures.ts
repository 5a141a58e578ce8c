import assert from 'node:assert/strict';
import {
  type JournalEntry,
  type JsonObject,
  type Snapshot,
  StoreError,
  type StoreFailure,
} from '@hawser/core';

/** An entry with the sequence number as its payload; parts can be given. */
export const entry = (pid: string, sn: number, parts: Partial<JournalEntry> = {}): JournalEntry => ({
  pid,
  sn,
  type: 'connectivity.events:connectionModified',
  tags: [],
  timestamp: 1_700_000_000_000 + sn,
  event: { type: 'connectivity.events:connectionModified', n: sn },
  writer: 'writer-1',
  epoch: 1,
  ...parts,
});

export const entries = (pid: string, from: number, to: number): JournalEntry[] =>
  Array.from({ length: to - from + 1 }, (_, index) => entry(pid, from + index));

export const snapshot = (pid: string, sn: number, state: JsonObject = { n: sn }): Snapshot => ({
  pid,
  sn,
  timestamp: 1_700_000_000_000 + sn,
  state,
});

export async function collect<T>(items: AsyncIterable<T>, max = Number.MAX_SAFE_INTEGER): Promise<T[]> {
  const found: T[] = [];
  if (max === 0) return found;
  for await (const item of items) {
    found.push(item);
    if (found.length >= max) break;
  }
  return found;
}

export const sns = (found: readonly { readonly sn: number }[]): number[] => found.map(({ sn }) => sn);

/** Rejects unless `action` was refused by the store with this reason. */
export async function refused(reason: StoreFailure, action: () => Promise<unknown>): Promise<StoreError> {
  const error = await action().then(
    () => assert.fail(`expected a refusal with <${reason}>`),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof StoreError)) throw error;
  assert.equal(error.reason, reason, error.message);
  return error;
}
