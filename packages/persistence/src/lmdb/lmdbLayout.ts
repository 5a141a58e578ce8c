/** Names of the trees inside the file. */
export const TREES = ['journal', 'snapshots', 'meta'] as const;

/** What is the same wherever the file is opened: fixed pages, so that a file moves between machines. */
export const FILE_OPTIONS = {
  noSubdir: true,
  pageSize: 4096,
  maxDbs: 8,
  encoding: 'binary',
} as const;
