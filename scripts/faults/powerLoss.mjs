// Row 16: what a power loss leaves of the store's file. SIGKILL cannot show a missing sync, for the page cache lives on;
// so the writes of a real run are recorded, and played to a copy up to any point with any of the unsynced ones missing.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { randomOf } from '../random.mjs';
import { which } from '../servers/process.mjs';
import { parseTrace } from './writeTrace.mjs';

const SUBSETS_PER_POINT = 4;
const childAt = (name) => fileURLToPath(new URL(`./${name}`, import.meta.url));

export const rows = [
  {
    row: 16,
    component: 'lmdb',
    title: 'power loss at every recorded write, with random ones of the unsynced writes missing',
    injectors: ['strace'],
    async run(t) {
      const operations = record(t);
      assert.ok(
        operations.filter(({ kind }) => kind === 'confirmed').length === 25,
        'all batches are in the trace',
      );
      assert.ok(operations.filter(({ kind }) => kind === 'sync').length >= 25, 'each batch was synced');
      const checked = await replay(t, operations);
      console.log(`       ${checked} states of the file were opened`);
      // the model itself must find a missing sync
      const unsynced = operations
        .filter(({ kind }) => kind !== 'sync')
        .map((operation) => ({ ...operation, isDurable: false }));
      await assert.rejects(replay(t, unsynced), 'without syncs something is lost');
    },
  },
];

/** Writes and syncs of the data file, and confirmations, in the order of a real run. */
function record(t) {
  const trace = join(t.folder, 'trace');
  const calls = 'openat,close,lseek,write,pwrite64,writev,pwritev,fdatasync,fsync,ftruncate,msync';
  const args = ['-f', '-qq', '-xx', '-s', '10000000', '-o', trace, '-e', `trace=${calls}`];
  const child = [process.execPath, childAt('powerLossChild.mjs'), join(t.folder, 'data')];
  const { signal, stderr } = spawnSync(which('strace'), [...args, ...child], {
    encoding: 'utf8',
    timeout: 60_000,
  });
  assert.equal(signal, 'SIGKILL', stderr);
  return parseTrace(readFileSync(trace, 'latin1'), 'hawser.mdb');
}

/** @returns how many states were opened. @throws AssertionError where something confirmed is missing or torn */
async function replay(t, operations) {
  const reader = new Reader(t);
  const random = randomOf(16);
  let durable = Buffer.alloc(0);
  let unsynced = [];
  let isOpened = false;
  let confirmed = 0;
  let checked = 0;
  const judge = async (writes) => {
    const path = join(t.folder, 'replayed.mdb');
    writeFileSync(path, writes.reduce(applied, Buffer.from(durable)));
    const found = await reader.read(path);
    checked++;
    // a store that was never ready may have to be made again
    if (!isOpened && found.problem !== undefined) return;
    assert.equal(found.problem, undefined, `after ${confirmed} were confirmed: ${found.problem}`);
    assert.ok(found.highest >= confirmed, `${confirmed} confirmed, ${found.highest} found`);
    assert.ok(found.most <= confirmed + 1, `${confirmed} confirmed, ${found.most} found`);
  };
  for (const operation of operations) {
    if (operation.kind === 'opened') isOpened = true;
    else if (operation.kind === 'confirmed') confirmed++;
    else if (operation.kind === 'sync') {
      durable = unsynced.reduce(applied, durable);
      unsynced = [];
    } else if (operation.isDurable) durable = applied(durable, operation);
    else unsynced.push(operation);
    await judge(unsynced);
    for (let i = 0; i < SUBSETS_PER_POINT && unsynced.length > 0; i++)
      await judge(unsynced.filter(() => random() < 0.5));
  }
  reader.end();
  return checked;
}

/** The file after a write; bytes between its old end and the write are zero, as on a disk. */
function applied(file, { offset, bytes, size }) {
  if (size !== undefined)
    return size <= file.length
      ? Buffer.from(file.subarray(0, size))
      : Buffer.concat([file, Buffer.alloc(size - file.length)]);
  const end = offset + bytes.length;
  const grown =
    end <= file.length ? Buffer.from(file) : Buffer.concat([file, Buffer.alloc(end - file.length)]);
  bytes.copy(grown, offset);
  return grown;
}

class Reader {
  #child;
  #answers;

  constructor(t) {
    this.#child = spawn(process.execPath, [childAt('powerLossReader.mjs')], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#child.stdin.on('error', () => {});
    this.#answers = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
    t.after(() => this.#child.kill());
  }

  async read(path) {
    this.#child.stdin.write(`${path}\n`);
    const { value, done } = await this.#answers.next();
    return done ? { problem: 'the reader did not live through it' } : JSON.parse(value);
  }

  end() {
    this.#child.stdin.end();
  }
}
