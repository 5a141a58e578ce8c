import { openSync } from 'node:fs';
import { join } from 'node:path';

/** Longest path that a Unix socket address takes, on the narrowest platform. */
const MAX_SOCKET_PATH_BYTES = 100;

/** Descriptors of folders whose sockets are addressed through them; kept for the life of the process. */
const folders = new Map<string, number>();

/** The path of a socket in a folder; a long one goes through the folder's descriptor, where the system has such paths. */
export function socketPath(folder: string, name: string): string {
  const path = join(folder, name);
  if (Buffer.byteLength(path) <= MAX_SOCKET_PATH_BYTES || process.platform !== 'linux') return path;
  const descriptor = folders.get(folder) ?? openSync(folder, 'r');
  folders.set(folder, descriptor);
  return `/proc/self/fd/${descriptor}/${name}`;
}
