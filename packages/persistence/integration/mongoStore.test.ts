import { randomBytes } from 'node:crypto';
import { describeStore, describeWithServers, RecordingLog, realClock } from '@hawser/testkit';
import { test } from '@jest/globals';
import { MongoClient } from 'mongodb';
import { MongoStore } from '../src/mongo/mongoStore.ts';

describeWithServers('MongoDB', ['mongodb'], ({ mongodb: uri }) => {
  const openStore = async (database: string): Promise<MongoStore> => {
    const store = new MongoStore({ uri, database, clock: realClock, log: new RecordingLog() });
    await store.open();
    return store;
  };

  const drop = async (database: string): Promise<void> => {
    const client = new MongoClient(uri);
    await client.db(database).dropDatabase();
    await client.close();
  };

  test('says which server it is', async () => {
    const store = await openStore('hawser_hello');
    process.stderr.write(`the suite talks to ${(await store.health()).detail}\n`);
    await store.close();
    await drop('hawser_hello');
  });

  describeStore('the MongoDB store', async () => {
    const database = `hawser_${randomBytes(6).toString('hex')}`;
    let store = await openStore(database);
    return {
      store,
      second: () => openStore(database),
      async reopen() {
        await store.close();
        store = await openStore(database);
        return store;
      },
      async dispose() {
        await store.close();
        await drop(database);
      },
    };
  }, ['second', 'reopen']);
});
