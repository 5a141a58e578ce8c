import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const MAGIC = 0xbeefc0de;
const DATA_VERSION = 2;
const META_PAGES = 2;
/** Page header before the meta record. */
const HEADER_BYTES = 16;
const META_BYTES = 160;
const NO_PAGE = 0xffffffffffffffffn;

/** `absent` and `empty` are for the caller to judge: they may be a new store or a lost one. */
export type FileState = 'absent' | 'empty' | 'plausible' | { readonly damage: string };

/**
 * Looks at the file's outside before lmdb maps it: mapping a damaged file can end the process by SIGBUS or SIGSEGV.
 * Offsets are those of a 64-bit little-endian LMDB 0.9/1.0 (lmdb's mdb.c, `MDB_meta`).
 */
export function checkFile(path: string): FileState {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'absent';
    throw error;
  }
  try {
    const { size } = fstatSync(file);
    return size === 0 ? 'empty' : checkMetaPages(file, size);
  } finally {
    closeSync(file);
  }
}

function checkMetaPages(file: number, size: number): FileState {
  const first = Buffer.alloc(HEADER_BYTES + META_BYTES);
  if (readSync(file, first, 0, first.length, 0) < first.length) return damage(`${size} bytes are no store`);
  const pageSize = metaProblem(first) === undefined ? first.readUInt32LE(48) : 4096;
  if (pageSize < 512 || pageSize > 65_536 || (pageSize & (pageSize - 1)) !== 0)
    return damage(`page size ${pageSize}`);
  if (size < META_PAGES * pageSize) return damage(`${size} bytes are fewer than its two meta pages`);
  if (size % pageSize !== 0) return damage(`${size} bytes are no whole number of pages`);
  for (let page = 0; page < META_PAGES; page++) {
    const meta = Buffer.alloc(first.length);
    readSync(file, meta, 0, meta.length, page * pageSize);
    const problem = metaProblem(meta) ?? rootProblem(meta, size / pageSize);
    if (problem !== undefined) return damage(`meta page ${page}: ${problem}`);
  }
  return 'plausible';
}

function metaProblem(meta: Buffer): string | undefined {
  if (meta.readUInt32LE(24) !== MAGIC) return 'not that of an lmdb file';
  const version = meta.readUInt32LE(28) & 0xffff;
  return version === DATA_VERSION ? undefined : `data version ${version}`;
}

/** The roots of the two trees, and the number of pages, against the file's size. */
function rootProblem(meta: Buffer, pages: number): string | undefined {
  for (const root of [meta.readBigUInt64LE(88), meta.readBigUInt64LE(136)])
    if (root !== NO_PAGE && root >= BigInt(pages)) return `a tree begins at page ${root} of ${pages}`;
  return undefined;
}

const damage = (reason: string): FileState => ({ damage: reason });
