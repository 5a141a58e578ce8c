import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collect, entry } from '@hawser/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { MongoClient } from 'mongodb';
import type { MongoStore } from '../src/mongo/mongoStore.ts';
import { MongoStores } from './mongoStores.ts';

const SET = 'hawser';
const START_MS = 60_000;

/** A real server: no other one has replica sets. */
function findMongod(): string | undefined {
  const program = process.env['MONGOD_BINARY'] ?? 'mongod';
  return spawnSync(program, ['--version']).status === 0 ? program : undefined;
}

/** Asked until the set has a primary again. */
async function highest(store: MongoStore, pid: string): Promise<number> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const found = await store.journal.highestSn(pid).catch(() => undefined);
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('the replica set has no primary');
}

function freePort(): Promise<number> {
  const server = createServer();
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

const mongod = findMongod();
if (mongod === undefined) {
  // the one suite that may be skipped where servers are required
  process.stderr.write('SKIPPED: no mongod\n');
  test.skip('SKIPPED: no mongod', () => {});
} else describe('a replica set', () => replicaSet(mongod));

function replicaSet(program: string): void {
  let server: ChildProcess | undefined;
  let folder = '';
  let uri = '';

  const withAdmin = async <T>(use: (client: MongoClient) => Promise<T>): Promise<T> => {
    const client = new MongoClient(uri, { serverSelectionTimeoutMS: START_MS });
    try {
      return await use(client);
    } finally {
      await client.close();
    }
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'hawser-replica-'));
    const port = await freePort();
    uri = `mongodb://127.0.0.1:${port}/?replicaSet=${SET}`;
    const args = ['--replSet', SET, '--bind_ip', '127.0.0.1', '--port', String(port), '--dbpath', folder];
    server = spawn(program, args, { stdio: 'ignore' });
    const direct = new MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, {
      serverSelectionTimeoutMS: START_MS,
    });
    const members = [{ _id: 0, host: `127.0.0.1:${port}` }];
    await direct.db('admin').command({ replSetInitiate: { _id: SET, members } });
    await direct.close();
    await withAdmin((client) => client.db('admin').command({ ping: 1 }));
  }, START_MS);

  afterAll(async () => {
    server?.kill('SIGKILL');
    await new Promise((resolve) => server?.once('close', resolve) ?? resolve(undefined));
    rmSync(folder, { recursive: true, force: true });
  });

  const stores = new MongoStores(() => uri);

  stores.describeContract('the MongoDB store, over a replica set,');

  test(
    'loses and doubles nothing while its primary steps down',
    async () => {
      const store = await stores.open('step_down');
      process.stderr.write(`the suite talks to ${(await store.health()).detail}, a replica set\n`);
      const pid = 'connection:a';
      let confirmed = 0;
      const writing = (async () => {
        while (confirmed < 200) {
          const isStored = await store.journal.append([entry(pid, confirmed + 1)]).then(
            () => true,
            // nobody could tell: the journal knows
            async () => (await highest(store, pid)) > confirmed,
          );
          if (isStored) confirmed++;
        }
      })();
      const stepDown = { replSetStepDown: 5, secondaryCatchUpPeriodSecs: 0, force: true };
      await withAdmin((client) =>
        client
          .db('admin')
          .command(stepDown)
          .catch(() => undefined),
      );
      await writing;
      expect(confirmed).toBe(200);
      expect((await collect(store.journal.read(pid, 0))).map(({ sn }) => sn)).toEqual(
        Array.from({ length: 200 }, (_, index) => index + 1),
      );
      await store.close();
    },
    START_MS,
  );
}
