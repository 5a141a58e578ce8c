#!/usr/bin/env node
import { statSync } from 'node:fs';

/** When a file was written, ms; 0 if there is none. */
const writtenAt = (path) => statSync(new URL(path, import.meta.url), { throwIfNoEntry: false })?.mtimeMs ?? 0;

// The bundle starts in half the time. While one works on the code, what was built later is what is meant.
const builds = ['service', 'core', 'actors', 'http', 'persistence', 'protocols'].map((name) =>
  writtenAt(`../../${name}/dist/.tsbuildinfo`),
);
const isFresh = writtenAt('../bundle/main.js') > Math.max(...builds);
const { main } = await import(isFresh ? '../bundle/main.js' : '../dist/main.js');

await main(process.argv.slice(2));
