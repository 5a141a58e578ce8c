// Reads what strace (-f -xx) saw of one file: writes with offset and bytes, syncs; and confirmations on stdout.

/** @returns `{kind: 'write', offset, bytes, isDurable}`, `{kind: 'size', size}`, `{kind: 'sync'}`, and what was said on stdout, by its first word, in order */
export function parseTrace(text, fileName) {
  const files = new Map();
  const operations = [];
  for (const { name, args, result } of calls(text)) {
    const fd = Number(/^-?\d+/.exec(args)?.[0]);
    const file = files.get(fd);
    if (name === 'openat') {
      const isOurs = bytesOf(args).toString().endsWith(fileName);
      if (isOurs && result >= 0) files.set(result, { isDurable: /O_D?SYNC/.test(args), position: 0 });
      else files.delete(result);
    } else if (name === 'close') files.delete(fd);
    else if (name === 'write' && fd === 1) operations.push({ kind: bytesOf(args).toString().split(/\s/)[0] });
    else if (file === undefined || result < 0) continue;
    else if (name === 'lseek') file.position = result;
    else if (name === 'fdatasync' || name === 'fsync') operations.push({ kind: 'sync' });
    else if (name === 'ftruncate') operations.push({ kind: 'size', size: Number(/, (\d+)$/.exec(args)[1]) });
    else operations.push(writeOf(name, args, result, file));
  }
  return operations;
}

function writeOf(name, args, result, file) {
  const bytes = bytesOf(args).subarray(0, result);
  const isAtOffset = name === 'pwrite64' || name === 'pwritev';
  const offset = isAtOffset ? Number(/, (\d+)$/.exec(args)[1]) : file.position;
  if (!isAtOffset) file.position += result;
  return { kind: 'write', offset, bytes, isDurable: file.isDurable };
}

/** Calls in the order in which they ended; strace splits those that others interrupt. */
function* calls(text) {
  const begun = new Map();
  for (const line of text.split('\n')) {
    const [, thread, rest] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    if (rest === undefined) continue;
    if (rest.endsWith('<unfinished ...>')) {
      begun.set(thread, rest.slice(0, -'<unfinished ...>'.length).trimEnd());
      continue;
    }
    const resumed = /^<\.\.\. \w+ resumed>\s*(.*)$/.exec(rest);
    const whole = resumed ? `${begun.get(thread) ?? ''}${resumed[1]}` : rest;
    const call = /^(\w+)\((.*)\)\s+= (-?\d+)/.exec(whole);
    if (call !== null) yield { name: call[1], args: call[2], result: Number(call[3]) };
  }
}

/** All strings of a call, one behind the other: `"\x61\x62"`. */
function bytesOf(args) {
  const texts = args.match(/"[^"]*"/g) ?? [];
  return Buffer.from(texts.join('').replaceAll(/[^0-9a-f]/g, ''), 'hex');
}
