import { type JournalEntry, StoreError } from '@hawser/core';

/** Largest payload of an entry or snapshot, bytes of JSON text. A MongoDB document holds 16 MiB with everything around it. */
export const MAX_PAYLOAD_BYTES = 15 * 1024 * 1024;

/**
 * The one rule of appending: entries of one pid continue its journal without a gap.
 *
 * @param highest highest sequence number of the journal, appends under way included
 * @throws StoreError `duplicate`, `gap`
 */
export function checkAppend(entries: readonly JournalEntry[], highest: number): void {
  const [first] = entries;
  if (first === undefined) return;
  checkContiguous(entries, first);
  if (first.sn <= highest) throw duplicate(first.pid, first.sn);
  if (first.sn > highest + 1) throw gap(first.pid, first.sn, highest + 1);
}

/** The part of `checkAppend` that needs no knowledge of the journal. @throws StoreError `gap` */
export function checkContiguous(entries: readonly JournalEntry[], first: JournalEntry): void {
  entries.forEach((entry, index) => {
    if (entry.pid !== first.pid) throw new Error('one append holds entries of one pid only');
    if (entry.sn !== first.sn + index) throw gap(first.pid, entry.sn, first.sn + index);
  });
  if (!Number.isSafeInteger(first.sn) || first.sn < 1) throw gap(first.pid, first.sn, 1);
}

export const duplicate = (pid: string, sn: number, cause?: unknown): StoreError =>
  new StoreError('duplicate', `sequence number ${sn} of <${pid}> is taken`, { pid, sn, cause });

const gap = (pid: string, sn: number, expected: number): StoreError =>
  new StoreError('gap', `sequence number ${sn} of <${pid}> leaves a gap: ${expected} comes next`, {
    pid,
    sn,
  });

/** @throws StoreError `tooLarge` */
export function checkSize(pid: string, sn: number, bytes: number): void {
  if (bytes > MAX_PAYLOAD_BYTES)
    throw new StoreError(
      'tooLarge',
      `${bytes} bytes for <${pid}> exceed the store's limit of ${MAX_PAYLOAD_BYTES}`,
      {
        pid,
        sn,
      },
    );
}
