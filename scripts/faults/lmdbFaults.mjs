// Rows 12 to 15 and 17 to 21: the embedded store on disks and files that fail. Row 16 is in powerLoss.mjs.
import assert from 'node:assert/strict';
import { chmodSync, chownSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../servers/process.mjs';
import { sleep, spawnHawser, startHawser } from './hawser.mjs';
import { mount } from './injectors.mjs';
import { appendRaw, changeRecord, inStore } from './storeTools.mjs';

const MIB = 1024 * 1024;
/** Large enough that a small disk is full soon. */
const wide = { name: 'x'.repeat(60_000) };
const dataOf = (t) => join(t.folder, 'data');
const fileOf = (t) => join(dataOf(t), 'hawser.mdb');
const reportOf = (folder) => JSON.parse(readFileSync(join(folder, 'last-failure.json'), 'utf8'));

export const rows = [
  {
    row: 12,
    component: 'lmdb',
    title: 'disk full: 503 before the watermark; ENOSPC ends the process; restart with and without room',
    injectors: ['root', 'tmpfs'],
    async run(t) {
      await watermark(t);
      await fullDisk(t);
      await fullDiskWhileClosing(t);
    },
  },
  {
    row: 13,
    component: 'lmdb',
    title: 'read-only at start; read-only while running',
    injectors: ['root', 'loop image'],
    async run(t) {
      const disk = imageAt(t, '32m');
      const env = { HAWSER_DATA: join(disk, 'data'), HAWSER_MIN_FREE_BYTES: '1000000' };
      const hawser = await startHawser(t, { env });
      assert.equal((await hawser.create('kept')).status, 201);
      run('mount', ['-o', 'remount,abort', disk]);
      assert.notEqual((await hawser.create('lost')).status, 201);
      assert.equal(await hawser.ended(), 'SIGKILL');
      assert.match(hawser.said, /the store ends the process/);
      await refuses(t, { env }, new RegExp(`${disk}.*(EROFS|EIO|ENOSPC|EACCES)`));
      run('umount', [disk]);
      run('mount', ['-o', 'loop', join(t.folder, 'image'), disk]);
      const again = await startHawser(t, { env });
      assert.equal((await again.retrieve('kept')).status, 200);
    },
  },
  {
    row: 14,
    component: 'lmdb',
    title: 'EIO from fdatasync: the process ends itself, says why, and the next one shows it',
    injectors: ['strace'],
    async run(t) {
      await (await startHawser(t)).kill();
      const hawser = await startHawser(t, { prefix: injecting(t, 'error=EIO:when=4+') });
      const answers = [];
      for (let i = 0; i < 50 && hawser.end === undefined; i++)
        answers.push((await hawser.create(`c${i}`)).status);
      assert.equal(await hawser.ended(), 'SIGKILL');
      const confirmed = answers.filter((status) => status === 201).length;
      assert.ok(confirmed > 0 && confirmed < 50, `${confirmed} confirmed`);
      assert.match(hawser.said, /the store ends the process.*may|the store ends the process/);
      assert.equal(reportOf(dataOf(t)).during, 'commit');
      const again = await startHawser(t);
      assert.match(again.said, /the store ended the previous process/);
      const { body } = await again.request('GET', '/status');
      assert.equal(body['last-failure'].during, 'commit');
      for (let i = 0; i < confirmed; i++) assert.equal((await again.retrieve(`c${i}`)).status, 200);
    },
  },
  {
    row: 15,
    component: 'lmdb',
    title: 'fdatasync takes 300 ms: appends are slow, everything else is not',
    injectors: ['strace'],
    async run(t) {
      await (await startHawser(t)).kill();
      const hawser = await startHawser(t, { prefix: injecting(t, 'delay_enter=300000') });
      const creating = Promise.all(Array.from({ length: 40 }, (_, i) => hawser.create(`c${i}`)));
      const delays = [];
      let isDone = false;
      creating.finally(() => {
        isDone = true;
      });
      while (!isDone) {
        const started = performance.now();
        assert.equal(await hawser.statusOf('/alive'), 200);
        delays.push(performance.now() - started);
        await sleep(20);
      }
      assert.deepEqual([...new Set((await creating).map(({ status }) => status))], [201]);
      delays.sort((a, b) => a - b);
      const median = delays[Math.floor(delays.length / 2)];
      assert.ok(delays.length > 5 && median < 150, `median of ${delays.length} answers: ${median} ms`);
    },
  },
  {
    row: 17,
    component: 'lmdb',
    title: 'bit flip, gap, another record in the place, future number: that connection alone is quarantined',
    injectors: [],
    async run(t) {
      const hawser = await startHawser(t);
      const damaged = ['flip', 'gap', 'swap', 'future'];
      for (const id of [...damaged, 'sound']) {
        assert.equal((await hawser.create(id)).status, 201);
        for (let i = 0; i < 3; i++)
          assert.equal((await hawser.command('closeConnection', { connectionId: id })).status, 200);
      }
      await hawser.kill();
      await changeRecord(dataOf(t), 'connection:flip', 2, 'flip');
      await changeRecord(dataOf(t), 'connection:gap', 2, 'remove');
      await changeRecord(dataOf(t), 'connection:swap', 2, 'copyOfNext');
      await changeRecord(dataOf(t), 'connection:future', 9, 'copyOfFirst');
      const again = await startHawser(t);
      for (const id of damaged) {
        assert.equal((await again.retrieve(id)).status, 503, id);
        assert.equal(
          (await again.command('modifyConnection', { connection: { ...wide, id } })).status >= 400,
          true,
        );
        assert.match(again.said, new RegExp(`connection:${id}`));
      }
      assert.equal((await again.retrieve('sound')).status, 200);
      assert.equal((await again.command('deleteConnection', { connectionId: 'sound' })).status, 204);
      await again.kill();
      await inStore(dataOf(t), async (store) => {
        const found = [];
        const onDamaged = ({ pid, sn }) => found.push(`${pid}#${sn}`);
        for await (const { pid, sn } of store.upkeep.entries({ onDamaged }))
          if (pid === 'connection:flip') assert.ok(sn <= 4, 'nothing was written behind the damage');
        assert.ok(found.includes('connection:flip#2') && found.includes('connection:swap#2'), found.join());
      });
    },
  },
  {
    row: 18,
    component: 'lmdb',
    title: 'file cut in half, garbage in a meta page, zero length, missing, foreign: refused, never empty',
    injectors: [],
    async run(t) {
      const hawser = await startHawser(t);
      for (let i = 0; i < 20; i++) assert.equal((await hawser.create(`c${i}`)).status, 201);
      hawser.signal('SIGTERM');
      assert.equal(await hawser.ended(), 0);
      const whole = readFileSync(fileOf(t));
      const half = Math.floor(whole.length / 8192) * 4096;
      const garbage = Buffer.from(whole);
      garbage.fill(0xa5, 4096, 8192);
      const damages = {
        half: whole.subarray(0, half),
        'meta page': garbage,
        foreign: Buffer.from('not a database\n'.repeat(2_000)),
      };
      for (const [name, content] of Object.entries(damages)) {
        writeFileSync(fileOf(t), content);
        await refuses(t, {}, /is damaged/);
        assert.ok(readFileSync(fileOf(t)).equals(content), `${name}: left as it was`);
      }
      truncateSync(fileOf(t), 0);
      await refuses(t, {}, /is empty, although the store was in use/);
      rmSync(fileOf(t));
      await refuses(t, {}, /is absent, although the store was in use/);
      writeFileSync(fileOf(t), whole);
      const again = await startHawser(t);
      assert.equal((await again.retrieve('c19')).status, 200);
    },
  },
  {
    row: 19,
    component: 'lmdb',
    title:
      'a second process on the same folder is refused at once, naming the holder; a dead one does not block',
    injectors: [],
    async run(t) {
      const hawser = await startHawser(t);
      const started = Date.now();
      await refuses(t, {}, new RegExp(`held by another process: pid ${hawser.pid}`));
      // most of it is the start of Node on a busy machine
      assert.ok(Date.now() - started < 10_000);
      assert.equal((await hawser.create('mine')).status, 201);
      await hawser.kill();
      const again = await startHawser(t);
      assert.equal((await again.retrieve('mine')).status, 200);
    },
  },
  {
    row: 20,
    component: 'lmdb',
    title: 'folder deleted while running; folder of another owner',
    injectors: ['root'],
    async run(t) {
      const hawser = await startHawser(t);
      assert.equal((await hawser.create('one')).status, 201);
      rmSync(dataOf(t), { recursive: true });
      assert.notEqual((await hawser.create('two')).status, 201);
      assert.equal(await hawser.ended(), 'SIGKILL');
      assert.match(hawser.said, /was removed or replaced/);
      const foreign = join(t.folder, 'foreign');
      mkdirSync(foreign, { mode: 0o755 });
      chownSync(foreign, 0, 0);
      chmodSync(t.folder, 0o755);
      await refuses(
        t,
        { uid: 65_534, cwd: '/', env: { HAWSER_DATA: foreign } },
        new RegExp(`${foreign}.*EACCES`),
      );
    },
  },
  {
    row: 21,
    component: 'schema',
    title: 'newer store refused; older one brought up; unknown event quarantined; unknown field kept',
    injectors: [],
    async run(t) {
      const hawser = await startHawser(t);
      for (const id of ['plain', 'field', 'event']) assert.equal((await hawser.create(id)).status, 201);
      await hawser.kill();
      await appendRaw(dataOf(t), 'connection:event', { type: 'connectivity.events:connectionPainted' });
      await appendRaw(dataOf(t), 'connection:field', {
        type: 'connectivity.events:connectionModified',
        colour: 'green',
      });
      const again = await startHawser(t);
      assert.equal((await again.retrieve('event')).status, 503);
      assert.equal((await again.retrieve('field')).status, 200);
      assert.equal((await again.retrieve('plain')).status, 200);
      await again.kill();
      await inStore(dataOf(t), async (store) => {
        for await (const { event } of store.journal.read('connection:field', 1, 2))
          assert.equal(event.colour, 'green');
      });
      // the store of an older release: its version is brought up, record by record
      await inStore(dataOf(t), (store) => store.upkeep.writeMeta('schema', { version: 0 }));
      const newest = await startHawser(t);
      assert.match(newest.said, /store migration done/);
      assert.equal((await newest.retrieve('plain')).status, 200);
      await newest.kill();
      await inStore(dataOf(t), async () => {}, 2);
      const before = readFileSync(fileOf(t));
      await refuses(t, {}, /schema version 2, this release knows 1/);
      assert.ok(readFileSync(fileOf(t)).equals(before));
    },
  },
];

async function watermark(t) {
  const disk = tmpfsAt(t, 'watermark', '16m');
  const hawser = await startHawser(t, { env: { HAWSER_DATA: disk, HAWSER_MIN_FREE_BYTES: String(4 * MIB) } });
  const { confirmed, refused } = await fill(hawser);
  assert.equal(refused.status, 503);
  assert.equal(hawser.end, undefined);
  assert.equal((await hawser.retrieve('c0')).status, 200);
  assert.equal((await hawser.retrieve(`c${confirmed - 1}`)).status, 200);
  await hawser.kill();
}

async function fullDisk(t) {
  const disk = tmpfsAt(t, 'full', '8m');
  const hawser = await startHawser(t, { env: { HAWSER_DATA: disk, HAWSER_MIN_FREE_BYTES: '0' } });
  for (let i = 0; i < 3; i++) assert.equal((await hawser.create(`c${i}`, wide)).status, 201);
  // somebody else takes the rest, faster than the service looks
  assert.throws(() => writeFileSync(join(disk, 'filler'), Buffer.alloc(8 * MIB)), /ENOSPC/);
  const confirmed = 3 + (await fill(hawser, 3)).confirmed;
  assert.equal(await hawser.ended(), 'SIGKILL');
  assert.match(hawser.said, /the store ends the process/);
  assert.match(reportOf(disk).cause, /space|ENOSPC/i);
  await refuses(t, { env: { HAWSER_DATA: disk } }, /bytes free/);
  rmSync(join(disk, 'filler'));
  run('mount', ['-o', 'remount,size=64m', disk]);
  const again = await startHawser(t, { env: { HAWSER_DATA: disk, HAWSER_MIN_FREE_BYTES: String(MIB) } });
  assert.match(again.said, /the store ended the previous process/);
  for (let i = 0; i < confirmed; i++) assert.equal((await again.retrieve(`c${i}`)).status, 200, `c${i}`);
  await again.kill();
}

/** The commit fails while an orderly end is under way: no hang, no abort, nothing confirmed is missing. */
async function fullDiskWhileClosing(t) {
  const disk = tmpfsAt(t, 'closing', '8m');
  const hawser = await startHawser(t, { env: { HAWSER_DATA: disk, HAWSER_MIN_FREE_BYTES: '0' } });
  for (let i = 0; i < 3; i++) assert.equal((await hawser.create(`c${i}`, wide)).status, 201);
  assert.throws(() => writeFileSync(join(disk, 'filler'), Buffer.alloc(8 * MIB)), /ENOSPC/);
  const last = hawser.create('c3', wide);
  await sleep(5);
  hawser.signal('SIGTERM');
  const confirmed = (await last).status === 201 ? 4 : 3;
  assert.ok([0, 'SIGKILL'].includes(await hawser.ended()), `${hawser.end}`);
  rmSync(join(disk, 'filler'));
  const again = await startHawser(t, { env: { HAWSER_DATA: disk, HAWSER_MIN_FREE_BYTES: String(MIB) } });
  for (let i = 0; i < confirmed; i++) assert.equal((await again.retrieve(`c${i}`)).status, 200, `c${i}`);
  await again.kill();
}

/** Creates wide connections until one is not confirmed. */
async function fill(hawser, from = 0) {
  for (let confirmed = 0; ; confirmed++) {
    assert.ok(confirmed < 2_000, 'the disk is never full');
    const answer = await hawser.create(`c${from + confirmed}`, wide);
    if (answer.status !== 201) return { confirmed, refused: answer };
  }
}

/** The service does not start, by exit code 1 and a last line that says why; and not by a signal. */
export async function refuses(t, options, because) {
  const hawser = spawnHawser(t, options);
  assert.equal(await hawser.ended(60_000), 1, hawser.tail());
  assert.equal(hawser.lines.at(-1)?.msg, 'start refused');
  assert.match(hawser.lines.at(-1).reason, because);
}

function tmpfsAt(t, name, size) {
  const folder = join(t.folder, name);
  mkdirSync(folder);
  mount(t, folder, ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs']);
  return folder;
}

function imageAt(t, size) {
  const image = join(t.folder, 'image');
  const folder = join(t.folder, 'disk');
  mkdirSync(folder);
  run('truncate', ['-s', size, image]);
  run('mkfs.ext4', ['-q', image]);
  mount(t, folder, ['-o', 'loop', image]);
  return folder;
}

/** Every fdatasync of the service goes through the injector. */
const injecting = (t, what) => [
  ...['strace', '-f', '-qq', '--seccomp-bpf', '-o', join(t.folder, 'trace')],
  ...['-e', 'trace=fdatasync', '-e', `inject=fdatasync:${what}`],
];
