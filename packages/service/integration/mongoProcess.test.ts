import { describeWithServers, startTcpProxy, type TcpProxy } from '@hawser/testkit';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { HawserProcess, until } from './hawserProcess.ts';

describeWithServers('the service over MongoDB', ['mongodb'], ({ mongodb: uri }) => {
  const database = `hawser_test_process_${process.pid}`;
  const { hostname, port } = new URL(uri);
  let proxy: TcpProxy;
  let hawser: HawserProcess | undefined;

  beforeEach(async () => {
    proxy = await startTcpProxy({ host: hostname, port: Number(port || 27_017) });
  });
  afterEach(async () => {
    await hawser?.kill();
    hawser = undefined;
    await proxy.close();
    await withDatabase((client) => client.db(database).dropDatabase());
  });

  async function withDatabase<T>(use: (client: MongoClient) => Promise<T>): Promise<T> {
    const client = new MongoClient(uri);
    try {
      return await use(client);
    } finally {
      await client.close();
    }
  }

  const env = (more: Record<string, string> = {}): Record<string, string> => ({
    MONGO_DB_URI: `mongodb://127.0.0.1:${proxy.port}/`,
    MONGO_DB_DATABASE: database,
    BREAKER_TIMEOUT: '1s',
    BREAKER_RESET: '500ms',
    ...more,
  });

  const create = (id: string) =>
    hawser?.piggyback(
      {
        type: 'connectivity.commands:createConnection',
        connection: {
          id,
          connectionType: 'mqtt',
          connectionStatus: 'closed',
          uri: 'tcp://127.0.0.1:1883',
          sources: [{ addresses: ['t'], authorizationContext: ['a:b'], qos: 1 }],
        },
      },
      { timeout: '10s' },
    );

  const isReady = async () => (await hawser?.request('GET', '/ready'))?.status === 200;

  test('starts without the server, says so, and recovers by itself, also from a later outage', async () => {
    await proxy.refuse();
    hawser = await HawserProcess.start({ env: env() });
    expect((await hawser.request('GET', '/alive')).status).toBe(200);
    expect((await hawser.request('GET', '/ready')).status).toBe(503);
    expect(await create('c1')).toMatchObject({ status: 503, error: 'connectivity:connection.unavailable' });
    await proxy.accept();
    await until('it is ready', isReady);
    await until('commands are taken', async () => (await create('c1'))?.['status'] === 201);
    expect((await hawser.request('GET', '/status/health')).text).toContain('MongoDB');
    await proxy.refuse();
    expect(await create('c2')).toMatchObject({ status: 503 });
    expect(await isReady()).toBe(false);
    await proxy.accept();
    await until('commands are taken again', async () => (await create('c3'))?.['status'] === 201);
    expect(await hawser.stop()).toBe(0);
  });

  test("does not start empty beside Ditto's collections, and leaves them alone when it is told to", async () => {
    await withDatabase(async (client) => {
      const journal = client.db(database).collection('connection_journal');
      await journal.insertOne({ pid: 'connection:c1', from: 1, to: 1 });
    });
    const refused = HawserProcess.spawn({ env: env() });
    expect(await refused.exited).toBe(1);
    expect(refused.lines.at(-1)?.['reason']).toMatch(
      /Ditto's collections .*import.*HAWSER_IGNORE_DITTO=true/,
    );
    hawser = await HawserProcess.start({ env: env({ HAWSER_IGNORE_DITTO: 'true' }) });
    await until('commands are taken', async () => (await create('c1'))?.['status'] === 201);
    await withDatabase(async (client) => {
      const db = client.db(database);
      expect(await db.collection('connection_journal').countDocuments()).toBe(1);
      expect(await db.collection('connection_journal').indexes()).toHaveLength(1);
      expect(await db.collection('hawser_journal').countDocuments()).toBe(1);
    });
  });
});
