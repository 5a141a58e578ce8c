import { describeWithServers } from '@hawser/testkit';
import { test } from '@jest/globals';
import { MongoStores } from './mongoStores.ts';

describeWithServers('MongoDB', ['mongodb'], ({ mongodb: uri }) => {
  const stores = new MongoStores(() => uri);

  test('says which server it is', async () => {
    const store = await stores.open('hello');
    process.stderr.write(`the suite talks to ${(await store.health()).detail}\n`);
    await store.close();
    await stores.drop('hello');
  });

  stores.describeContract('the MongoDB store');
});
