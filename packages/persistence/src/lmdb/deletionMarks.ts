import type { Database } from 'lmdb';
import { parseStored } from '../records.ts';
import { fromFrame, toFrame } from './frame.ts';

const PREFIX = 'deletedTo:';

/** Up to where the entries of a pid were deleted: keeps the highest sequence number, and tells deletion from loss. */
export class DeletionMarks {
  readonly #meta: Database<Buffer, string>;

  constructor(meta: Database<Buffer, string>) {
    this.#meta = meta;
  }

  deletedTo(pid: string): number {
    const frame = this.#meta.get(PREFIX + pid);
    if (frame === undefined) return 0;
    const content = fromFrame(frame);
    const sn = 'text' in content ? parseStored(content.text, pid, 0)['sn'] : undefined;
    return typeof sn === 'number' ? sn : 0;
  }

  put(pid: string, sn: number): Promise<boolean> {
    return this.#meta.put(PREFIX + pid, toFrame(JSON.stringify({ sn })));
  }
}
