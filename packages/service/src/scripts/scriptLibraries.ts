import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const locate = createRequire(import.meta.url);

/** Source text of a library's build for browsers, in the versions that Ditto loads. */
const textOf = (name: string, file: string): string =>
  readFileSync(join(dirname(locate.resolve(`${name}/package.json`)), file), 'utf8');

let long: string | undefined;
let bytebuffer: string | undefined;

/** long.js: the global `Long`. */
export function longLibrary(): string {
  long ??= textOf('long', 'dist/long.min.js');
  return long;
}

/** bytebuffer.js: `dcodeIO.ByteBuffer`. */
export function bytebufferLibrary(): string {
  bytebuffer ??= textOf('bytebuffer', 'dist/bytebuffer.js');
  return bytebuffer;
}
