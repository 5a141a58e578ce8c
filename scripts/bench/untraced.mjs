// A build without tracing: loaded before the line (`node --import`), it takes every line that asks for a tracer out of the
// built pipeline. A line that is not found as it is expected ends the run, so that nothing else is measured by mistake.
import { readFile } from 'node:fs/promises';
import { register } from 'node:module';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';

/** What is taken out of a file, and what stands in its place. */
const cuts = {
  '/packages/actors/dist/pipeline/inbound.js': [
    [/const span = monitor\.tracer\?\.start\('hawser\.receive'[^;]*;/, ''],
    ['this.#settling(receivedAt, span, settle)', 'this.#settling(receivedAt, settle)'],
    ['#settling(receivedAt, span, settle) {', '#settling(receivedAt, settle) {'],
    [/span\?\.end\([^;]*;/, ''],
    [', traceparent: span?.traceparent }', ' }'],
    [/const \{ tracer \} = this[\s\S]*?return traced\([^;]*;/, 'return this.#timedMap(source, inbound);'],
    [/const \{ traceparent \} = inbound;\s*const signal = [^;]*;/, 'const signal = mapped;'],
  ],
  '/packages/actors/dist/pipeline/outbound.js': [
    [/const \{ tracer \} = this[\s\S]*?return traced\([^;]*;/, 'return this.#mapForAll(job);'],
    [/const span = monitor\.tracer\?\.start\('hawser\.publish'[^;]*;/, ''],
    [/const message = span === undefined[^;]*;/, 'const message = publish.message;'],
    [/span\?\.end\([^;]*;/, ''],
  ],
};

// the file is loaded twice: as what registers, and as what is registered
if (isMainThread && !new URL(import.meta.url).searchParams.has('hook')) {
  register(`${import.meta.url}?hook`);
}

export async function load(url, context, next) {
  const file = Object.keys(cuts).find((path) => url.endsWith(path));
  if (file === undefined) return await next(url, context);
  let source = await readFile(fileURLToPath(url), 'utf8');
  for (const [from, to] of cuts[file]) {
    const cut = source.replace(from, () => to);
    if (cut === source) throw new Error(`${file} has no ${from}`);
    source = cut;
  }
  const left = /\btracer\b|\bspan\b/.exec(source);
  if (left !== null) throw new Error(`${file} still has ${left[0]}`);
  return { format: 'module', source, shortCircuit: true };
}
